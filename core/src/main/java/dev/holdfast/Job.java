package dev.holdfast;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The durable row of a job as it was seen at one instant.
 *
 * @param id its identity
 * @param queue its lane
 * @param type the handler's name
 * @param state where it stands
 * @param payload the payload, as JSON text
 * @param payloadVersion the version of its type by which the payload is to be read
 * @param priority higher runs first
 * @param runAt not before this instant
 * @param attempt how many attempts were begun and not given back (by a release, snooze or crash)
 * @param maxAttempts how many there may be
 * @param crashes how often its process died while it ran
 * @param token the newest fencing token
 * @param timeout limit to the time of one attempt
 * @param key idempotency key
 * @param group the tenant, program or document it belongs to
 * @param tags free words to find it by
 * @param metadata free facts, as a JSON object
 * @param requires capabilities that a worker must have, as a JSON object
 * @param createdBy who asked for it
 * @param progress the newest report of its handler
 * @param result what its handler returned, as JSON text
 * @param failure why the newest attempt failed, or the job
 * @param holder who runs it, or ran its last attempt
 * @param createdAt when it was enqueued
 * @param startedAt when the newest attempt began
 * @param finishedAt when it completed, failed or was cancelled
 * @param interruptedAt when it was set aside for review
 * @param updatedAt when its state last changed
 */
public record Job(
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
    Instant updatedAt) {

  /**
   * The process that runs a job, or ran its last attempt.
   *
   * @param node the node
   * @param name the node's name for people; empty when the node is no longer known
   * @param host its host; empty when the node is no longer known
   * @param processId its operating-system process id; 0 when the node is no longer known
   */
  public record Holder(NodeId node, String name, String host, long processId) {}

  /** Copies the tags. */
  public Job {
    tags = List.copyOf(tags);
  }
}
