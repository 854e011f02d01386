package dev.holdfast.testkit;

import dev.holdfast.Enqueued;
import dev.holdfast.Job;
import dev.holdfast.JobContext;
import dev.holdfast.JobId;
import dev.holdfast.JobQueue.Changed;
import dev.holdfast.JobState;
import dev.holdfast.Lease;
import dev.holdfast.NodeId;
import dev.holdfast.NodeOrder;
import dev.holdfast.NodePhase;
import dev.holdfast.Vitals;
import dev.holdfast.spi.Acknowledgement;
import dev.holdfast.spi.Claim;
import dev.holdfast.spi.Claimed;
import dev.holdfast.spi.Exchange;
import dev.holdfast.spi.JobDraft;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.NodeInfo;
import dev.holdfast.spi.Presence;
import dev.holdfast.spi.Rescue;
import dev.holdfast.spi.Serves;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Sees every change that reaches the store and every handler that starts, keeps books of its own,
 * and notes whatever breaks the promise. It believes no word of the store.
 */
final class Witness {

  private final VirtualTime time;
  private final Trace trace;
  private final Map<JobId, WitnessedJob> jobs = new LinkedHashMap<>();
  private final Map<MemoryTables.Key, JobId> keys = new HashMap<>();
  private final Set<JobId> acknowledged = new LinkedHashSet<>();
  private final Map<NodeId, Long> trustedUntilNanos = new HashMap<>();
  private final Map<NodeId, VirtualProcess> processes = new HashMap<>();
  private final Set<String> running = new HashSet<>(); // handlers, by token and job
  private final List<String> violations = new ArrayList<>();

