package dev.holdfast.server.worker;

import dev.holdfast.HandlerPolicy;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.LogLine;
import dev.holdfast.NodeCommand;
import dev.holdfast.NodeId;
import dev.holdfast.NodePhase;
import dev.holdfast.Outcome;
import dev.holdfast.Progress;
import dev.holdfast.RecoveryPolicy;
import dev.holdfast.Vitals;
import dev.holdfast.check.Limits;
import dev.holdfast.error.BusyException;
import dev.holdfast.error.ConflictException;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.error.NotFoundException;
import dev.holdfast.error.StaleLeaseException;
import dev.holdfast.http.Fields;
import dev.holdfast.http.ProblemException;
import dev.holdfast.http.ProblemType;
import dev.holdfast.spi.Acknowledgement;
import dev.holdfast.spi.AttemptEnd;
import dev.holdfast.spi.Claim;
import dev.holdfast.spi.Claimed;
import dev.holdfast.spi.Exchange;
import dev.holdfast.spi.HandlerOutput;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.Lease;
import dev.holdfast.spi.NodeInfo;
import dev.holdfast.spi.OutcomeTransition;
import dev.holdfast.spi.Registration;
import dev.holdfast.spi.Scheduler;
import dev.holdfast.spi.ServedWork;
import dev.holdfast.spi.Signal;
import dev.holdfast.spi.TimeSource;
import dev.holdfast.spi.Transition;
import dev.holdfast.step.Step;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;

/**
 * The work of remote workers through this process. Keeps no state that it could not lose, so a
 * worker can go on with any other server. Safe from any thread.
 */
public final class RemoteWork implements AutoCloseable {
  /** Beats within one lease, so that one may be lost and the next one delayed without harm. */
  private static final int BEATS_PER_LEASE = 3;

  private final JobStore store;
  private final TimeSource time;
  private final Function<String, HandlerPolicy> policies;
  private final Duration lease;
  private final LostClaims lostClaims;
  private final KnownWorkers known;
  private final LeaseSigner signer;
  private final LongPolls line;
  private final Scheduler.Task lineTask;
  private final JobStore.Subscription signals;

  /** The answer to a heartbeat: the command for the node, and the jobs whose leases have ended. */
  record Beat(NodeCommand command, List<JobId> revoked) {}

  /**
   * @param scheduler runs the claims that wait; the caller closes it first
   * @param policies how failures of a type are tried again
   * @param lease the lease of workers
   */
  public RemoteWork(
      JobStore store,
      TimeSource time,
      Scheduler scheduler,
      Function<String, HandlerPolicy> policies,
      Duration lease) {
    this.store = store;
    this.time = time;
    this.policies = policies;
    this.lease = lease;
    this.lostClaims = new LostClaims(time, untilBeat(lease));
    this.known = new KnownWorkers(store, time, untilBeat(lease));
    this.signer = new LeaseSigner(store.server().leaseKeys(), time);
    this.line = new LongPolls(store, time);
    this.lineTask = scheduler.schedule("remote-claims", line);
    this.signals = store.listen(this::signalled);
  }

  private void signalled(Signal signal) {
    if (signal == Signal.WORK || signal == Signal.QUEUES) {
      lineTask.wake();
    }
  }

  /** The lease of a worker that does not choose. */
  Duration lease() {
    return lease;
  }

  /** The time between two heartbeats. */
  static Duration untilBeat(Duration lease) {
    return lease.dividedBy(BEATS_PER_LEASE);
  }

  void register(NodeInfo node, ServedWork serves, Duration chosen) {
    store.nodes().registerRemote(node, serves, chosen);
    known.add(node.id(), new Registration(serves, chosen, false));
  }

  /** Returns the registration of a worker; empty if it must register again. */
  Optional<Registration> registration(NodeId node) {
    return known.find(node);
  }

