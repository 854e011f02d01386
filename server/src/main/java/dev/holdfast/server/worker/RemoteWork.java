package dev.holdfast.server.worker;

import dev.holdfast.ConflictException;
import dev.holdfast.HandlerPolicy;
import dev.holdfast.InvalidRequestException;
import dev.holdfast.Job;
import dev.holdfast.JobId;
import dev.holdfast.Lease;
import dev.holdfast.Limits;
import dev.holdfast.LogLine;
import dev.holdfast.NodeId;
import dev.holdfast.NodeOrder;
import dev.holdfast.NodePhase;
import dev.holdfast.NotFoundException;
import dev.holdfast.Outcome;
import dev.holdfast.Progress;
import dev.holdfast.RecoveryPolicy;
import dev.holdfast.StaleLeaseException;
import dev.holdfast.Transition;
import dev.holdfast.Vitals;
import dev.holdfast.http.Fields;
import dev.holdfast.spi.Acknowledgement;
import dev.holdfast.spi.Claim;
import dev.holdfast.spi.Claimed;
import dev.holdfast.spi.Exchange;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.NodeInfo;
import dev.holdfast.spi.Notes;
import dev.holdfast.spi.Scheduler;
import dev.holdfast.spi.Serves;
import dev.holdfast.spi.Signal;
import dev.holdfast.spi.TimeSource;
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
 * What workers elsewhere do through this process. It remembers nothing that it could not lose: a
 * worker goes on with the next server as with this one. Safe from any thread.
 */
public final class RemoteWork implements AutoCloseable {
  /** Beats within one lease, so that one may be lost and the next one delayed without harm. */
  private static final int BEATS_PER_LEASE = 3;

  private final JobStore store;
  private final TimeSource time;
  private final Function<String, HandlerPolicy> policies;
  private final Duration lease;
  private final Unlisted unlisted;
  private final KnownWorkers known;
  private final ClaimLine line;
  private final Scheduler.Task lineTask;
  private final JobStore.Subscription signals;

