package dev.holdfast.spi.server;

import dev.holdfast.JobState;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The events that a webhook can subscribe to. */
public enum WebhookEvent {
  /** A job completed. */
  JOB_COMPLETED("job.completed"),
  /** A job failed for good: it is a dead letter. */
  JOB_FAILED("job.failed"),
  /** A job is held for review. */
  JOB_INTERRUPTED("job.interrupted"),
  /** A job was cancelled. */
  JOB_CANCELLED("job.cancelled"),
  /** The monitor found an attempt that has been running for too long; sent once per attempt. */
  JOB_STUCK("job.stuck"),
  /** A node died, or missed its heartbeats for longer than its lease. */
  NODE_LOST("node.lost"),
  /** An alert was raised. */
  ALERT_RAISED("alert.raised"),
  /** An alert was cleared. */
  ALERT_CLEARED("alert.cleared"),
  /** A test of deliveries; sent to every webhook regardless of its subscriptions. */
  TEST("webhook.test");

  private final String word;

  WebhookEvent(String word) {
    this.word = word;
  }

  /** Returns its name in deliveries. */
  public String word() {
    return word;
  }

  /** Returns whether it is the end of a job, which the database itself records. */
  public boolean isEnd() {
    return this == JOB_COMPLETED
        || this == JOB_FAILED
        || this == JOB_INTERRUPTED
        || this == JOB_CANCELLED;
  }

  /** Returns the event of a job that enters this state; most states have none. */
  public static Optional<WebhookEvent> of(JobState state) {
    return find("job." + state.name().toLowerCase(Locale.ROOT));
  }

  /** Returns the event with this name. */
  public static Optional<WebhookEvent> find(String word) {
    return Arrays.stream(values()).filter(event -> event.word.equals(word)).findFirst();
  }
}