  /**
   * Renews the lease of a worker.
   *
   * @param listed the leases that it runs by its own account; empty if it lists none
   * @throws NotFoundException if the worker is no longer known and must register again
   */
  Beat heartbeat(NodeId node, Optional<Set<Lease>> listed, boolean isDraining) {
    Registration told = known.registration(node).orElseThrow(() -> unknown(node));
    int running = listed.map(Set::size).orElseGet(() -> store.nodes().held(node).size());
    NodePhase phase = isDraining ? NodePhase.DRAINING : NodePhase.RUNNING;
    int slots = Math.max(told.serves().concurrency(), running);
    NodeCommand command;
    try {
      command =
          store
              .nodes()
              .heartbeat(
                  node,
                  told.lease(),
                  phase,
                  new Vitals(running, 0, slots, List.of(), Vitals.none().counts()));
    } catch (ConflictException gone) {
      known.forget(node);
      throw unknown(node);
    }
    known.add(node, new Registration(told.serves(), told.lease(), false));
    return new Beat(command, listed.map(own -> compare(node, own)).orElse(List.of()));
  }

  private static NotFoundException unknown(NodeId node) {
    return new NotFoundException("worker %s is not known: register again".formatted(node));
  }

  /** Returns the jobs taken from the worker, and releases claims that never reached it. */
  private List<JobId> compare(NodeId node, Set<Lease> listed) {
    boolean isLookDue = lostClaims.isLookDue(node);
    long began = time.ticks();
    List<Lease> held =
        isLookDue
            ? store.nodes().held(node)
            : store.nodes().held(node, listed.stream().map(Lease::job).distinct().toList());
    if (isLookDue) {
      List<Lease> lost = lostClaims.lost(node, listed, held, time.ticks() - began);
      if (!lost.isEmpty()) {
        acknowledge(lost.stream().map(Acknowledgement::unbegun).toList());
      }
    }
    Set<Lease> living = new HashSet<>(held);
    return listed.stream().filter(own -> !living.contains(own)).map(Lease::job).toList();
  }

  /** Deregisters a worker that stops, and releases its jobs without charging a crash. */
  void leave(NodeId node) {
    Outcome left = new Outcome.Interrupted(recovery(node), "its worker left");
    acknowledge(
        store.nodes().held(node).stream()
            .map(held -> acknowledgement(held, left, Duration.ZERO))
            .toList());
    store.nodes().deregister(node);
    lostClaims.forget(node);
    known.forget(node);
  }

  /** Returns the recovery policy of the worker, the same for all its types. */
  private RecoveryPolicy recovery(NodeId node) {
    return known
        .registration(node)
        .flatMap(own -> own.serves().types().values().stream().findFirst())
        .orElse(RecoveryPolicy.RESUME);
  }

  /**
   * Acknowledges finished attempts and claims jobs at once, in one transaction. Any caller with the
   * lease may acknowledge.
   *
   * @throws NotFoundException if the worker claims jobs, is not known and acknowledges nothing
   */
  Exchange exchange(List<Acknowledgement> ends, Claim claim) {
    boolean mayClaim = claim.limit() == 0 || known.find(claim.node()).isPresent();
    if (!mayClaim && ends.isEmpty()) {
      throw unknown(claim.node());
    }
    boolean isGiven = mayClaim && !line.isHeld();
    Exchange exchange = store.exchange(ends, isGiven ? claim : nothingFor(claim.node()));
    List<Acknowledgement> settled =
        ends.stream().filter(end -> !exchange.setAside().contains(end.lease())).toList();
    EndLog.tell(settled, exchange.stale());
    return exchange;
  }

  /** Claims jobs as soon as there are some; waits for {@code patience} at most. */
  CompletableFuture<Exchange> claim(Claim claim, Duration patience) {
    CompletableFuture<Exchange> answer = line.join(claim, patience);
    lineTask.wake();
    return answer;
  }

  /** Returns the signed lease that a worker gets with a claimed job. */
  String sign(Lease own, Instant claimedAt) {
    return signer.sign(own, claimedAt);
  }

