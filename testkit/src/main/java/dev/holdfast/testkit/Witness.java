package dev.holdfast.testkit;

import dev.holdfast.Dependency;
import dev.holdfast.Enqueued;
import dev.holdfast.Job;
import dev.holdfast.JobContext;
import dev.holdfast.JobId;
import dev.holdfast.JobQueue.Changed;
import dev.holdfast.JobState;
import dev.holdfast.NodeCommand;
import dev.holdfast.NodeId;
import dev.holdfast.NodePhase;
import dev.holdfast.Retention;
import dev.holdfast.Vitals;
import dev.holdfast.search.Scope;
import dev.holdfast.spi.Acknowledgement;
import dev.holdfast.spi.Claim;
import dev.holdfast.spi.Claimed;
import dev.holdfast.spi.Exchange;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.Lapse;
import dev.holdfast.spi.Lease;
import dev.holdfast.spi.NodeInfo;
import dev.holdfast.spi.Presence;
import dev.holdfast.spi.Rescue;
import dev.holdfast.spi.ServedWork;
import dev.holdfast.spi.Sweep;
import dev.holdfast.spi.record.JobDraft;
import dev.holdfast.test.time.VirtualProcess;
import dev.holdfast.test.time.VirtualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Sees every change that reaches the store and every handler that starts, keeps records of its own,
 * and notes everything that breaks the promise. It trusts no result of the store.
 */
final class Witness {
  /** The time a node has to end an attempt itself after its timeout. */
  private static final Duration SELF_HELP = Duration.ofSeconds(20);

  /** The scope of an idempotency key. */
  private record IdempotencyKey(Optional<String> group, String type, String key) {}

  /** The time a resumed process may run without noticing that it was suspended. */
  private static final Duration UNNOTICED = Duration.ofMillis(50);

  private final VirtualTime time;
  private final Simulation.Trace trace;
  private final Map<JobId, WitnessedJob> jobs = new LinkedHashMap<>();
  private final Map<IdempotencyKey, JobId> keys = new HashMap<>();
  private final Map<JobId, Set<JobId>> waitingFor = new HashMap<>();
  private final Set<JobId> acknowledged = new LinkedHashSet<>();
  private final Map<NodeId, Long> trustedUntilNanos = new HashMap<>();
  private final Map<NodeId, VirtualProcess> processes = new HashMap<>();
  private final Map<String, JobContext> running = new HashMap<>(); // handlers, by token and job
  private final Map<String, Integer> limits = new HashMap<>(); // of queues
  private final Map<String, String> inside = new HashMap<>(); // node and job, by token and job
  private final List<String> violations = new ArrayList<>();

  Witness(VirtualTime time, Simulation.Trace trace) {
    this.time = time;
    this.trace = trace;
  }

  List<String> violations() {
    return List.copyOf(violations);
  }

  Map<JobId, WitnessedJob> jobs() {
    return jobs;
  }

  Set<JobId> acknowledged() {
    return acknowledged;
  }

  void violated(String promise, JobId id, String how) {
    violations.add(promise + ": job " + id + ": " + how);
    trace.add("VIOLATION " + promise + ": " + id + " " + how);
  }

  void addViolation(String promise) {
    violations.add(promise);
  }

  private WitnessedJob book(JobId id) {
    return jobs.computeIfAbsent(
        id,
        unknown -> {
          violated("known jobs", id, "the store speaks of a job that nobody enqueued");
          return new WitnessedJob(id, Instant.MIN, 1, Optional.empty());
        });
  }

  /** The store as all processes see it, with the witness listening. */
  JobStore watched(JobStore store) {
    return new Watched(store);
  }

  /** Tells the witness all that a store did. */
  private final class Watched extends StoreDecorator {
    private Watched(JobStore store) {
      super(store);
    }

    @Override
    public List<Enqueued> enqueue(List<JobDraft> drafts) {
      List<Enqueued> answers = behind.enqueue(drafts);
      Map<JobId, JobId> standIns = new HashMap<>();
      for (int i = 0; i < drafts.size(); i++) {
        standIns.put(drafts.get(i).id(), answers.get(i).id());
        enqueued(drafts.get(i), answers.get(i), standIns, behind);
      }
      return answers;
    }

