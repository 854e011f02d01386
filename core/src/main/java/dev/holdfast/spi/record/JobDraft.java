package dev.holdfast.spi.record;

import dev.holdfast.JobId;
import dev.holdfast.Waits;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A job for the store to write, resolved, checked and encoded.
 *
 * @param id its identity
 * @param queue its queue
 * @param type its type
 * @param payload JSON
 * @param payloadVersion the version of its type that it is written in
 * @param priority higher runs first
 * @param runAt earliest start, or empty
 * @param delay delay from now, or empty
 * @param maxAttempts maximum number of attempts
 * @param timeout maximum run time of one attempt, or empty
 * @param key idempotency key, or empty
 * @param keyKept how long the key is remembered
 * @param group the group, or empty
 * @param tags a JSON array, or empty
 * @param metadata a JSON object, or empty
 * @param requires a JSON object, or empty
 * @param createdBy the person or program that enqueued it, or empty
 * @param waits jobs and signals that it waits for
 */
public record JobDraft(
    JobId id,
    String queue,
    String type,
    String payload,
    int payloadVersion,
    int priority,
    Optional<Instant> runAt,
    Optional<Duration> delay,
    int maxAttempts,
    Optional<Duration> timeout,
    Optional<String> key,
    Duration keyKept,
    Optional<String> group,
    Optional<String> tags,
    Optional<String> metadata,
    Optional<String> requires,
    Optional<String> createdBy,
    Waits waits) {

  /**
   * Returns whether only id, payload and predecessors differ from {@code other}; a store may write
   * faster then.
   */
  public boolean like(JobDraft other) {
    return queue.equals(other.queue)
        && type.equals(other.type)
        && payloadVersion == other.payloadVersion
        && priority == other.priority
        && maxAttempts == other.maxAttempts
        && runAt.equals(other.runAt)
        && delay.equals(other.delay)
        && timeout.equals(other.timeout)
        && key.equals(other.key)
        && group.equals(other.group)
        && tags.equals(other.tags)
        && metadata.equals(other.metadata)
        && requires.equals(other.requires)
        && createdBy.equals(other.createdBy)
        && waits.isNone() == other.waits.isNone();
  }

  /** Returns the same job with the payload and priority changed as given. */
  public JobDraft amended(EncodedUpdate change) {
    return new JobDraft(
        id,
        queue,
        type,
        change.payload().orElse(payload),
        change.payload().isPresent() ? change.payloadVersion() : payloadVersion,
        change.priority().orElse(priority),
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

  /** Returns the same job, waiting for something else. */
  public JobDraft waits(Waits newWaits) {
    return new JobDraft(
        id,
        queue,
        type,
        payload,
        payloadVersion,
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
        newWaits);
  }

  /**
   * Returns its rank in a queue with the initial claim order: lower goes first. See {@link
   * dev.holdfast.spi.Ranking}.
   */
  public long rank() {
    return -(long) priority;
  }
}