  /**
   * Reads and verifies the lease that a worker presents for a job.
   *
   * @return empty if no server of this queue and version issued it with this job
   * @throws InvalidRequestException if the text is not a lease
   */
  Optional<LeaseText> findLease(JobId job, Fields fields) {
    return signer.verify(job, fields.text("lease"));
  }

  /**
   * Returns the lease that a worker presents for a job.
   *
   * @throws ProblemException if it does not verify, as for a lease that has ended
   */
  LeaseText lease(JobId job, Fields fields) {
    return findLease(job, fields)
        .orElseThrow(
            () ->
                new ProblemException(
                    ProblemType.STALE_LEASE,
                    "the lease does not hold: it did not come with job %s, or was given before this server was brought up to date; nothing was changed"
                        .formatted(job)));
  }

  /**
   * Builds the acknowledgement for the store. The running time is the worker's {@code ran_ms}, or
   * the time since the claim.
   */
  Acknowledgement acknowledgement(JobId job, Ending how, Fields fields) {
    return acknowledgement(lease(job, fields), how, fields);
  }

  /** Builds the acknowledgement for a verified lease. */
  Acknowledgement acknowledgement(LeaseText held, Ending how, Fields fields) {
    Duration sinceClaim = Duration.between(held.claimedAt(), time.now());
    Duration ran =
        fields
            .maybeNumber("ran_ms")
            .map(RemoteWork::millis)
            .orElse(sinceClaim.isNegative() ? Duration.ZERO : sinceClaim);
    return acknowledgement(held.lease(), how.outcome(fields, recovery(held.lease().node())), ran);
  }

  static Duration millis(long millis) {
    if (millis < 0 || millis > Duration.ofDays(Limits.DELAY_DAYS_MAX).toMillis()) {
      throw new InvalidRequestException(
          "field 'ran_ms' is %d, expected how long the handler ran, in milliseconds"
              .formatted(millis));
    }
    return Duration.ofMillis(millis);
  }

  private Acknowledgement acknowledgement(Lease own, Outcome outcome, Duration ran) {
    Transition transition =
        OutcomeTransition.of(outcome, own.attempt(), attempt -> retryDelay(own, attempt));
    return new Acknowledgement(own, transition, ran, HandlerOutput.none(own));
  }

  private Optional<Duration> retryDelay(Lease own, int attempt) {
    return store
        .find(own.job()) // if it is gone, the store will say so of the end
        .filter(job -> attempt < job.maxAttempts())
        .flatMap(
            job ->
                policies
                    .apply(job.type())
                    .retry()
                    .delayAfter(attempt, ThreadLocalRandom.current()));
  }

  /**
   * Ends an attempt.
   *
   * @return the state of the job afterwards
   * @throws ConflictException if the worker ended it in another way before; nothing was changed
   * @throws StaleLeaseException if its lease had ended; nothing was changed
   * @throws BusyException if another transaction holds the job's row; nothing was changed
   */
  JobState end(Acknowledgement end) {
    Exchange ended = exchange(List.of(end), nothingFor(end.lease().node()));
    if (!ended.setAside().isEmpty()) {
      throw new BusyException(
          "another transaction holds the row of job %s: nothing was changed, repeat the request"
              .formatted(end.lease().job()));
    }
    if (ended.stale().isEmpty()) {
      return end.transition().kind().to();
    }
    throw contradicted(end.lease())
        .<RuntimeException>map(before -> new ConflictException(contradiction(end, before)))
        .orElseGet(() -> end.lease().stale());
  }

  private static String contradiction(Acknowledgement end, AttemptEnd before) {
    return "attempt %d of job %s was ended before, %s, and that stands: the job is %s; this end was discarded"
        .formatted(
            end.lease().attempt(),
            end.lease().job(),
            before.kind().map(kind -> "by " + word(kind)).orElse("in another way"),
            before.state());
  }

