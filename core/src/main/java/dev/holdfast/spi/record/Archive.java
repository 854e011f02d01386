package dev.holdfast.spi.record;

import dev.holdfast.JobId;
import dev.holdfast.LogLine;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Access to a whole store, for exports, imports and copies. Jobs are in the order of their ids,
 * which is the same in all stores.
 *
 * <p>Writes are idempotent and may be repeated after an unknown outcome. Safe for use by several
 * threads.
 */
public interface Archive {
  /**
   * Approximate size of the records of one call in bytes of text, unless a single record is larger.
   */
  int BATCH_BYTES = 8 << 20;

  /** Returns the stamps of the first {@code limit} jobs after {@code after}; empty at the end. */
  List<JobStamp> stamps(Optional<JobId> after, int limit);

  /**
   * Returns the jobs from {@code first} to {@code last}, both included, as of one instant. Ends
   * early when the batch is large: after a job, never within one.
   */
  List<JobRecord> records(JobId first, JobId last);

  /**
   * Returns at most {@code limit} log lines of a job in the order of writing, after the first
   * {@code n}.
   */
  List<LogLine> logLines(JobId id, long n, int limit);

  /** Returns the idempotency keys of removed jobs, after {@code after}. */
  List<KeyRecord> orphanedKeys(Optional<KeyRecord> after, int limit);

  /** Returns the configuration of queues. */
  List<QueueRecord> queues();

  /**
   * Writes the configuration of queues. A queue that is already configured here is left unchanged,
   * unless the database is {@link Move.Direction#COMING}: then it is overwritten.
   */
  void loadQueues(List<QueueRecord> queues);

  /** Returns the concurrency limits of types, by type. */
  Map<String, Integer> typeLimits();

  /** Writes limits of types. A type that already has one here keeps it. */
  void loadTypeLimits(Map<String, Integer> limits);

  /**
   * Replaces all limits of types with these, all or none.
   *
   * @throws dev.holdfast.error.ConflictException unless the queue is {@link Move.Direction#COMING}
   */
  void fillTypeLimits(Map<String, Integer> limits);

  /**
   * Writes jobs as recorded, all or none; one whose id exists is left unchanged, and so is a key
   * that another job has. The nodes that ran them are recorded as ended. A job is placed in its
   * queue like a new arrival. One that is RUNNING in its record has no holder here: it becomes
   * PENDING with a new token, without being charged an attempt, and its history names {@code by}
   * and the reason.
   *
   * @return the ids of the jobs that were written
   */
  List<JobId> load(List<JobRecord> records, String by, String why);

  /** Adds log lines to a job that has exactly {@code n} of them; otherwise does nothing. */
  void loadLogs(JobId id, long n, List<LogLine> lines);

  /** Writes idempotency keys; one that is taken is left unchanged. */
  void loadKeys(List<KeyRecord> keys);

  /** Returns all schedules by name. */
  List<ScheduleRecord> schedules();

  /**
   * Writes schedules as recorded, with their fire times; one whose name exists is left unchanged.
   *
   * @return the number of schedules written
   */
  int loadSchedules(List<ScheduleRecord> schedules);

  /**
   * Replaces all schedules with these, all or none.
   *
   * @throws dev.holdfast.error.ConflictException unless the queue is {@link Move.Direction#COMING}
   */
  void fillSchedules(List<ScheduleRecord> schedules);

  /**
   * Makes this database a copy, all or none: {@code records} replace the jobs with their ids,
   * {@code gone} are removed in any state. The idempotency keys of both go with them; those that
   * outlive their jobs come by {@link #loadKeys}. RUNNING jobs stay so until {@link #arrive}.
   *
   * @throws dev.holdfast.error.ConflictException unless the queue is {@link Move.Direction#COMING}
   */
  void fill(List<JobRecord> records, List<JobId> gone);

  /** Returns the move that this database takes part in. */
  Optional<Move> move();

  /**
   * Fences the database off, in one transaction: when this returns, no write to the queue is under
   * way, and none will succeed, so no lease can be renewed. Replaces an existing fence.
   *
   * @return the time for which a node that holds jobs may still trust its lease; zero if there is
   *     none
   */
  Duration fence(Move move);

  /** Removes the fence, if there is one. */
  void unfence();

  /**
   * Ends the move here, in one transaction: removes the fence, and turns RUNNING jobs into PENDING
   * ones as in {@link #load}.
   *
   * @return the ids of the jobs that were RUNNING
   */
  List<JobId> arrive(String by, String why);
}