    @Override
    public Exchange exchange(List<Acknowledgement> acknowledgements, Claim claim) {
      Exchange exchange = behind.exchange(acknowledgements, claim);
      acknowledgements.stream()
          .filter(end -> !exchange.setAside().contains(end.lease()))
          .forEach(end -> answered(end, exchange.stale().contains(end.lease())));
      exchange.claimed().forEach(Witness.this::claimed);
      return exchange;
    }

    @Override
    public List<Lease> rescue(List<Rescue> rescues, String by) {
      List<Lease> rescued = behind.recovery().rescue(rescues, by);
      long expected =
          rescues.stream()
              .filter(rescue -> isDone(behind, rescue))
              .filter(rescue -> rescued(rescue, by))
              .count();
      if (rescued.size() != expected && !rescues.isEmpty()) {
        violated(
            "fenced rescues",
            rescues.get(0).lease().job(),
            "%d rescues where %d leases had not ended".formatted(rescued.size(), expected));
      }
      return rescued;
    }

    @Override
    public List<Lapse> settle(List<Lapse> lapses) {
      List<Lapse> changed = behind.recovery().settle(lapses);
      changed.forEach(Witness.this::settled);
      return changed;
    }

    @Override
    public List<Changed> cancel(List<JobId> ids, String by, Scope counted) {
      List<Changed> changes = behind.cancel(ids, by, counted);
      changes.stream().filter(Changed::done).forEach(change -> cancelled(book(change.id())));
      return changes;
    }

    @Override
    public List<Changed> resume(List<JobId> ids, String by) {
      List<Changed> changes = behind.resume(ids, by);
      changes.stream()
          .filter(Changed::done)
          .forEach(change -> enter(book(change.id()), book(change.id()).resumed()));
      return changes;
    }

    @Override
    public List<Changed> delete(List<JobId> ids, String by, Scope counted) {
      List<Changed> changes = behind.delete(ids, by, counted);
      changes.stream()
          .filter(Changed::done)
          .forEach(
              change -> {
                removed(change.id(), Optional.empty());
                keys.values().removeIf(change.id()::equals); // a deleted job gives its key back
              });
      return changes;
    }

    @Override
    public Signalled signal(JobId id, String name, String payload, String by) {
      boolean wasBlocked = behind.find(id).filter(Witness::isBlocked).isPresent();
      Signalled answer = behind.signal(id, name, payload, by);
      if (answer == Signalled.TAKEN) {
        book(id).signalled(wasBlocked);
      }
      return answer;
    }

    @Override
    public Sweep sweep(Retention retention, Optional<JobId> from, int limit) {
      Sweep step = behind.maintenance().sweep(retention, from, limit);
      for (JobId id : step.removed()) {
        Duration kept = retention.of(book(id).state()).orElse(Duration.ofDays(36_500));
        removed(id, Optional.of(time.now().minus(kept)));
      }
      return step;
    }

    @Override
    public void checkpoint(Lease lease, String name, Optional<String> state) {
      behind.checkpoint(lease, name, state);
      WitnessedJob job = book(lease.job());
      trace.add("checkpoint of %s token %d: %s".formatted(job.id, lease.token(), state));
      enter(job, job.saved(lease, state));
    }

    @Override
    public List<Changed> retry(List<JobId> ids, String by) {
      List<Changed> changes = behind.retry(ids, by);
      changes.stream().filter(Changed::done).forEach(change -> book(change.id()).putBack());
      return changes;
    }
  }

  private static boolean isBlocked(Job job) {
    return job.state() == JobState.BLOCKED;
  }

