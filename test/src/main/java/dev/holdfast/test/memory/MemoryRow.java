package dev.holdfast.test.memory;

import dev.holdfast.Failure;
import dev.holdfast.Job;
import dev.holdfast.JobEvent;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.LogLine;
import dev.holdfast.NodeId;
import dev.holdfast.Progress;
import dev.holdfast.Requirements;
import dev.holdfast.Waits;
import dev.holdfast.spi.AttemptEnd;
import dev.holdfast.spi.Claimed;
import dev.holdfast.spi.Lease;
import dev.holdfast.spi.Rescue;
import dev.holdfast.spi.Transition;
import dev.holdfast.spi.record.EncodedUpdate;
import dev.holdfast.spi.record.JobDraft;
import dev.holdfast.spi.record.JobRecord;
import dev.holdfast.spi.record.JobStamp;
import dev.holdfast.step.Step;
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
  /** The claim order within a queue. */
  static final Comparator<MemoryRow> CLAIM_ORDER =
      Comparator.comparingLong(MemoryRow::rank)
          .thenComparing(MemoryRow::runAt)
          .thenComparing(MemoryRow::id);

  /** The order of due times. */
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
  private int lapses;
  private long token;
  private Transition.@Nullable Kind endedAs; // under this token
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
    row.lapses = job.lapses();
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

  /** Returns everything stored for a job except its log. */
  JobRecord toRecord(
      Optional<Job.Holder> holder,
      Optional<Instant> keyUntil,
      List<Step> steps,
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
        job,
        rank(),
        keyUntil,
        job.progress().map(any -> updatedAt),
        events,
        saved,
        steps,
        waiting,
        logs);
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

  /** Returns whether a worker with these capabilities may run it. */
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

  /** Returns the permit under which it runs. */
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
        Optional.empty(),
        false,
        waited());
  }

  private Duration waited() {
    Duration waited = startedAt == null ? Duration.ZERO : Duration.between(runAt, startedAt);
    return waited.isNegative() ? Duration.ZERO : waited;
  }

  /** Returns whether the lease has not ended. */
  boolean isHeldUnder(Lease lease) {
    return state == JobState.RUNNING && token == lease.token() && lease.node().equals(node);
  }

  /**
   * Returns whether the lease is current, for another caller than the holder; an edited row may
   * name no holder.
   */
  boolean runsUnder(Lease lease) {
    return state == JobState.RUNNING && token == lease.token();
  }

  /** Returns how the lease's own holder ended it: any other change makes a new token. */
  Optional<AttemptEnd> endOf(Lease lease) {
    return state != JobState.RUNNING && token == lease.token()
        ? Optional.of(new AttemptEnd(Optional.ofNullable(endedAs), state))
        : Optional.empty();
  }

  boolean startedBefore(Instant instant) {
    return startedAt != null && startedAt.isBefore(instant);
  }

  void claim(NodeId by, String name, long inLine, Instant now) {
    attempt++;
    token++;
    endedAs = null;
    line = inLine;
    node = by;
    startedAt = now;
    become(JobState.RUNNING, now, name, "", Optional.empty());
  }

  /**
   * Returns whether its time was counted from a moment that is still to come: the clock was set
   * back.
   */
  boolean isDelayedFromTheFuture(Instant now) {
    return token > 0 && isOfTheFuture(now);
  }

  /** Returns whether it was changed last at a moment that is still to come. */
  boolean isOfTheFuture(Instant now) {
    return updatedAt.isAfter(now.plusSeconds(1));
  }

  /** Counts the time of the retry from now. */
  void countAgain(Instant now) {
    runAt = now.plus(restUntil(runAt, now));
  }

  /**
   * Returns how long it still is until this time, if that was counted when the job was changed
   * last.
   */
  Duration restUntil(Instant until, Instant now) {
    Duration rest = Duration.between(updatedAt, until);
    updatedAt = now;
    return rest;
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

  /** Records that something beside the row was written for it. */
  void noted() {
    notes++;
  }

  int attempt() {
    return attempt;
  }

  Map<String, String> checkpoints() {
    return new LinkedHashMap<>(checkpoints);
  }

  int maxAttempts() {
    return draft.maxAttempts();
  }

  int crashes() {
    return crashes;
  }

  int lapses() {
    return lapses;
  }

  /** Turns a lapse into a crash. */
  void hasCrashed() {
    if (lapses > 0) {
      lapses--;
      crashes++;
    }
  }

  /** Turns a crash into a lapse. */
  void hasNotCrashed() {
    if (crashes > 0) {
      crashes--;
      lapses++;
    }
  }

  Optional<Duration> timeout() {
    return draft.timeout();
  }

  /** Returns whether its holder itself ended the attempt, not another for it. */
  boolean isEndedByHolder() {
    return endedAs != null;
  }

  Instant updatedAt() {
    return updatedAt;
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
    endedAs = transition.kind();
    end(transition, by, "", now);
  }

  /** Ends the attempt for another caller, and fences off its holder. */
  void rescue(Rescue rescue, String by, Instant now) {
    lapses += rescue.isLapse() ? 1 : 0;
    crashes += rescue.crashed() && !rescue.isLapse() ? 1 : 0;
    putBack(rescue.transition(), by, rescue.why(), now);
  }

  /** Ends the attempt for another caller, without charging the job. */
  void putBack(Transition transition, String by, String why, Instant now) {
    token++;
    end(transition, by, why, now);
  }

  private void end(Transition transition, String by, String why, Instant now) {
    switch (transition.kind()) {
      case COMPLETE -> complete((Transition.Complete) transition, by, why, now);
      case RETRY -> retryLater((Transition.Retry) transition, by, why, now);
      case SNOOZE -> snooze((Transition.Snooze) transition, by, why, now);
      case AWAIT -> await((Transition.Await) transition, by, now);
      case SLEEP, SUSPEND -> suspend((Transition.Suspend) transition, by, now);
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

  private void suspend(Transition.Suspend suspend, String by, Instant now) {
    become(suspend.kind().to(), now, by, suspend.step().why(), Optional.empty());
    attempt--;
    if (state == JobState.BLOCKED) {
      node = null;
      startedAt = null;
    }
  }

  /** Sets the end of its sleep. */
  void sleepUntil(Instant until) {
    runAt = until;
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

  /** Removes an attempt that was returned before its handler started from the history. */
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

  /** Handles a change before it started. */
  void amend(EncodedUpdate change, String by, Instant now) {
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

  /** Fails the job because its wait ended without success. */
  void failWaiting(Failure why, Instant now) {
    token++;
    become(JobState.FAILED, now, "", why.message(), Optional.empty());
    failure = why;
    finishedAt = now;
  }

  /** Unblocks it, as it waits for nothing any more. */
  void letGo(String why, Instant now) {
    become(whenFree(runAt, now), now, "", why, Optional.empty());
    runAt = runAt.isAfter(now) ? runAt : now;
  }

  /** An operator puts the job back, with all its attempts before it, to be run at once. */
  void retry(String by, String why, Instant now) {
    token++;
    become(JobState.PENDING, now, by, why, Optional.ofNullable(failure));
    attempt = 0;
    crashes = 0;
    lapses = 0;
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
    return Job.builder()
        .id(id())
        .queue(queue)
        .type(type())
        .state(state)
        .payload(draft.payload())
        .payloadVersion(draft.payloadVersion())
        .priority(draft.priority())
        .runAt(runAt)
        .attempt(attempt)
        .maxAttempts(draft.maxAttempts())
        .crashes(crashes)
        .lapses(lapses)
        .token(token)
        .timeout(draft.timeout().orElse(null))
        .key(draft.key().orElse(null))
        .group(draft.group().orElse(null))
        .tags(tags)
        .metadata(draft.metadata().orElse(null))
        .requires(draft.requires().orElse(null))
        .createdBy(draft.createdBy().orElse(null))
        .progress(progress)
        .result(result)
        .failure(failure)
        .holder(holder.orElse(null))
        .createdAt(createdAt)
        .startedAt(startedAt)
        .finishedAt(finishedAt)
        .interruptedAt(interruptedAt)
        .updatedAt(updatedAt)
        .build();
  }
}
