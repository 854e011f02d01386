package dev.holdfast;

import dev.holdfast.check.ResultJson;
import dev.holdfast.error.InvalidRequestException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A snapshot of a job's row. Immutable. */
public final class Job {
  private final Values values;

  Job(Values values) {
    this.values = values;
  }

  /** Returns an empty builder, for stores and clients. */
  public static JobBuilder builder() {
    return new JobBuilder();
  }

  /** Returns a builder with all values of this job. */
  public JobBuilder toBuilder() {
    return new JobBuilder(this);
  }

  /** Returns its identity. */
  public JobId id() {
    return values.id;
  }

  /** Returns its queue. */
  public String queue() {
    return values.queue;
  }

  /** Returns the handler's name. */
  public String type() {
    return values.type;
  }

  /** Returns its state. */
  public JobState state() {
    return values.state;
  }

  /** Returns the payload, as JSON text. */
  public String payload() {
    return values.payload;
  }

  /** Returns the version of its type that wrote the payload. */
  public int payloadVersion() {
    return values.payloadVersion;
  }

  /** Returns its priority; higher runs first. */
  public int priority() {
    return values.priority;
  }

  /** Returns the instant before which it does not start. */
  public Instant runAt() {
    return values.runAt;
  }

  /**
   * Returns the number of attempts that were begun and not given back (by a release, snooze or
   * crash).
   */
  public int attempt() {
    return values.attempt;
  }

  /** Returns the maximum number of attempts. */
  public int maxAttempts() {
    return values.maxAttempts;
  }

  /** Returns the number of times that its process died while it ran. */
  public int crashes() {
    return values.crashes;
  }

  /**
   * Returns the number of times that its node missed its heartbeats while it ran, and its process
   * is not known to have died.
   */
  public int lapses() {
    return values.lapses;
  }

  /** Returns the newest fencing token. */
  public long token() {
    return values.token;
  }

  /** Returns the maximum run time of one attempt. */
  public Optional<Duration> timeout() {
    return values.timeout;
  }

  /** Returns its idempotency key. */
  public Optional<String> key() {
    return values.key;
  }

  /** Returns the tenant, program or document it belongs to. */
  public Optional<String> group() {
    return values.group;
  }

  /** Returns its labels. */
  public List<String> tags() {
    return values.tags;
  }

  /** Returns the data of its caller, as a JSON object. */
  public Optional<String> metadata() {
    return values.metadata;
  }

  /** Returns the capabilities that a worker must have, as a JSON object. */
  public Optional<String> requires() {
    return values.requires;
  }

  /** Returns the user or program that enqueued it. */
  public Optional<String> createdBy() {
    return values.createdBy;
  }

  /** Returns the newest progress of its handler. */
  public Optional<Progress> progress() {
    return values.progress;
  }

  /** Returns the value its handler returned, as JSON text. */
  public Optional<String> result() {
    return values.result;
  }

  /** Returns the failure of the newest attempt, or of the job. */
  public Optional<Failure> failure() {
    return values.failure;
  }

  /** Returns the node that runs it, or ran its last attempt. */
  public Optional<Holder> holder() {
    return values.holder;
  }

  /** Returns when it was enqueued. */
  public Instant createdAt() {
    return values.createdAt;
  }

  /** Returns when the newest attempt began. */
  public Optional<Instant> startedAt() {
    return values.startedAt;
  }

  /** Returns when it completed, failed or was cancelled. */
  public Optional<Instant> finishedAt() {
    return values.finishedAt;
  }

  /** Returns when it was set aside for review. */
  public Optional<Instant> interruptedAt() {
    return values.interruptedAt;
  }

  /** Returns when its state last changed. */
  public Instant updatedAt() {
    return values.updatedAt;
  }

  /**
   * Returns the value its handler returned, decoded; empty if there is none.
   *
   * @throws InvalidRequestException if it does not fit {@code type}
   */
  public <R> Optional<R> result(Class<R> type) {
    return values.result.map(json -> ResultJson.decode(json, type));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Job job && values.equals(job.values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }

  @Override
  public String toString() {
    return values.toString().replaceFirst("Values", "Job");
  }

  /**
   * The process that runs a job, or ran its last attempt.
   *
   * @param node the node
   * @param name the node's name for people; empty when the node is no longer known
   * @param host its host; empty when the node is no longer known
   * @param processId its operating-system process id; 0 when the node is no longer known
   */
  public record Holder(NodeId node, String name, String host, long processId) {}

  /** The values, so that jobs compare and print like a record. */
  record Values(
      JobId id,
      String queue,
      String type,
      JobState state,
      String payload,
      int payloadVersion,
      int priority,
      Instant runAt,
      int attempt,
      int maxAttempts,
      int crashes,
      int lapses,
      long token,
      Optional<Duration> timeout,
      Optional<String> key,
      Optional<String> group,
      List<String> tags,
      Optional<String> metadata,
      Optional<String> requires,
      Optional<String> createdBy,
      Optional<Progress> progress,
      Optional<String> result,
      Optional<Failure> failure,
      Optional<Holder> holder,
      Instant createdAt,
      Optional<Instant> startedAt,
      Optional<Instant> finishedAt,
      Optional<Instant> interruptedAt,
      Instant updatedAt) {}
}