  /** Wraps the store of a node, so that the witness sees what the node knows of its lease. */
  JobStore watchedByNode(NodeId node, VirtualProcess process, JobStore store) {
    processes.put(node, process);
    return new StoreDecorator(store) {
      private NodeCommand told = NodeCommand.RUN;

      @Override
      public Presence register(NodeInfo info, ServedWork serves, Duration lease) {
        long sent = time.elapsedNanos();
        Presence presence = super.register(info, serves, lease);
        trusts(sent, lease);
        return presence;
      }

      @Override
      public NodeCommand heartbeat(NodeId id, Duration lease, NodePhase phase, Vitals vitals) {
        long sent = time.elapsedNanos();
        NodeCommand command = super.heartbeat(id, lease, phase, vitals);
        trusts(sent, lease);
        told = command;
        return command;
      }

      @Override
      public Exchange exchange(List<Acknowledgement> acknowledgements, Claim claim) {
        if (told == NodeCommand.DRAIN && claim.limit() > 0) {
          addViolation("orders are heeded: node %s claims, and was told to drain".formatted(node));
        }
        return super.exchange(acknowledgements, claim);
      }

      /** A node that deregisters needs its lease no more, even before the answer. */
      @Override
      public void deregister(NodeId id) {
        trustedUntilNanos.remove(node);
        super.deregister(id);
      }

      private void trusts(long sentNanos, Duration lease) {
        long until = sentNanos + lease.toNanos() - lease.toNanos() / 5;
        trustedUntilNanos.put(node, until);
      }
    };
  }

  /**
   * @param standIns the jobs that replace those of this call, as another one had their key before
   */
  private void enqueued(
      JobDraft draft, Enqueued answer, Map<JobId, JobId> standIns, JobStore store) {
    draft
        .key()
        .map(key -> new IdempotencyKey(draft.group(), draft.type(), key))
        .ifPresent(
            key -> {
              JobId first = keys.computeIfAbsent(key, unused -> answer.id());
              if (!first.equals(answer.id())) {
                violated("idempotency", answer.id(), "its key was given to " + first + " before");
              }
            });
    if (!answer.duplicate() && isNew(answer.id(), store)) {
      Optional<Duration> timeout =
          draft.type().equals("fail")
              ? draft.timeout().or(() -> Optional.of(Simulation.FAIL_TIMEOUT))
              : draft.timeout();
      Instant now = time.now();
      Instant notBefore =
          draft.runAt().orElseGet(() -> now.plus(draft.delay().orElse(Duration.ZERO)));
      WitnessedJob job = new WitnessedJob(answer.id(), notBefore, draft.maxAttempts(), timeout);
      jobs.put(answer.id(), job);
      for (Dependency given : draft.waits().jobs()) {
        JobId on = standIns.getOrDefault(given.on(), given.on());
        trace.add("%s waits for %s, if failed %s".formatted(job.id, on, given.ifFailed()));
        waitingFor.computeIfAbsent(on, first -> new LinkedHashSet<>()).add(job.id);
        job.waitsFor(on, given.ifFailed(), book(on).state(), now);
      }
    }
  }

  private void cancelled(WitnessedJob job) {
    job.cancelled(time.now());
    follow(job.id, JobState.CANCELLED);
  }

  /** Applies the end of a job to its dependents, and to theirs. */
  private void follow(JobId ended, JobState end) {
    if (!end.isFinished()) {
      return;
    }
    for (JobId id : waitingFor.getOrDefault(ended, Set.of())) {
      if (book(id).predecessorEnded(ended, end, time.now())) {
        trace.add("%s is cancelled, as %s was %s".formatted(id, ended, end));
        follow(id, JobState.CANCELLED);
      }
    }
  }

  /** An id is known as long as its job is kept: repeated after that, it makes another job. */
  private boolean isNew(JobId id, JobStore store) {
    @Nullable WitnessedJob known = jobs.get(id);
    return known == null || (known.isRemoved() && store.find(id).isPresent());
  }

  /** Records that a client received the confirmation of its job. */
  void acknowledgedToClient(JobId id) {
    acknowledged.add(id);
  }

  private void claimed(Claimed claim) {
    WitnessedJob job = book(claim.lease().job());
    trace.add("claimed " + claim.lease().job() + " token " + claim.lease().token());
    job.claimedAt(time.elapsedNanos());
    job.claimed(claim.lease(), time.latestNow(), time.fastNanos())
        .forEach((promise, how) -> violated(promise, job.id, how));
  }

