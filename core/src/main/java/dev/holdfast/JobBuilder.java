package dev.holdfast;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Collects the values of a {@link Job}. Optional values are absent until they are set. */
public final class JobBuilder {
  private @Nullable JobId id;
  private @Nullable String queue;
  private @Nullable String type;
  private @Nullable JobState state;
  private String payload = "null";
  private int payloadVersion = 1;
  private int priority;
  private @Nullable Instant runAt;
  private int attempt;
  private int maxAttempts = NewJob.DEFAULT_MAX_ATTEMPTS;
  private int crashes;
  private int lapses;
  private long token;
  private @Nullable Duration timeout;
  private @Nullable String key;
  private @Nullable String group;
  private List<String> tags = List.of();
  private @Nullable String metadata;
  private @Nullable String requires;
  private @Nullable String createdBy;
  private @Nullable Progress progress;
  private @Nullable String result;
  private @Nullable Failure failure;
  private Job.@Nullable Holder holder;
  private @Nullable Instant createdAt;
  private @Nullable Instant startedAt;
  private @Nullable Instant finishedAt;
  private @Nullable Instant interruptedAt;
  private @Nullable Instant updatedAt;

  JobBuilder() {}

  JobBuilder(Job job) {
    this.id = job.id();
    this.queue = job.queue();
    this.type = job.type();
    this.state = job.state();
    this.payload = job.payload();
    this.payloadVersion = job.payloadVersion();
    this.priority = job.priority();
    this.runAt = job.runAt();
    this.attempt = job.attempt();
    this.maxAttempts = job.maxAttempts();
    this.crashes = job.crashes();
    this.lapses = job.lapses();
    this.token = job.token();
    this.timeout = job.timeout().orElse(null);
    this.key = job.key().orElse(null);
    this.group = job.group().orElse(null);
    this.tags = job.tags();
    this.metadata = job.metadata().orElse(null);
    this.requires = job.requires().orElse(null);
    this.createdBy = job.createdBy().orElse(null);
    this.progress = job.progress().orElse(null);
    this.result = job.result().orElse(null);
    this.failure = job.failure().orElse(null);
    this.holder = job.holder().orElse(null);
    this.createdAt = job.createdAt();
    this.startedAt = job.startedAt().orElse(null);
    this.finishedAt = job.finishedAt().orElse(null);
    this.interruptedAt = job.interruptedAt().orElse(null);
    this.updatedAt = job.updatedAt();
  }

  /** Sets its identity. */
  public JobBuilder id(JobId newId) {
    this.id = newId;
    return this;
  }

  /** Sets its queue. */
  public JobBuilder queue(String newQueue) {
    this.queue = newQueue;
    return this;
  }

  /** Sets the handler's name. */
  public JobBuilder type(String newType) {
    this.type = newType;
    return this;
  }

  /** Sets its state. */
  public JobBuilder state(JobState newState) {
    this.state = newState;
    return this;
  }

  /** Sets the payload, as JSON text. */
  public JobBuilder payload(String newPayload) {
    this.payload = newPayload;
    return this;
  }

  /** Sets the version of its type that wrote the payload. */
  public JobBuilder payloadVersion(int newPayloadVersion) {
    this.payloadVersion = newPayloadVersion;
    return this;
  }

  /** Sets its priority; higher runs first. */
  public JobBuilder priority(int newPriority) {
    this.priority = newPriority;
    return this;
  }

  /** Sets the instant before which it does not start. */
  public JobBuilder runAt(Instant newRunAt) {
    this.runAt = newRunAt;
    return this;
  }

  /**
   * Sets the number of attempts that were begun and not given back (by a release, snooze or crash).
   */
  public JobBuilder attempt(int newAttempt) {
    this.attempt = newAttempt;
    return this;
  }

  /** Sets the maximum number of attempts. */
  public JobBuilder maxAttempts(int newMaxAttempts) {
    this.maxAttempts = newMaxAttempts;
    return this;
  }

  /** Sets the number of times that its process died while it ran. */
  public JobBuilder crashes(int newCrashes) {
    this.crashes = newCrashes;
    return this;
  }

