package dev.holdfast.spi.server;

import dev.holdfast.JobId;
import java.util.Optional;

/**
 * An event for webhooks other than the end of a job, which the database records itself.
 *
 * @param event the event
 * @param subject the object and occurrence; repeating it notifies no webhook
 * @param data details, a JSON object
 * @param job the job concerned, if any
 */
public record Happening(WebhookEvent event, String subject, String data, Optional<JobId> job) {
  /** Creates an event that concerns no job. */
  public static Happening of(WebhookEvent event, String subject, String data) {
    return new Happening(event, subject, data, Optional.empty());
  }
}