  /** What a heartbeat is answered with: what the node is to do, and the leases that have ended. */
  record Beat(NodeOrder order, List<JobId> revoked) {}

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
    this.unlisted = new Unlisted(time, untilBeat());
    this.known = new KnownWorkers(store, time, untilBeat());
    this.line = new ClaimLine(store, time);
    this.lineTask = scheduler.schedule("remote-claims", line);
    this.signals = store.listen(this::signalled);
  }

  private void signalled(Signal signal) {
    if (signal == Signal.WORK || signal == Signal.QUEUES) {
      lineTask.wake();
    }
  }

  Duration lease() {
    return lease;
  }

  /** The time between two heartbeats. */
  Duration untilBeat() {
    return lease.dividedBy(BEATS_PER_LEASE);
  }

  void register(NodeInfo node, Serves serves) {
    store.registerRemote(node, serves, lease);
    known.add(node.id());
  }

  /**
   * Renews the lease of a worker.
   *
   * @param listed what it says that it runs; empty if it does not say
   * @throws NotFoundException if it is not known any more: it must register again
   */
  Beat heartbeat(NodeId node, Optional<Set<Lease>> listed, boolean isDraining) {
    int running = listed.map(Set::size).orElse(0);
    NodeOrder order;
    try {
      order =
          store.heartbeat(
              node,
              lease,
              isDraining ? NodePhase.DRAINING : NodePhase.RUNNING,
              new Vitals(running, 0, Math.max(1, running), List.of(), Vitals.none().counts()));
    } catch (ConflictException gone) {
      known.forget(node);
      throw unknown(node);
    }
    known.add(node);
    return new Beat(order, listed.map(own -> compare(node, own)).orElse(List.of()));
  }

  private static NotFoundException unknown(NodeId node) {
    return new NotFoundException("worker %s is not known: register again".formatted(node));
  }

  /** What was taken from the worker is revoked; what never reached it goes back. */
  private List<JobId> compare(NodeId node, Set<Lease> listed) {
    List<Lease> held = store.held(node);
    List<Lease> lost = unlisted.lost(node, listed, held);
    if (!lost.isEmpty()) {
      acknowledge(lost.stream().map(Acknowledgement::unbegun).toList());
    }
    Set<Lease> living = new HashSet<>(held);
    return listed.stream().filter(own -> !living.contains(own)).map(Lease::job).toList();
  }

  /** The worker ends in order: what it holds goes back, uncharged. */
  void leave(NodeId node) {
    Outcome left = new Outcome.Interrupted(RecoveryPolicy.RESUME, "its worker left");
    acknowledge(
        store.held(node).stream().map(held -> acknowledgement(held, left, Duration.ZERO)).toList());
    store.bury(node);
    unlisted.forget(node);
    known.forget(node);
  }

  /**
   * Claims now what there is, and tells ends in the same transaction. Ends are taken from whoever
   * has the lease.
   *
   * @throws NotFoundException if the worker wants jobs and is not known; it told of no ends
   */
  Exchange exchange(List<Acknowledgement> ends, Claim claim) {
    boolean mayClaim = claim.limit() == 0 || known.contains(claim.node());
    if (!mayClaim && ends.isEmpty()) {
      throw unknown(claim.node());
    }
    boolean isGiven = mayClaim && !line.isHeld();
    Exchange exchange = store.exchange(ends, isGiven ? claim : nothingFor(claim.node()));
    EndLog.tell(ends, exchange.stale());
    return exchange;
  }

  /** Claims as soon as there is something, at most after so long. */
  CompletableFuture<Exchange> claim(Claim claim, Duration patience) {
    CompletableFuture<Exchange> answer = line.join(claim, patience);
    lineTask.wake();
    return answer;
  }

  /**
   * What a worker's word means for the store. How long it ran, it says, or it is since the claim.
   */
  Acknowledgement acknowledgement(JobId job, Ending how, Fields fields) {
    LeaseText held = Bodies.lease(job, fields);
    Duration sinceClaim = Duration.between(held.claimedAt(), time.now());
    Duration ran =
        fields
            .maybeNumber("ran_ms")
            .map(RemoteWork::millis)
            .orElse(sinceClaim.isNegative() ? Duration.ZERO : sinceClaim);
    return acknowledgement(held.lease(), how.outcome(fields), ran);
  }

  private static Duration millis(long millis) {
    if (millis < 0 || millis > Duration.ofDays(Limits.DELAY_DAYS_MAX).toMillis()) {
      throw new InvalidRequestException(
          "field 'ran_ms' is %d, expected how long the handler ran, in milliseconds"
              .formatted(millis));
    }
    return Duration.ofMillis(millis);
  }

  private Acknowledgement acknowledgement(Lease own, Outcome outcome, Duration ran) {
    Transition transition = outcome.after(own.attempt(), attempt -> retryDelay(own, attempt));
    return new Acknowledgement(own, transition, ran, Notes.none(own));
  }

  private Optional<Duration> retryDelay(Lease own, int attempt) {
    Job job = store.find(own.job()).orElseThrow(() -> new StaleLeaseException(own));
    return attempt >= job.maxAttempts()
        ? Optional.empty()
        : policies.apply(job.type()).retry().delayAfter(attempt, ThreadLocalRandom.current());
  }

  /**
   * Ends an attempt.
   *
   * @throws StaleLeaseException if its lease had ended; nothing was changed
   */
  void end(Acknowledgement end) {
    if (!acknowledge(List.of(end)).isEmpty()) {
      throw new StaleLeaseException(end.lease());
    }
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
   * Stores what a running handler says.
   *
   * @throws StaleLeaseException if its lease has ended; log lines are kept all the same
   */
  void note(Lease own, List<LogLine> lines, Optional<Progress> progress) {
    store.note(List.of(new Notes(own, new ArrayList<>(lines), progress)));
    if (!store.held(own.node(), List.of(own.job())).contains(own)) {
      throw new StaleLeaseException(own);
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
    state.ifPresent(json -> checkRoom(own, name, json));
    store.checkpoint(own, name, state);
  }

  private void checkRoom(Lease own, String name, String json) {
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

  /** How long the attempt may run: the job's own limit, else its type's. */
  Optional<Duration> timeout(Claimed job) {
    return job.timeout().or(() -> policies.apply(job.type()).timeout());
  }

  /** By the clock that stamps log lines and leases. */
  Instant now() {
    return time.now();
  }

  /** The states that earlier attempts saved; asked for only where there can be some. */
  Map<String, String> checkpoints(Lease own) {
    return own.token() > 1 ? store.checkpoints(own.job()) : Map.of();
  }

  /**
   * Gives no more jobs away: whoever asks for some waits as long as it would wait for work, since
   * it would ask again at once. Ends, heartbeats and notes are taken as before.
   */
  public void holdClaims() {
    line.hold();
  }

  /** Answers all that wait. */
  @Override
  public void close() {
    signals.close();
    lineTask.cancel();
    line.close();
  }
}
