package dev.holdfast;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a caller asks for: a job to be. Immutable; each method below answers a changed copy.
 *
 * <pre>{@code
 * queue.enqueue(NewJob.of("mail", new Mail("ada@example.org")).in(Duration.ofMinutes(5)).unique("welcome-42"));
 * }</pre>
 *
 * @param type the handler's name; 1 to {@link Limits#NAME_CHARS_MAX} characters
 * @param payload anything that the payload codec can write as JSON, at most {@link
 *     Limits#PAYLOAD_BYTES_MAX} bytes of it
 * @param payloadVersion by which version of its type the payload is to be read, from 1; by default
 *     the current one of the {@link JobType} that this process handles, else 1
 * @param id the job's id; by default one is made at the enqueue. Give it to make a repeated enqueue
 *     after an unknown outcome harmless
 * @param queue the lane; default {@code "default"}
 * @param priority higher runs first; default 0
 * @param runAt not before this instant; default at once. Excludes {@code delay}
 * @param delay not before this long after the enqueue, by the store's clock; default at once
 * @param maxAttempts attempts before the job is {@link JobState#FAILED}; default 4
 * @param timeout how long one attempt may run; by default what the handler's policy says
 * @param key idempotency key: a second enqueue with the same group, type and key answers the first
 *     job for as long as {@code keyKept}
 * @param keyKept how long the key is remembered; default 7 days
 * @param group the tenant, program or document it belongs to
 * @param tags free words to find it by
 * @param metadata free facts, kept as JSON
 * @param requires capabilities that a worker must have, as {@link Requirements} tell; kept as JSON
 * @param createdBy who asked for it
 * @param waits what must have happened before it may run; by default nothing
 */
public record NewJob(
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

  /** The queue of a job that names none. */
  public static final String DEFAULT_QUEUE = "default";

  /** Attempts of a job that says nothing of them. */
  public static final int DEFAULT_MAX_ATTEMPTS = 4;

  /** How long an idempotency key is remembered by default. */
  public static final Duration DEFAULT_KEY_KEPT = Duration.ofDays(7);

  private static final Duration DELAY_MAX = Duration.ofDays(Limits.DELAY_DAYS_MAX);

  /**
   * Checks all values.
   *
   * @throws InvalidRequestException naming the value and what was expected
   */
  public NewJob {
    Names.check("type", type);
    Names.check("queue", queue);
    payloadVersion.ifPresent(
        version -> Check.that(version >= 1, "payload version must be at least 1, was %d", version));
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
    metadata = Map.copyOf(metadata);
    Requirements.of(requires);
    requires = Map.copyOf(requires);
  }

  /** A job of {@code type} for the default queue, to be run at once. */
  public static NewJob of(String type, @Nullable Object payload) {
    return new NewJob(
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
        Waits.none());
  }

  /** With a payload of this version of its type. */
  public NewJob version(int newVersion) {
    return with(fields -> fields.payloadVersion = Optional.of(newVersion));
  }

  /** With this id, instead of one made at the enqueue. */
  public NewJob withId(JobId newId) {
    return with(fields -> fields.id = Optional.of(newId));
  }

  /** In this queue. */
  public NewJob on(String newQueue) {
    return with(fields -> fields.queue = newQueue);
  }

  /** With this priority; higher runs first. */
  public NewJob priority(int newPriority) {
    return with(fields -> fields.priority = newPriority);
  }

  /** Not before this long after the enqueue. */
  public NewJob in(Duration newDelay) {
    return with(
        fields -> {
          fields.runAt = Optional.empty();
          fields.delay = Optional.of(newDelay);
        });
  }

  /** Not before this instant. */
  public NewJob at(Instant newRunAt) {
    return with(
        fields -> {
          fields.runAt = Optional.of(newRunAt);
          fields.delay = Optional.empty();
        });
  }

  /** With this many attempts at the most, the first one included. */
  public NewJob maxAttempts(int newMaxAttempts) {
    return with(fields -> fields.maxAttempts = newMaxAttempts);
  }

  /** With this limit to the time of one attempt. */
  public NewJob timeout(Duration newTimeout) {
    return with(fields -> fields.timeout = Optional.of(newTimeout));
  }

  /** With this idempotency key: once enqueued, a repetition answers the first job. */
  public NewJob unique(String newKey) {
    return with(fields -> fields.key = Optional.of(newKey));
  }

  /** With the idempotency key remembered this long. */
  public NewJob keepKey(Duration newKeyKept) {
    return with(fields -> fields.keyKept = newKeyKept);
  }

  /** Belonging to this group. */
  public NewJob group(String newGroup) {
    return with(fields -> fields.group = Optional.of(newGroup));
  }

  /** With these tags. */
  public NewJob tags(String... newTags) {
    return with(fields -> fields.tags = List.of(newTags));
  }

  /** With these facts. */
  public NewJob metadata(Map<String, Object> newMetadata) {
    return with(fields -> fields.metadata = newMetadata);
  }

  /**
   * As a part of this trace, unless its metadata, where the trace is kept, names another one. Jobs
   * that say nothing of it become a part of the trace in which they are enqueued.
   */
  public NewJob trace(TraceContext trace) {
    return with(fields -> fields.metadata = trace.with(fields.metadata));
  }

  /** For workers whose capabilities meet these {@link Requirements} only. */
  public NewJob requires(Map<String, Object> newRequires) {
    return with(fields -> fields.requires = newRequires);
  }

  /** Asked for by this person or program. */
  public NewJob createdBy(String newCreatedBy) {
    return with(fields -> fields.createdBy = Optional.of(newCreatedBy));
  }

  /**
   * After these jobs, besides those named before: it waits until all of them have completed, and is
   * cancelled if one of them fails or is cancelled. They must be known at the enqueue, or be
   * enqueued by the same call.
   */
  public NewJob after(JobId... predecessors) {
    return after(IfFailed.CANCEL, List.of(predecessors));
  }

  /**
   * After these jobs, besides those named before.
   *
   * @param ifFailed what becomes of it when one of them fails or is cancelled
   * @param predecessors they must be known at the enqueue, or be enqueued by the same call. If two
   *     of them are one job because of its key, one word to cancel is enough
   * @throws InvalidRequestException if they are more than {@link Limits#DEPENDENCIES_MAX}
   */
  public NewJob after(IfFailed ifFailed, Collection<JobId> predecessors) {
    return with(fields -> fields.waits = fields.waits.and(ifFailed, predecessors));
  }

  /**
   * After these jobs, besides those named before; each with its own word on what becomes of this
   * one.
   *
   * @throws InvalidRequestException if they are more than {@link Limits#DEPENDENCIES_MAX}
   */
  public NewJob after(List<Dependency> dependencies) {
    return with(fields -> fields.waits = fields.waits.and(dependencies));
  }

  /**
   * After this signal has been sent to it; if that does not happen within {@code timeout} of the
   * enqueue, it fails. Its handler reads by {@link JobContext#signal} what was sent.
   */
  public NewJob untilSignal(String name, Duration timeout) {
    return untilSignal(name, timeout, IfLate.FAIL);
  }

  /** After this signal has been sent to it, or the time is over and {@code ifLate} says so. */
  public NewJob untilSignal(String name, Duration timeout, IfLate ifLate) {
    SignalWait wait = new SignalWait(name, timeout, ifLate);
    return with(fields -> fields.waits = fields.waits.and(wait));
  }

  private NewJob with(Consumer<Fields> change) {
    Fields fields = new Fields(this);
    change.accept(fields);
    return fields.job();
  }

  /** The values of a job to be, while one of them is exchanged. */
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
      this.type = job.type;
      this.payload = job.payload;
      this.payloadVersion = job.payloadVersion;
      this.id = job.id;
      this.queue = job.queue;
      this.priority = job.priority;
      this.runAt = job.runAt;
      this.delay = job.delay;
      this.maxAttempts = job.maxAttempts;
      this.timeout = job.timeout;
      this.key = job.key;
      this.keyKept = job.keyKept;
      this.group = job.group;
      this.tags = job.tags;
      this.metadata = job.metadata;
      this.requires = job.requires;
      this.createdBy = job.createdBy;
      this.waits = job.waits;
    }

    private NewJob job() {
      return new NewJob(
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
          waits);
    }
  }
}
