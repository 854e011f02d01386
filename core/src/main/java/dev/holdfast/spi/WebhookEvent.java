package dev.holdfast.spi;

import dev.holdfast.JobState;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a webhook can be told of. */
public enum WebhookEvent {
  /** A job has completed. */
  JOB_COMPLETED("job.completed"),
  /** A job has failed for good: it is a dead letter. */
  JOB_FAILED("job.failed"),
  /** A job is held for review. */
  JOB_INTERRUPTED("job.interrupted"),
  /** A job was cancelled. */
  JOB_CANCELLED("job.cancelled"),
  /** The monitor found an attempt that has been running for too long; once for each attempt. */
  JOB_STUCK("job.stuck"),
  /** A node died, or fell silent for longer than its lease. */
  NODE_LOST("node.lost"),
  /** Something that is watched is not as it should be. */
  ALERT_RAISED("alert.raised"),
  /** It is as it should be again. */
  ALERT_CLEARED("alert.cleared"),
  /** Nothing happened: somebody tries whether deliveries arrive. Every webhook is told of it. */
  TEST("webhook.test");

  private final String word;

  WebhookEvent(String word) {
    this.word = word;
  }

  /** What it is called in deliveries. */
  public String word() {
    return word;
  }

  /** Whether it is the end of a job, which the database itself writes down. */
  public boolean isEnd() {
    return this == JOB_COMPLETED
        || this == JOB_FAILED
        || this == JOB_INTERRUPTED
        || this == JOB_CANCELLED;
  }

  /** The event that a job comes into this state; of most states there is none. */
  public static Optional<WebhookEvent> of(JobState state) {
    return find("job." + state.name().toLowerCase(Locale.ROOT));
  }

  /** The event with this word. */
  public static Optional<WebhookEvent> find(String word) {
    return Arrays.stream(values()).filter(event -> event.word.equals(word)).findFirst();
  }
}
