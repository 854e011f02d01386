package dev.holdfast.check;

/** The limits that apply to callers, with their units. */
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

  /** Jobs that one search examines for a page: after so many it stops, and says so. */
  public static final int SEARCHED_MAX = 100_000;

  /** Values in one condition of a filter, such as queues or tags; ids are not limited. */
  public static final int FILTER_VALUES_MAX = 100;

  /** Conditions of a filter on fields of payload, metadata and requirements. */
  public static final int FILTER_FIELDS_MAX = 8;

  /** Bulk operations of one queue that run or wait for their turn. */
  public static final int BULK_OPERATIONS_MAX = 100;

  /** Fields of a queue's jobs that have an index. */
  public static final int INDEXED_FIELDS_MAX = 8;

  /** Characters of a text that a filter looks for, and of a field's path. */
  public static final int FILTER_CHARS_MAX = 1_000;

  /** A payload or result in a list over HTTP, in characters, unless longer ones are requested. */
  public static final int LISTED_CHARS_MAX = 4 << 10;

  /** Slots of one node. */
  public static final int CONCURRENCY_MAX = 10_000;

  /** Jobs of one queue, or of one group in it, that may run at once on all nodes together. */
  public static final int QUEUE_CONCURRENCY_MAX = 1_000_000;

  /** Jobs of one queue that may start within a period. */
  public static final int RATE_STARTS_MAX = 1_000_000_000;

  /** Attempts of one job. */
  public static final int ATTEMPTS_MAX = 1_000;

  /**
   * A job whose process died this often while it ran is failed, unless its type has a limit of its
   * own: it may be what kills.
   */
  public static final int CRASHES_MAX = 3;

  /**
   * A job whose node missed its heartbeats this often while it ran is failed, unless its type has a
   * limit of its own.
   */
  public static final int LAPSES_MAX = 10;

  /** The most crashes or lapses that a type may allow its jobs. */
  public static final int LOSSES_MAX = 1_000;

  /** A checkpoint's JSON text, in UTF-8 bytes: 1 MiB. */
  public static final int CHECKPOINT_BYTES_MAX = 1 << 20;

  /** Checkpoints of one job, each under a name of its own. */
  public static final int CHECKPOINTS_MAX = 100;

  /** A step's result, JSON text in UTF-8 bytes: 1 MiB. */
  public static final int STEP_BYTES_MAX = 1 << 20;

  /** Steps of one job, each under a name of its own. */
  public static final int STEPS_MAX = 1_000;

  /** Jobs that one step enqueues and waits for. */
  public static final int STEP_JOBS_MAX = 1_000;

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

  /** Lines kept in one attempt's log; a last line counts the dropped ones. */
  public static final int LOG_LINES_MAX = 10_000;

  /** Log lines of a running job kept while the database is unreachable; older ones are dropped. */
  public static final int WAITING_LINES_MAX = 1_000;

  /** Messages and details of those lines, in UTF-8 bytes: 1 MiB. */
  public static final int WAITING_LINES_BYTES_MAX = 1 << 20;

  /** Characters of a cron expression. */
  public static final int CRON_CHARS_MAX = 1_000;

  /** Missed fire times of a schedule that are caught up with, each by a job. */
  public static final int CATCH_UP_MAX = 1_000;

  /** Groups in the scope of one token. */
  public static final int SCOPE_GROUPS_MAX = 100;

  /** Schedules of one queue. */
  public static final int SCHEDULES_MAX = 10_000;

  private Limits() {}

  /** Shortens {@code text} to {@code max} characters, with a mark at its end when it was longer. */
  public static String cut(String text, int max) {
    return text.length() <= max ? text : text.substring(0, max - 1) + "…";
  }
}