  private void answered(Acknowledgement end, boolean stale) {
    WitnessedJob job = book(end.lease().job());
    trace.add(
        "%s of %s token %d%s"
            .formatted(
                end.transition().kind(), job.id, end.lease().token(), stale ? " is stale" : ""));
    Map<String, String> problems =
        stale ? job.refused(end.lease()) : job.accepted(end, time.now(), time.fastNanos());
    problems.forEach((promise, how) -> violated(promise, job.id, how));
    follow(job.id, job.state());
  }

  /** Enters a rescue if its lease has not ended. @return whether it has not */
  private boolean rescued(Rescue rescue, String by) {
    Lease lease = rescue.lease();
    WitnessedJob job = book(lease.job());
    if (!job.isHeldUnder(lease)) {
      return false;
    }
    trace.add("rescue of %s token %d: %s".formatted(job.id, lease.token(), rescue.why()));
    boolean isOver = isOverItsTimeout(job, rescue);
    boolean mayTakeFromLiving = by.equals(SimulatedClient.BY) || isOver;
    if (trustsItsLease(lease.node()) && !mayTakeFromLiving) {
      violated(
          "one holder", job.id, "it was taken from node %s, which lives".formatted(lease.node()));
    }
    boolean ran = job.started.contains(lease.token()) || isStillInside(lease);
    if (rescue.crashed() && !isOver && !ran) {
      violated("fair crashes", job.id, "a crash was counted though it had not begun");
    }
    @Nullable VirtualProcess process = processes.get(lease.node());
    boolean killed = process != null && !process.isAlive() && rescue.why().contains("is gone");
    if (killed && !rescue.crashed() && running.containsKey(lease.token() + " of " + job.id)) {
      violated("fair crashes", job.id, "its process died while it ran, and no crash was counted");
    }
    job.rescued(rescue, time.now(), time.fastNanos());
    follow(job.id, job.state());
    return true;
  }

  /** A lapse became a crash: of a process that ended, or has missed its heartbeats for long. */
  private void settled(Lapse lapse) {
    trace.add((lapse.returned() ? "no crash of " : "crash of ") + lapse.lease());
    if (!lapse.returned() && trustsItsLease(lapse.lease().node())) {
      violated(
          "fair crashes",
          lapse.lease().job(),
          "a lapse became a crash, and node %s lives".formatted(lapse.lease().node()));
    }
    book(lapse.lease().job()).settled(lapse.returned());
  }

  /** A handler whose lease was taken may run on while its node claims the job again. */
  private boolean isStillInside(Lease lease) {
    return inside.containsValue(lease.node() + " runs " + lease.job());
  }

  /** The monitor takes from the living what they should have ended. */
  private boolean isOverItsTimeout(WitnessedJob job, Rescue rescue) {
    return rescue.death().isEmpty()
        && job.timeout()
            .filter(own -> job.ran(time.elapsedNanos()).compareTo(own.plus(SELF_HELP)) >= 0)
            .isPresent();
  }

  private void removed(JobId id, Optional<Instant> youngest) {
    WitnessedJob job = book(id);
    trace.add("removal of " + id);
    enter(job, job.removed(youngest));
    follow(id, JobState.CANCELLED); // its dependents can no longer run
  }

  /** A handler has read its checkpoint. */
  void read(JobContext context, Optional<Long> state) {
    WitnessedJob job = book(context.id());
    enter(job, job.read(context.token(), state.map(String::valueOf)));
  }

  private void enter(WitnessedJob job, Map<String, String> problems) {
    problems.forEach((promise, how) -> violated(promise, job.id, how));
  }

  /** The judgement behind a rescue may hold no longer; then nothing is done. */
  private static boolean isDone(JobStore store, Rescue rescue) {
    return store
        .find(rescue.lease().job())
        .map(job -> job.token() > rescue.lease().token())
        .orElse(false);
  }