  Witness(VirtualTime time, Trace trace) {
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
          return new WitnessedJob(id, Instant.MIN, 1);
        });
  }

  /** The store as all processes see it, with the witness listening. */
  JobStore watched(JobStore store) {
    return new StoreDecorator(store) {
      @Override
      public List<Enqueued> enqueue(List<JobDraft> drafts) {
        List<Enqueued> answers = behind.enqueue(drafts);
        for (int i = 0; i < drafts.size(); i++) {
          enqueued(drafts.get(i), answers.get(i));
        }
        return answers;
      }

      @Override
      public Exchange exchange(List<Acknowledgement> acknowledgements, Claim claim) {
        Exchange exchange = behind.exchange(acknowledgements, claim);
        acknowledgements.forEach(end -> answered(end, exchange.stale().contains(end.lease())));
        exchange.claimed().forEach(Witness.this::claimed);
        return exchange;
      }

      @Override
      public List<Lease> rescue(List<Rescue> rescues, String by) {
        List<Lease> rescued = behind.rescue(rescues, by);
        long expected =
            rescues.stream()
                .filter(rescue -> isDone(behind, rescue))
                .filter(Witness.this::rescued)
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
      public List<Changed> cancel(List<JobId> ids, String by) {
        List<Changed> changes = behind.cancel(ids, by);
        changes.stream().filter(Changed::done).forEach(change -> book(change.id()).cancelled());
        return changes;
      }

      @Override
      public List<Changed> retry(List<JobId> ids, String by) {
        List<Changed> changes = behind.retry(ids, by);
        changes.stream().filter(Changed::done).forEach(change -> book(change.id()).putBack());
        return changes;
      }
    };
  }

  /** What a node has seen of its own lease, with the witness listening. */
  JobStore watchedByNode(NodeId node, VirtualProcess process, JobStore store) {
    processes.put(node, process);
    return new StoreDecorator(store) {
      @Override
      public Presence register(NodeInfo info, Serves serves, Duration lease) {
        long sent = time.elapsedNanos();
        Presence presence = super.register(info, serves, lease);
        trusts(sent, lease);
        return presence;
      }

      @Override
      public NodeOrder heartbeat(NodeId id, Duration lease, NodePhase phase, Vitals vitals) {
        long sent = time.elapsedNanos();
        NodeOrder order = super.heartbeat(id, lease, phase, vitals);
        trusts(sent, lease);
        return order;
      }

      private void trusts(long sentNanos, Duration lease) {
        long until = sentNanos + lease.toNanos() - lease.toNanos() / 5;
        trustedUntilNanos.put(node, until);
      }
    };
  }

  private void enqueued(JobDraft draft, Enqueued answer) {
    draft
        .key()
        .map(key -> new MemoryTables.Key(draft.group(), draft.type(), key))
        .ifPresent(
            key -> {
              JobId first = keys.computeIfAbsent(key, unused -> answer.id());
              if (!first.equals(answer.id())) {
                violated("idempotency", answer.id(), "its key was given to " + first + " before");
              }
            });
    if (!answer.duplicate() && !jobs.containsKey(answer.id())) {
      Instant now = time.now();
      Instant notBefore =
          draft.runAt().orElseGet(() -> now.plus(draft.delay().orElse(Duration.ZERO)));
      jobs.put(answer.id(), new WitnessedJob(answer.id(), notBefore, draft.maxAttempts()));
    }
  }

  /** A client was told that its job is durable. */
  void acknowledgedToClient(JobId id) {
    acknowledged.add(id);
  }

  private void claimed(Claimed claim) {
    WitnessedJob job = book(claim.lease().job());
    trace.add("claimed " + claim.lease().job() + " token " + claim.lease().token());
    job.claimed(claim.lease(), time.latestNow())
        .forEach((promise, how) -> violated(promise, job.id, how));
  }

  private void answered(Acknowledgement end, boolean stale) {
    WitnessedJob job = book(end.lease().job());
    trace.add(
        "%s of %s token %d%s"
            .formatted(
                end.transition().kind(), job.id, end.lease().token(), stale ? " is stale" : ""));
    Map<String, String> problems = stale ? job.refused(end.lease()) : job.accepted(end, time.now());
    problems.forEach((promise, how) -> violated(promise, job.id, how));
  }

  /** Enters a rescue if its lease has not ended. @return whether it has not */
  private boolean rescued(Rescue rescue) {
    Lease lease = rescue.lease();
    WitnessedJob job = book(lease.job());
    if (!job.isHeldUnder(lease)) {
      return false;
    }
    trace.add("rescue of %s token %d: %s".formatted(job.id, lease.token(), rescue.why()));
    if (trustsItsLease(lease.node())) {
      violated(
          "one holder", job.id, "it was taken from node %s, which lives".formatted(lease.node()));
    }
    if (rescue.crashed() && !job.started.contains(lease.token())) {
      violated("fair crashes", job.id, "a crash was counted though it had not begun");
    }
    @Nullable VirtualProcess process = processes.get(lease.node());
    boolean killed = process != null && !process.isAlive() && rescue.why().contains("is gone");
    if (killed && !rescue.crashed() && running.contains(lease.token() + " of " + job.id)) {
      violated("fair crashes", job.id, "its process died while it ran, and no crash was counted");
    }
    job.rescued(rescue, time.now());
    return true;
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

  /** A handler starts. */
  void started(JobContext context) {
    WitnessedJob job = book(context.id());
    running.add(context.token() + " of " + context.id());
    trace.add("start of " + job.id + " token " + context.token());
    job.started(context.token(), context.attempt())
        .forEach((promise, how) -> violated(promise, job.id, how));
    if (job.holdsUnder(context.token())
        .filter(lease -> !trustsItsLease(lease.node()))
        .isPresent()) {
      violated("no start without trust", job.id, "its node could not trust its lease any more");
    }
  }

  /** A handler has ended, by itself and not by the death of its process. */
  void ended(JobContext context) {
    running.remove(context.token() + " of " + context.id());
  }

  /** Compares the books with what the store tells when all is quiet. */
  void compareWith(JobStore store) {
    for (WitnessedJob book : jobs.values()) {
      Optional<Job> row = store.find(book.id);
      if (row.isEmpty()) {
        violated("nothing is lost", book.id, "there is no such job");
        continue;
      }
      book.differences(row.get(), store.events(book.id))
          .forEach((promise, how) -> violated(promise, book.id, how));
    }
    for (JobId id : acknowledged) {
      if (store.find(id).isEmpty()) {
        violated("nothing is lost", id, "a client was told that it is durable");
      }
    }
    long inStore = store.status().counts().values().stream().mapToLong(Long::longValue).sum();
    if (inStore != jobs.size()) {
      violations.add("known jobs: the store has %d, %d are known".formatted(inStore, jobs.size()));
    }
  }

  /** Whether a job waits for its time, is runnable, or runs. */
  boolean isAnyUnderWay(JobStore store) {
    Map<JobState, Long> counts = store.status().counts();
    return counts.getOrDefault(JobState.SCHEDULED, 0L)
            + counts.getOrDefault(JobState.PENDING, 0L)
            + counts.getOrDefault(JobState.RUNNING, 0L)
        > 0;
  }
}
