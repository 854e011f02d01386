package dev.holdfast.spi;

import dev.holdfast.JobId;
import java.util.Optional;

/**
 * Something that webhooks may want to be told, beside the ends of jobs, which the database writes
 * down itself.
 *
 * @param event what
 * @param subject what it happened to, and which time: the same again tells nobody
 * @param data more of it, a JSON object
 * @param job the job that it happened to, if it was one
 */
public record Happening(WebhookEvent event, String subject, String data, Optional<JobId> job) {
  /** Something that happened to no job. */
  public static Happening of(WebhookEvent event, String subject, String data) {
    return new Happening(event, subject, data, Optional.empty());
  }
}
