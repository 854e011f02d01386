package dev.holdfast;

import dev.holdfast.check.Check;
import dev.holdfast.check.Limits;
import dev.holdfast.check.Names;
import dev.holdfast.check.UnicodeText;
import dev.holdfast.error.InvalidRequestException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A job to be enqueued. Immutable; each method below returns a changed copy.
 *
 * <pre>{@code
 * queue.enqueue(NewJob.of("mail", new Mail("ada@example.org")).in(Duration.ofMinutes(5)).unique("welcome-42"));
 * }</pre>
 */
public final class NewJob {
  /** The queue of a job that names none. */
  public static final String DEFAULT_QUEUE = "default";

  /** The default number of attempts. */
  public static final int DEFAULT_MAX_ATTEMPTS = 4;

  /** The default time for which an idempotency key is remembered. */
  public static final Duration DEFAULT_KEY_KEPT = Duration.ofDays(7);

  private static final Duration DELAY_MAX = Duration.ofDays(Limits.DELAY_DAYS_MAX);

  private final Values values;

  private NewJob(Values values) {
    this.values = values;
  }

  /** Creates a job of {@code type} for the default queue, to run at once. */
  public static NewJob of(String type, @Nullable Object payload) {
    return new NewJob(
        new Values(
            type,
            payload,
            Optional.empty(),
            Optional.empty(),
            DEFAULT_QUEUE,
            0,
            Optional.empty(),
            Optional.empty(),
            DEFAULT_MAX_ATTEMPTS,
            Optional.empty(),
            Optional.empty(),
            DEFAULT_KEY_KEPT,
            Optional.empty(),
            List.of(),
            Map.of(),
            Map.of(),
            Optional.empty(),
            Waits.none()));
  }

  /** Returns the type, which selects the handler; 1 to {@link Limits#NAME_CHARS_MAX} characters. */
  public String type() {
    return values.type;
  }

  /**
   * Returns the payload: anything that the payload codec can write as JSON, at most {@link
   * Limits#PAYLOAD_BYTES_MAX} bytes of it.
   */
  public @Nullable Object payload() {
    return values.payload;
  }

  /**
   * Returns the version of its type that the payload is written in, from 1; by default the current
   * one of the {@link JobType} that this process handles, else 1.
   */
  public Optional<Integer> payloadVersion() {
    return values.payloadVersion;
  }

  /**
   * Returns the job's id; empty to have one created at the enqueue. Set it to make repeating an
   * enqueue after an unknown outcome harmless.
   */
  public Optional<JobId> id() {
    return values.id;
  }

  /** Returns the queue; default {@code "default"}. */
  public String queue() {
    return values.queue;
  }

  /** Returns the priority; higher runs first; default 0. */
  public int priority() {
    return values.priority;
  }

  /** Returns the earliest start; empty for at once. Excludes {@link #delay}. */
  public Optional<Instant> runAt() {
    return values.runAt;
  }

  /** Returns the shortest time from enqueue to start, by the store's clock; default none. */
  public Optional<Duration> delay() {
    return values.delay;
  }

  /** Returns the number of attempts before the job is {@link JobState#FAILED}; default 4. */
  public int maxAttempts() {
    return values.maxAttempts;
  }

  /** Returns the maximum run time of one attempt; empty for that of the handler's policy. */
  public Optional<Duration> timeout() {
    return values.timeout;
  }

  /**
   * Returns the idempotency key: another enqueue with the same group, type and key returns the
   * first job for as long as {@link #keyKept}.
   */
  public Optional<String> key() {
    return values.key;
  }

  /** Returns how long the key is remembered; default 7 days. */
  public Duration keyKept() {
    return values.keyKept;
  }

  /** Returns the tenant, program or document that it belongs to. */
  public Optional<String> group() {
    return values.group;
  }

  /** Returns the words to find it by. */
  public List<String> tags() {
    return values.tags;
  }

  /** Returns free facts, stored as JSON. */
  public Map<String, Object> metadata() {
    return values.metadata;
  }

  /** Returns the capabilities that a worker must have, see {@link Requirements}; stored as JSON. */
  public Map<String, Object> requires() {
    return values.requires;
  }

  /** Returns the person or program that enqueues it. */
  public Optional<String> createdBy() {
    return values.createdBy;
  }

  /** Returns the jobs and signals that it waits for; default none. */
  public Waits waits() {
    return values.waits;
  }

  /** Sets the version of the payload. */
  public NewJob version(int newVersion) {
    return with(fields -> fields.payloadVersion = Optional.of(newVersion));
  }