  /**
   * Sets the number of times that its node missed its heartbeats while it ran, and its process is
   * not known to have died.
   */
  public JobBuilder lapses(int newLapses) {
    this.lapses = newLapses;
    return this;
  }

  /** Sets the newest fencing token. */
  public JobBuilder token(long newToken) {
    this.token = newToken;
    return this;
  }

  /** Sets the maximum run time of one attempt. */
  public JobBuilder timeout(@Nullable Duration newTimeout) {
    this.timeout = newTimeout;
    return this;
  }

  /** Sets its idempotency key. */
  public JobBuilder key(@Nullable String newKey) {
    this.key = newKey;
    return this;
  }

  /** Sets the tenant, program or document it belongs to. */
  public JobBuilder group(@Nullable String newGroup) {
    this.group = newGroup;
    return this;
  }

  /** Sets its labels. */
  public JobBuilder tags(List<String> newTags) {
    this.tags = newTags;
    return this;
  }

  /** Sets the data of its caller, as a JSON object. */
  public JobBuilder metadata(@Nullable String newMetadata) {
    this.metadata = newMetadata;
    return this;
  }

  /** Sets the capabilities that a worker must have, as a JSON object. */
  public JobBuilder requires(@Nullable String newRequires) {
    this.requires = newRequires;
    return this;
  }

  /** Sets the user or program that enqueued it. */
  public JobBuilder createdBy(@Nullable String newCreatedBy) {
    this.createdBy = newCreatedBy;
    return this;
  }

  /** Sets the newest progress of its handler. */
  public JobBuilder progress(@Nullable Progress newProgress) {
    this.progress = newProgress;
    return this;
  }

  /** Sets the value its handler returned, as JSON text. */
  public JobBuilder result(@Nullable String newResult) {
    this.result = newResult;
    return this;
  }

  /** Sets the failure of the newest attempt, or of the job. */
  public JobBuilder failure(@Nullable Failure newFailure) {
    this.failure = newFailure;
    return this;
  }

  /** Sets the node that runs it, or ran its last attempt. */
  public JobBuilder holder(Job.@Nullable Holder newHolder) {
    this.holder = newHolder;
    return this;
  }

  /** Sets when it was enqueued. */
  public JobBuilder createdAt(Instant newCreatedAt) {
    this.createdAt = newCreatedAt;
    return this;
  }

  /** Sets when the newest attempt began. */
  public JobBuilder startedAt(@Nullable Instant newStartedAt) {
    this.startedAt = newStartedAt;
    return this;
  }

  /** Sets when it completed, failed or was cancelled. */
  public JobBuilder finishedAt(@Nullable Instant newFinishedAt) {
    this.finishedAt = newFinishedAt;
    return this;
  }

  /** Sets when it was set aside for review. */
  public JobBuilder interruptedAt(@Nullable Instant newInterruptedAt) {
    this.interruptedAt = newInterruptedAt;
    return this;
  }

  /** Sets when its state last changed. */
  public JobBuilder updatedAt(Instant newUpdatedAt) {
    this.updatedAt = newUpdatedAt;
    return this;
  }

  /**
   * Builds the job.
   *
   * @throws IllegalStateException if a value that every job has is not set
   */
  public Job build() {
    return new Job(
        new Job.Values(
            required("id", id),
            required("queue", queue),
            required("type", type),
            required("state", state),
            payload,
            payloadVersion,
            priority,
            required("runAt", runAt),
            attempt,
            maxAttempts,
            crashes,
            lapses,
            token,
            Optional.ofNullable(timeout),
            Optional.ofNullable(key),
            Optional.ofNullable(group),
            List.copyOf(tags),
            Optional.ofNullable(metadata),
            Optional.ofNullable(requires),
            Optional.ofNullable(createdBy),
            Optional.ofNullable(progress),
            Optional.ofNullable(result),
            Optional.ofNullable(failure),
            Optional.ofNullable(holder),
            required("createdAt", createdAt),
            Optional.ofNullable(startedAt),
            Optional.ofNullable(finishedAt),
            Optional.ofNullable(interruptedAt),
            required("updatedAt", updatedAt)));
  }

  private static <T> T required(String name, @Nullable T value) {
    if (value == null) {
      throw new IllegalStateException("a job has no %s: a bug".formatted(name));
    }
    return value;
  }
}
