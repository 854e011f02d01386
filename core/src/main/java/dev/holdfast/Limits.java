package dev.holdfast;

/** Everything has a limit; these are all of them that a caller can meet, with their units. */
public final class Limits {
  /** A payload's JSON text, in UTF-8 bytes: 1 MiB. */
  public static final int PAYLOAD_BYTES_MAX = 1 << 20;

  /** A result's JSON text, in UTF-8 bytes: 1 MiB. */
  public static final int RESULT_BYTES_MAX = 1 << 20;

  /** Tags, metadata and requirements of a job, in UTF-8 bytes of JSON each: 64 KiB. */
  public static final int METADATA_BYTES_MAX = 64 << 10;

  /** Names of queues, types and groups, and idempotency keys, in characters. */
  public static final int NAME_CHARS_MAX = 200;

  /** Jobs in one call to enqueue. */
  public static final int ENQUEUE_BATCH_MAX = 100_000;

  /** Jobs that one job waits for, and jobs that wait for one. */
  public static final int DEPENDENCIES_MAX = 100_000;

  /** Jobs in one claim. */
  public static final int CLAIM_BATCH_MAX = 1_000;

  /** Jobs on one page. */
  public static final int PAGE_MAX = 500;

  /** Slots of one node. */
  public static final int CONCURRENCY_MAX = 10_000;

  /** Jobs of one queue, or of one group in it, that may run at once on all nodes together. */
  public static final int QUEUE_CONCURRENCY_MAX = 1_000_000;

  /** Jobs of one queue that may start within a period. */
  public static final int RATE_STARTS_MAX = 1_000_000_000;

  /** Attempts of one job. */
  public static final int ATTEMPTS_MAX = 1_000;

  /** A job whose process died this often while it ran is failed: it may be what kills. */
  public static final int CRASHES_MAX = 3;

  /** A checkpoint's JSON text, in UTF-8 bytes: 1 MiB. */
  public static final int CHECKPOINT_BYTES_MAX = 1 << 20;

  /** Checkpoints of one job, each under a name of its own. */
  public static final int CHECKPOINTS_MAX = 100;

  /** Jobs in one call that recovers stuck ones. */
  public static final int RECOVER_MAX = 100_000;

  /** A delay, a back-off or a snooze, in days: a hundred years. */
  public static final int DELAY_DAYS_MAX = 36_500;

  /** Characters kept of a failure's message. */
  public static final int FAILURE_MESSAGE_CHARS_MAX = 4_000;

  /** Characters kept of a failure's stack trace. */
  public static final int FAILURE_TRACE_CHARS_MAX = 32_000;

  /** Characters kept of one line in a job's log. */
  public static final int LOG_LINE_CHARS_MAX = 8_000;

  /** Lines kept in one attempt's log; a last line tells how many more there were. */
  public static final int LOG_LINES_MAX = 10_000;

  /** Characters of a cron expression. */
  public static final int CRON_CHARS_MAX = 1_000;

  /** Slots of a schedule that were missed and are caught up with, each by a job. */
  public static final int CATCH_UP_MAX = 1_000;

  /** Groups in the scope of one token. */
  public static final int SCOPE_GROUPS_MAX = 100;

  /** Schedules of one queue. */
  public static final int SCHEDULES_MAX = 10_000;

  private Limits() {}

  /** Shortens {@code text} to {@code max} characters, with a mark at its end when it was longer. */
  static String cut(String text, int max) {
    return text.length() <= max ? text : text.substring(0, max - 1) + "…";
  }
}