  /** Sets the id, instead of one created at the enqueue. */
  public NewJob withId(JobId newId) {
    return with(fields -> fields.id = Optional.of(newId));
  }

  /** Sets the queue. */
  public NewJob on(String newQueue) {
    return with(fields -> fields.queue = newQueue);
  }

  /** Sets the priority; higher runs first. */
  public NewJob priority(int newPriority) {
    return with(fields -> fields.priority = newPriority);
  }

  /** Delays the start by at least this time after the enqueue. */
  public NewJob in(Duration newDelay) {
    return with(
        fields -> {
          fields.runAt = Optional.empty();
          fields.delay = Optional.of(newDelay);
        });
  }

  /** Delays the start until this instant. */
  public NewJob at(Instant newRunAt) {
    return with(
        fields -> {
          fields.runAt = Optional.of(newRunAt);
          fields.delay = Optional.empty();
        });
  }

  /** Sets the maximum number of attempts, the first one included. */
  public NewJob maxAttempts(int newMaxAttempts) {
    return with(fields -> fields.maxAttempts = newMaxAttempts);
  }

  /** Limits the run time of one attempt. */
  public NewJob timeout(Duration newTimeout) {
    return with(fields -> fields.timeout = Optional.of(newTimeout));
  }

  /** Sets the idempotency key: repeated enqueues return the first job. */
  public NewJob unique(String newKey) {
    return with(fields -> fields.key = Optional.of(newKey));
  }

  /** Sets how long the idempotency key is remembered. */
  public NewJob keepKey(Duration newKeyKept) {
    return with(fields -> fields.keyKept = newKeyKept);
  }

  /** Sets the group. */
  public NewJob group(String newGroup) {
    return with(fields -> fields.group = Optional.of(newGroup));
  }

  /** Sets the tags: words of at most {@link Limits#NAME_CHARS_MAX} characters to search by. */
  public NewJob tags(String... newTags) {
    return with(fields -> fields.tags = List.of(newTags));
  }

  /** Sets the metadata. */
  public NewJob metadata(Map<String, Object> newMetadata) {
    return with(fields -> fields.metadata = newMetadata);
  }

  /**
   * Makes the job part of this trace, unless its metadata, where the trace is stored, names another
   * one. Jobs without one become part of the trace in which they are enqueued.
   */
  public NewJob trace(TraceContext trace) {
    return with(fields -> fields.metadata = trace.with(fields.metadata));
  }

  /** Requires a worker whose capabilities meet these {@link Requirements}. */
  public NewJob requires(Map<String, Object> newRequires) {
    return with(fields -> fields.requires = newRequires);
  }

  /** Sets the person or program that enqueues it. */
  public NewJob createdBy(String newCreatedBy) {
    return with(fields -> fields.createdBy = Optional.of(newCreatedBy));
  }

  /**
   * Adds predecessors: the job waits until all of them have completed, and is cancelled if one of
   * them fails or is cancelled. They must exist at the enqueue, or be enqueued by the same call.
   */
  public NewJob after(JobId... predecessors) {
    return after(OnPredecessorFailure.CANCEL, List.of(predecessors));
  }

  /**
   * Adds predecessors.
   *
   * @param ifFailed what happens to the job when one of them fails or is cancelled
   * @param predecessors they must exist at the enqueue, or be enqueued by the same call. If two of
   *     them are the same job because of its key, {@link OnPredecessorFailure#CANCEL} wins
   * @throws InvalidRequestException if they are more than {@link Limits#DEPENDENCIES_MAX}
   */
  public NewJob after(OnPredecessorFailure ifFailed, Collection<JobId> predecessors) {
    return with(fields -> fields.waits = fields.waits.and(ifFailed, predecessors));
  }

  /**
   * Adds predecessors, each with its own action on failure.
   *
   * @throws InvalidRequestException if they are more than {@link Limits#DEPENDENCIES_MAX}
   */
  public NewJob after(List<Dependency> dependencies) {
    return with(fields -> fields.waits = fields.waits.and(dependencies));
  }

  /**
   * Makes the job wait for this signal; it fails if the signal does not arrive within {@code
   * timeout} of the enqueue. Its handler reads the payload with {@link JobContext#signal}.
   */
  public NewJob untilSignal(String name, Duration timeout) {
    return untilSignal(name, timeout, OnSignalTimeout.FAIL);
  }