  private boolean trustsItsLease(NodeId node) {
    @Nullable VirtualProcess process = processes.get(node);
    return process != null
        && process.isAlive()
        && time.elapsedNanos() < trustedUntilNanos.getOrDefault(node, Long.MIN_VALUE);
  }

  /** A suspend need not be noticed at once. */
  private boolean hasJustWoken(NodeId node) {
    @Nullable VirtualProcess process = processes.get(node);
    return process != null
        && process.suspendedNanos() > 0
        && time.elapsedNanos() - process.frozenUntil() < UNNOTICED.toNanos();
  }

  /** A handler starts. */
  void started(JobContext context) {
    WitnessedJob job = book(context.id());
    running.put(context.token() + " of " + context.id(), context);
    trace.add("start of " + job.id + " token " + context.token());
    job.started(context.token(), context.attempt())
        .forEach((promise, how) -> violated(promise, job.id, how));
    job.holdsUnder(context.token())
        .ifPresent(
            lease ->
                inside.put(
                    context.token() + " of " + context.id(), lease.node() + " runs " + job.id));
    if (job.holdsUnder(context.token())
        .filter(lease -> !trustsItsLease(lease.node()) && !hasJustWoken(lease.node()))
        .isPresent()) {
      violated("no start without trust", job.id, "its node could not trust its lease any more");
    }
    checkLimit(context);
  }

  /** Sets the number of jobs of a queue that may run at once from now on. */
  void limit(String queue, int most) {
    limits.put(queue, most);
  }

  /** A handler whose lease has ended counts no more: its node was cut off or stood still. */
  private void checkLimit(JobContext context) {
    int most = limits.getOrDefault(context.queue(), Integer.MAX_VALUE);
    long inside =
        running.values().stream()
            .filter(other -> other.queue().equals(context.queue()))
            .filter(other -> book(other.id()).holdsUnder(other.token()).isPresent())
            .count();
    if (inside > most) {
      violated(
          "limits hold",
          context.id(),
          "it began as number %d where %d may run".formatted(inside, most));
    }
  }

  /** Records that a handler has returned, even if it was given up before. */
  void returned(JobContext context) {
    ended(context);
    inside.remove(context.token() + " of " + context.id());
  }

  /** A handler goes on that was counted as ended for a while. */
  void goesOn(JobContext context) {
    running.put(context.token() + " of " + context.id(), context);
  }

  /** Records that a handler may be given up from now on; its later actions are unknown. */
  void ended(JobContext context) {
    running.remove(context.token() + " of " + context.id());
  }

  /** Compares the records with the store's rows when nothing runs. */
  void compareWith(JobStore store) {
    for (WitnessedJob book : jobs.values()) {
      Optional<Job> row = store.find(book.id);
      if (book.isRemoved()) {
        enter(book, row.isEmpty() ? Map.of() : Map.of("removals last", "it is there again"));
        continue;
      }
      if (row.isEmpty()) {
        violated("nothing is lost", book.id, "there is no such job");
        continue;
      }
      book.differences(row.get(), store.events(book.id))
          .forEach((promise, how) -> violated(promise, book.id, how));
    }
    for (JobId id : acknowledged) {
      if (store.find(id).isEmpty() && !book(id).isRemoved()) {
        violated("nothing is lost", id, "a client was told that it is durable");
      }
    }
    long inStore =
        store.insights().status().counts().values().stream().mapToLong(Long::longValue).sum();
    long kept = jobs.values().stream().filter(book -> !book.isRemoved()).count();
    if (inStore != kept) {
      violations.add("known jobs: the store has %d, %d are known".formatted(inStore, kept));
    }
  }

  /** Returns whether a job waits for its time, is runnable, or runs. */
  boolean isAnyUnderWay(JobStore store) {
    Map<JobState, Long> counts = store.insights().status().counts();
    return counts.getOrDefault(JobState.SCHEDULED, 0L)
            + counts.getOrDefault(JobState.PENDING, 0L)
            + counts.getOrDefault(JobState.RUNNING, 0L)
        > 0;
  }
}