  /** Returns the name that workers use for it. */
  static String word(Transition.Kind kind) {
    return switch (kind) {
      case COMPLETE -> "complete";
      case RETRY, FAIL -> "fail";
      case SNOOZE -> "snooze";
      case RELEASE, HOLD -> "release";
      case AWAIT -> "waiting for a signal";
      case SLEEP, SUSPEND -> "suspending it in a step";
    };
  }

  /** Returns the end that the worker itself reported before; empty if somebody else ended it. */
  Optional<AttemptEnd> contradicted(Lease stale) {
    return store.lookup().endOf(stale);
  }

  private List<Lease> acknowledge(List<Acknowledgement> ends) {
    if (ends.isEmpty()) {
      return List.of();
    }
    NodeId node = ends.get(0).lease().node();
    return exchange(ends, nothingFor(node)).stale();
  }

  private static Claim nothingFor(NodeId node) {
    return new Claim(node, List.of(), Set.of(), 0);
  }

  /**
   * Stores the log lines and progress of a running handler.
   *
   * @throws StaleLeaseException if its lease has ended; log lines are kept nevertheless
   */
  void note(Lease own, List<LogLine> lines, Optional<Progress> progress) {
    store.note(List.of(new HandlerOutput(own, new ArrayList<>(lines), progress)));
    checkHeld(own);
  }

  /**
   * Checks that an attempt may still act for its job.
   *
   * @throws StaleLeaseException if its lease has ended
   */
  void checkHeld(Lease own) {
    if (!store.nodes().held(own.node(), List.of(own.job())).contains(own)) {
      throw own.stale();
    }
  }

  /**
   * Saves a state, or removes it.
   *
   * @throws StaleLeaseException if the lease has ended; nothing was changed
   */
  void checkpoint(Lease own, String name, Optional<String> state) {
    if (name.isBlank() || name.length() > Limits.NAME_CHARS_MAX) {
      throw new InvalidRequestException(
          "a checkpoint's name must have 1 to %d characters, had %d"
              .formatted(Limits.NAME_CHARS_MAX, name.length()));
    }
    state.ifPresent(json -> checkLimits(own, name, json));
    store.checkpoint(own, name, state);
  }

  private void checkLimits(Lease own, String name, String json) {
    int bytes = json.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > Limits.CHECKPOINT_BYTES_MAX) {
      throw new InvalidRequestException(
          "checkpoint '%s' has %,d bytes of JSON, at most %,d are kept: store it elsewhere and save where"
              .formatted(name, bytes, Limits.CHECKPOINT_BYTES_MAX));
    }
    Set<String> known = store.checkpoints(own.job()).keySet();
    if (!known.contains(name) && known.size() >= Limits.CHECKPOINTS_MAX) {
      throw new InvalidRequestException(
          "a job has at most %d checkpoints, '%s' would be one more: save under a name again, or remove some"
              .formatted(Limits.CHECKPOINTS_MAX, name));
    }
  }

  /** Returns the timeout of the attempt: the job's own, else its type's. */
  Optional<Duration> timeout(Claimed job) {
    return job.timeout().or(() -> policies.apply(job.type()).timeout());
  }

  /** Returns the time of the clock that stamps log lines and leases. */
  Instant now() {
    return time.now();
  }

  /** Returns the checkpoints of earlier attempts; reads none for a first attempt. */
  Map<String, String> checkpoints(Lease own) {
    return own.token() > 1 ? store.checkpoints(own.job()) : Map.of();
  }

  /** Returns the steps of earlier attempts; reads none for a first attempt. */
  List<Step> steps(Lease own) {
    return own.token() > 1 ? store.steps().of(own.job()).steps() : List.of();
  }

  /**
   * Hands out no more jobs: a claim waits as long as it would wait for work, because its worker
   * would repeat it at once. Acknowledgements, heartbeats and handler output are accepted as
   * before.
   */
  public void holdClaims() {
    line.hold();
  }

  /** Answers all waiting claims. */
  @Override
  public void close() {
    signals.close();
    lineTask.cancel();
    line.close();
  }
}
