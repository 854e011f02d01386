package dev.holdfast.spi.server;

import dev.holdfast.JobId;
import dev.holdfast.JobState;
import java.time.Instant;
import java.util.Optional;

/**
 * A delivery to a webhook as of one instant.
 *
 * @param number its number, unique among all deliveries
 * @param webhook the id of the webhook
 * @param event the event
 * @param subject the object and occurrence
 * @param at when it happened
 * @param data details, a JSON object
 * @param job the job that delivers it; empty until there is one
 * @param state the state of that job; empty if there is none, or no longer
 */
public record WebhookDelivery(
    long number,
    String webhook,
    WebhookEvent event,
    String subject,
    Instant at,
    String data,
    Optional<JobId> job,
    Optional<JobState> state) {
  /** Returns whether a job will deliver it. */
  public boolean isUnderWay() {
    return job.isEmpty() || state.filter(now -> !now.isFinished()).isPresent();
  }
}
