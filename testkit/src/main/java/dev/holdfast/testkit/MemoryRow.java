package dev.holdfast.testkit;

import dev.holdfast.Failure;
import dev.holdfast.Job;
import dev.holdfast.JobEvent;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.Lease;
import dev.holdfast.LogLine;
import dev.holdfast.NodeId;
import dev.holdfast.Progress;
import dev.holdfast.Requirements;
import dev.holdfast.Transition;
import dev.holdfast.Waits;
import dev.holdfast.spi.Amendment;
import dev.holdfast.spi.Claimed;
import dev.holdfast.spi.JobDraft;
import dev.holdfast.spi.JobRecord;
import dev.holdfast.spi.JobStamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One job as the memory store keeps it, and what each change does to it. Guarded by the store's
 * lock.
 */
final class MemoryRow {
  /** Who goes first within a queue. */
  static final Comparator<MemoryRow> CLAIM_ORDER =
      Comparator.comparingLong(MemoryRow::rank)
          .thenComparing(MemoryRow::runAt)
          .thenComparing(MemoryRow::id);

  /** Who is due first. */
  static final Comparator<MemoryRow> DUE_ORDER =
      Comparator.comparing(MemoryRow::runAt).thenComparing(MemoryRow::id);

  private JobDraft draft;
  private final List<String> tags;
  private final Instant createdAt;
  private final List<JobEvent> history = new ArrayList<>();
  private String queue;
  private long rank;
  private JobState state;
  private Instant runAt;
  private int attempt;
  private int crashes;
  private long token;
  private @Nullable Progress progress;
  private @Nullable String result;
  private @Nullable Failure failure;
  private @Nullable NodeId node;
  private long line;
  private @Nullable Instant startedAt;
  private @Nullable Instant finishedAt;
  private @Nullable Instant interruptedAt;
  private Instant updatedAt;
  private final Map<String, String> checkpoints = new LinkedHashMap<>();
  private long notes;

  MemoryRow(JobDraft draft, List<String> tags, Instant now) {
    this.draft = draft;
    this.tags = tags;
    this.queue = draft.queue();
    this.rank = draft.rank();
    this.createdAt = now;
    this.updatedAt = now;
    this.runAt = draft.runAt().orElseGet(() -> now.plus(draft.delay().orElse(Duration.ZERO)));
    this.state = draft.waits().isNone() ? whenFree(runAt, now) : JobState.BLOCKED;
    String by = draft.createdBy().orElse("");
    history.add(new JobEvent(now, Optional.empty(), state, by, "", 0, Optional.empty()));
  }

  private static JobState whenFree(Instant runAt, Instant now) {
    return runAt.isAfter(now) ? JobState.SCHEDULED : JobState.PENDING;
  }

  /** A job as another store kept it. */
  static MemoryRow of(JobRecord record) {
    Job job = record.job();
    JobDraft draft =
        new JobDraft(
            job.id(),
            job.queue(),
            job.type(),
            job.payload(),
            job.payloadVersion(),
            job.priority(),
            Optional.of(job.runAt()),
            Optional.empty(),
            job.maxAttempts(),
            job.timeout(),
            job.key(),
            Duration.ZERO,
            job.group(),
            Optional.empty(),
            job.metadata(),
            job.requires(),
            job.createdBy(),
            Waits.none());
    MemoryRow row = new MemoryRow(draft, job.tags(), job.createdAt());
    row.history.clear();
    record.events().forEach(stored -> row.history.add(stored.event()));
    record.checkpoints().forEach(saved -> row.checkpoints.put(saved.name(), saved.state()));
    row.state = job.state();
    row.attempt = job.attempt();
    row.crashes = job.crashes();
    row.token = job.token();
    row.progress = job.progress().orElse(null);
    row.result = job.result().orElse(null);
    row.failure = job.failure().orElse(null);
    row.node = job.holder().map(Job.Holder::node).orElse(null);
    row.startedAt = job.startedAt().orElse(null);
    row.finishedAt = job.finishedAt().orElse(null);
    row.interruptedAt = job.interruptedAt().orElse(null);
    row.updatedAt = job.updatedAt();
    return row;
  }

  /** All that is kept here of a job, but its log. */
  JobRecord toRecord(
      Optional<Job.Holder> holder,
      Optional<Instant> keyUntil,
      JobRecord.Waiting waiting,
      List<LogLine> logs) {
    List<JobRecord.Event> events =
        history.stream()
            .map(event -> new JobRecord.Event(event, runAt, startedAt(), finishedAt(), node()))
            .toList();
    List<JobRecord.Checkpoint> saved =
        checkpoints.entrySet().stream()
            .map(
                state ->
                    new JobRecord.Checkpoint(state.getKey(), state.getValue(), attempt, updatedAt))
            .toList();
    Job job = toJob(holder);
    return new JobRecord(
        job, rank(), keyUntil, job.progress().map(any -> updatedAt), events, saved, waiting, logs);
  }

