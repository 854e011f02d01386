package dev.holdfast.spi;

import dev.holdfast.JobId;
import dev.holdfast.Waits;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A job as the store is to write it: everything resolved, checked and encoded.
 *
 * @param id its identity
 * @param queue its lane
 * @param type the handler's name
 * @param payload JSON
 * @param payloadVersion by which version of its type it is to be read
 * @param priority higher runs first
 * @param runAt not before this instant, or empty
 * @param delay not before this long from now, or empty
 * @param maxAttempts how many attempts there may be
 * @param timeout limit to the time of one attempt, or empty
 * @param key idempotency key, or empty
 * @param keyKept how long the key is remembered
 * @param group the group, or empty
 * @param tags a JSON array, or empty
 * @param metadata a JSON object, or empty
 * @param requires a JSON object, or empty
 * @param createdBy who asked for it, or empty
 * @param waits what must have happened before it may run
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
   * Whether nothing but id, payload and predecessors tells it from {@code other}; a store may write
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

  /** The same job with another payload and priority, as far as they are to be different. */
  public JobDraft amended(Amendment change) {
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

  /** The same job, waiting for something else. */
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

  /** Its rank in a queue that is in its first order: lower goes first. See {@link Ranking}. */
  public long rank() {
    return -(long) priority;
  }
}
