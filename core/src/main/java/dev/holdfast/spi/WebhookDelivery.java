package dev.holdfast.spi;

import dev.holdfast.JobId;
import dev.holdfast.JobState;
import java.time.Instant;
import java.util.Optional;

/**
 * What a webhook is to be told, as it was seen at one instant.
 *
 * @param number its place among all of them
 * @param webhook who is to be told
 * @param event what happened
 * @param subject what it happened to, and which time
 * @param at when
 * @param data more of it, a JSON object
 * @param job the job that delivers it; empty until there is one
 * @param state that job's; empty if there is none, or no longer
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
  /** Whether a job is about to deliver it, or will be. */
  public boolean isUnderWay() {
    return job.isEmpty() || state.filter(now -> !now.isFinished()).isPresent();
  }
}