  JobStamp stamp(long logLines) {
    return new JobStamp(id(), state, token, updatedAt, notes + logLines);
  }

  JobId id() {
    return draft.id();
  }

  String queue() {
    return queue;
  }

  String type() {
    return draft.type();
  }

  Optional<String> group() {
    return draft.group();
  }

  JobState state() {
    return state;
  }

  /** Whether a worker that can do this may run it. */
  boolean isWithin(Map<String, Object> capabilities) {
    return draft
        .requires()
        .map(Requirements::parse)
        .map(asked -> asked.filter(all -> all.areMetBy(capabilities)).isPresent())
        .orElse(true);
  }

  Instant runAt() {
    return runAt;
  }

  long rank() {
    return rank;
  }

  void standAt(long newRank) {
    rank = newRank;
  }

  int priority() {
    return draft.priority();
  }

  Optional<NodeId> node() {
    return Optional.ofNullable(node);
  }

  Optional<Instant> startedAt() {
    return Optional.ofNullable(startedAt);
  }

  List<JobEvent> history() {
    return List.copyOf(history);
  }

  /** In which line of its node it runs. */
  long line() {
    return line;
  }

  Optional<NodeId> holder() {
    return Optional.ofNullable(state == JobState.RUNNING ? node : null);
  }

  Lease lease() {
    if (node == null) {
      throw new IllegalStateException("job " + id() + " has no holder: a bug");
    }
    return new Lease(id(), token, attempt, node);
  }

  Claimed claimed() {
    return new Claimed(
        lease(),
        queue,
        type(),
        draft.payload(),
        draft.payloadVersion(),
        draft.maxAttempts(),
        crashes,
        draft.timeout(),
        draft.metadata(),
        Optional.empty());
  }

  /** Whether the lease has not ended. */
  boolean isHeldUnder(Lease lease) {
    return state == JobState.RUNNING && token == lease.token();
  }

  /** Whether the lease's own holder has ended it: everybody else's change makes a new token. */
  boolean wasEndedUnder(Lease lease) {
    return state != JobState.RUNNING && token == lease.token();
  }

  void claim(NodeId by, String name, long inLine, Instant now) {
    attempt++;
    token++;
    line = inLine;
    node = by;
    startedAt = now;
    become(JobState.RUNNING, now, name, "", Optional.empty());
  }

  void promote(Instant now) {
    become(JobState.PENDING, now, "", "its time had come", Optional.empty());
  }

  void report(Progress newest) {
    progress = newest;
    notes++;
  }

  void checkpoint(String name, Optional<String> saved) {
    notes++;
    checkpoints.remove(name);
    saved.ifPresent(json -> checkpoints.put(name, json));
  }

  Map<String, String> checkpoints() {
    return new LinkedHashMap<>(checkpoints);
  }

  int crashes() {
    return crashes;
  }

  Optional<Duration> timeout() {
    return draft.timeout();
  }

  Instant createdAt() {
    return createdAt;
  }

  Optional<Instant> finishedAt() {
    return Optional.ofNullable(finishedAt);
  }

  /** The holder ends its attempt. */
  void acknowledge(Transition transition, Duration ran, String by, Instant now) {
    if (transition.kind() == Transition.Kind.COMPLETE
        || transition.kind() == Transition.Kind.FAIL) {
      correctStart(now.minus(ran));
    }
    end(transition, by, "", now);
  }

  /** Somebody else ends the attempt, and fences its holder off. */
  void rescue(Transition transition, boolean crashed, String by, String why, Instant now) {
    token++;
    crashes += crashed ? 1 : 0;
    end(transition, by, why, now);
  }

  private void end(Transition transition, String by, String why, Instant now) {
    switch (transition.kind()) {
      case COMPLETE -> complete((Transition.Complete) transition, by, why, now);
      case RETRY -> retryLater((Transition.Retry) transition, by, why, now);
      case SNOOZE -> snooze((Transition.Snooze) transition, by, why, now);
      case AWAIT -> await((Transition.Await) transition, by, now);
      case FAIL -> fail((Transition.Fail) transition, by, why, now);
      case RELEASE -> release((Transition.Release) transition, by, now);
      case HOLD -> hold((Transition.Hold) transition, by, now);
    }
  }

  private void complete(Transition.Complete done, String by, String why, Instant now) {
    result = done.result().orElse(null);
    failure = null;
    finishedAt = now;
    become(JobState.COMPLETED, now, by, why, Optional.empty());
  }

  private void retryLater(Transition.Retry retry, String by, String why, Instant now) {
    failure = retry.failure();
    runAt = now.plus(retry.delay());
    become(JobState.SCHEDULED, now, by, why, Optional.of(retry.failure()));
  }