  /** Makes the job wait for this signal, with this action if it does not arrive in time. */
  public NewJob untilSignal(String name, Duration timeout, OnSignalTimeout ifLate) {
    SignalWait wait = new SignalWait(name, timeout, ifLate);
    return with(fields -> fields.waits = fields.waits.and(wait));
  }

  private NewJob with(Consumer<Fields> change) {
    Fields fields = new Fields(this);
    change.accept(fields);
    return fields.job();
  }

  /** A mutable copy of a job's values. */
  private static final class Fields {
    private String type;
    private @Nullable Object payload;
    private Optional<Integer> payloadVersion;
    private Optional<JobId> id;
    private String queue;
    private int priority;
    private Optional<Instant> runAt;
    private Optional<Duration> delay;
    private int maxAttempts;
    private Optional<Duration> timeout;
    private Optional<String> key;
    private Duration keyKept;
    private Optional<String> group;
    private List<String> tags;
    private Map<String, Object> metadata;
    private Map<String, Object> requires;
    private Optional<String> createdBy;
    private Waits waits;

    private Fields(NewJob job) {
      this.type = job.values.type;
      this.payload = job.values.payload;
      this.payloadVersion = job.values.payloadVersion;
      this.id = job.values.id;
      this.queue = job.values.queue;
      this.priority = job.values.priority;
      this.runAt = job.values.runAt;
      this.delay = job.values.delay;
      this.maxAttempts = job.values.maxAttempts;
      this.timeout = job.values.timeout;
      this.key = job.values.key;
      this.keyKept = job.values.keyKept;
      this.group = job.values.group;
      this.tags = job.values.tags;
      this.metadata = job.values.metadata;
      this.requires = job.values.requires;
      this.createdBy = job.values.createdBy;
      this.waits = job.values.waits;
    }

    private NewJob job() {
      return new NewJob(
          new Values(
              type,
              payload,
              payloadVersion,
              id,
              queue,
              priority,
              runAt,
              delay,
              maxAttempts,
              timeout,
              key,
              keyKept,
              group,
              tags,
              metadata,
              requires,
              createdBy,
              waits));
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof NewJob same && values.equals(same.values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }

  @Override
  public String toString() {
    return values.toString().replaceFirst("Values", "NewJob");
  }

  /** The values, so that they compare and print like a record. */
  private record Values(
      String type,
      @Nullable Object payload,
      Optional<Integer> payloadVersion,
      Optional<JobId> id,
      String queue,
      int priority,
      Optional<Instant> runAt,
      Optional<Duration> delay,
      int maxAttempts,
      Optional<Duration> timeout,
      Optional<String> key,
      Duration keyKept,
      Optional<String> group,
      List<String> tags,
      Map<String, Object> metadata,
      Map<String, Object> requires,
      Optional<String> createdBy,
      Waits waits) {

    private Values {
      Names.check("type", type);
      Names.check("queue", queue);
      payloadVersion.ifPresent(
          version ->
              Check.that(version >= 1, "payload version must be at least 1, was %d", version));
      group.ifPresent(name -> Names.check("group", name));
      key.ifPresent(name -> Names.check("idempotency key", name));
      Check.that(
          maxAttempts >= 1 && maxAttempts <= Limits.ATTEMPTS_MAX,
          "max attempts must be 1 to %d, was %d",
          Limits.ATTEMPTS_MAX,
          maxAttempts);
      Check.that(
          runAt.isEmpty() || delay.isEmpty(), "a job takes a run-at or a delay, both were given");
      delay.ifPresent(Check::delay);
      runAt.ifPresent(time -> Check.time("run-at", time));
      createdBy.ifPresent(name -> UnicodeText.check("created by", name));
      timeout.ifPresent(
          limit ->
              Check.that(
                  limit.compareTo(Duration.ofMillis(1)) >= 0 && limit.compareTo(DELAY_MAX) <= 0,
                  "timeout must be 1 ms to %d days, was %s",
                  Limits.DELAY_DAYS_MAX,
                  limit));
      Check.that(
          !keyKept.isNegative() && !keyKept.isZero() && keyKept.compareTo(DELAY_MAX) <= 0,
          "an idempotency key must be kept for more than 0 and at most %d days, was %s",
          Limits.DELAY_DAYS_MAX,
          keyKept);
      tags = List.copyOf(tags);
      tags.forEach(tag -> Names.check("tag", tag));
      Check.noNulls("metadata", metadata);
      metadata = Map.copyOf(metadata);
      Requirements.of(requires);
      requires = Map.copyOf(requires);
    }
  }
}