  private void snooze(Transition.Snooze snooze, String by, String why, Instant now) {
    runAt = now.plus(snooze.delay());
    become(JobState.SCHEDULED, now, by, why, Optional.empty());
    attempt--;
  }

  private void await(Transition.Await await, String by, Instant now) {
    String why = "asked for signal '%s'".formatted(await.signal().name());
    become(JobState.BLOCKED, now, by, why, Optional.empty());
    attempt--;
    node = null;
    startedAt = null;
  }

  private void fail(Transition.Fail fail, String by, String why, Instant now) {
    failure = fail.failure();
    finishedAt = now;
    become(JobState.FAILED, now, by, why, Optional.of(fail.failure()));
  }

  private void release(Transition.Release release, String by, Instant now) {
    become(JobState.PENDING, now, by, release.why(), Optional.empty());
    if (release.why().isEmpty()) {
      forgetUnstartedAttempt();
    }
    attempt--;
    node = null;
    startedAt = null;
  }

  /** Of a lease that was returned before its handler started the history does not tell. */
  private void forgetUnstartedAttempt() {
    history.remove(history.size() - 1);
    history.remove(history.size() - 1);
  }

  private void hold(Transition.Hold hold, String by, Instant now) {
    interruptedAt = now;
    become(JobState.INTERRUPTED, now, by, hold.why(), Optional.empty());
  }

  void cancel(String by, String why, Instant now) {
    token++;
    finishedAt = now;
    become(JobState.CANCELLED, now, by, why, Optional.empty());
  }

  /** Somebody changed it before it started. */
  void amend(Amendment change, String by, Instant now) {
    boolean isNewTime = change.runAt().isPresent() || change.delay().isPresent();
    JobState next = state;
    Instant due = change.runAt().orElseGet(() -> change.delay().map(now::plus).orElse(runAt));
    if (isNewTime && state != JobState.BLOCKED) {
      next = whenFree(due, now);
    }
    history.add(
        new JobEvent(now, Optional.of(state), next, by, change.summary(), attempt, problem()));
    state = next;
    runAt = due;
    updatedAt = now;
    draft = draft.amended(change);
  }

  private Optional<Failure> problem() {
    return Optional.ofNullable(failure);
  }

  /** What it waited for did not come. */
  void failWaiting(Failure why, Instant now) {
    token++;
    become(JobState.FAILED, now, "", why.message(), Optional.empty());
    failure = why;
    finishedAt = now;
  }

  /** It need not wait for anybody any more. */
  void letGo(String why, Instant now) {
    become(whenFree(runAt, now), now, "", why, Optional.empty());
    runAt = runAt.isAfter(now) ? runAt : now;
  }

  /** An operator puts the job back, with all its attempts before it, to be run at once. */
  void retry(String by, Instant now) {
    token++;
    become(JobState.PENDING, now, by, "", Optional.ofNullable(failure));
    attempt = 0;
    crashes = 0;
    runAt = now;
    failure = null;
    node = null;
    startedAt = null;
    finishedAt = null;
    interruptedAt = null;
  }

  /** A person has reviewed it: it goes on as if it had not been interrupted. */
  void resume(String by, Instant now) {
    token++;
    become(JobState.PENDING, now, by, "", Optional.ofNullable(failure));
    attempt--;
    node = null;
    startedAt = null;
    interruptedAt = null;
  }

  void move(String newQueue, Instant now) {
    queue = newQueue;
    updatedAt = now;
  }

  private void become(
      JobState next, Instant now, String by, String why, Optional<Failure> problem) {
    if (!state.mayBecome(next)) {
      throw new IllegalStateException(
          "job %s is %s and cannot become %s: a bug".formatted(id(), state, next));
    }
    history.add(new JobEvent(now, Optional.of(state), next, by, why, attempt, problem));
    state = next;
    updatedAt = now;
  }

  /** The handler began later than the claim. */
  private void correctStart(Instant began) {
    int last = history.size() - 1;
    JobEvent start = history.get(last);
    history.set(
        last,
        new JobEvent(
            began,
            start.from(),
            start.to(),
            start.by(),
            start.why(),
            start.attempt(),
            start.failure()));
    startedAt = began;
  }

  Job toJob(Optional<Job.Holder> holder) {
    return new Job(
        id(),
        queue,
        type(),
        state,
        draft.payload(),
        draft.payloadVersion(),
        draft.priority(),
        runAt,
        attempt,
        draft.maxAttempts(),
        crashes,
        token,
        draft.timeout(),
        draft.key(),
        draft.group(),
        tags,
        draft.metadata(),
        draft.requires(),
        draft.createdBy(),
        Optional.ofNullable(progress),
        Optional.ofNullable(result),
        Optional.ofNullable(failure),
        holder,
        createdAt,
        Optional.ofNullable(startedAt),
        Optional.ofNullable(finishedAt),
        Optional.ofNullable(interruptedAt),
        updatedAt);
  }
}
