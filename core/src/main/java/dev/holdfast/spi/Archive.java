package dev.holdfast.spi;

import dev.holdfast.JobId;
import dev.holdfast.LogLine;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A store as a whole, for what takes it elsewhere: exports, imports and copies. Jobs go in the
 * order of their ids, which is the same in all stores.
 *
 * <p>Writes may be repeated after an unknown outcome, with no effect if they had happened. Safe for
 * use by several threads.
 */
public interface Archive {
  /** Records in one call weigh about so much, in bytes of text, or are one record. */
  int BATCH_BYTES = 8 << 20;

  /** Where the first {@code limit} jobs after {@code after} stand; empty at the end. */
  List<JobStamp> stamps(Optional<JobId> after, int limit);

  /**
   * The jobs from {@code first} to {@code last}, both included, as they were at one instant. Ends
   * early when the batch is heavy: after a job, never within one.
   */
  List<JobRecord> records(JobId first, JobId last);

  /**
   * At most {@code limit} log lines of a job in the order of writing, after the first {@code n}.
   */
  List<LogLine> logLines(JobId id, long n, int limit);

  /** Idempotency keys whose jobs are gone, after {@code after}. */
  List<KeyRecord> orphanedKeys(Optional<KeyRecord> after, int limit);

  /** What is said of queues. */
  List<QueueRecord> queues();

  /**
   * Writes what is said of queues. A queue of which something is said here already is left as it
   * is, unless the database is {@link Move.Direction#COMING}: then it becomes as it is recorded.
   */
  void loadQueues(List<QueueRecord> queues);

  /** How many jobs of a type run at once at most, by the type. */
  Map<String, Integer> typeLimits();

  /** Writes limits of types. A type that has one here already keeps it. */
  void loadTypeLimits(Map<String, Integer> limits);

  /**
   * Makes the limits of types a copy, all or none: these replace all that are there.
   *
   * @throws dev.holdfast.ConflictException unless the queue is {@link Move.Direction#COMING}
   */
  void fillTypeLimits(Map<String, Integer> limits);

  /**
   * Writes jobs as they are recorded, all or none; one whose id is there already is left as it is,
   * and so is a key that another job has. The nodes that ran them are remembered as nodes that have
   * ended. Its place in its queue is that of a new arrival. One that is RUNNING in its record has
   * no holder here: it becomes PENDING with a new token, without using up its attempt, and its
   * history says that {@code by} did it and why.
   *
   * @return the ids of the jobs that were written
   */
  List<JobId> load(List<JobRecord> records, String by, String why);

  /**
   * Adds log lines to a job that has {@code n} of them; if it has more or fewer, or is gone,
   * nothing is done.
   */
  void loadLogs(JobId id, long n, List<LogLine> lines);

  /** Writes idempotency keys; one that is taken is left as it is. */
  void loadKeys(List<KeyRecord> keys);

  /** All schedules, by their names. */
  List<ScheduleRecord> schedules();

  /**
   * Writes schedules as they are recorded, with the slots where they stand; one of a name that is
   * there already is left as it is.
   *
   * @return how many were written
   */
  int loadSchedules(List<ScheduleRecord> schedules);

  /**
   * Makes the schedules a copy, all or none: these replace all that are there.
   *
   * @throws dev.holdfast.ConflictException unless the queue is {@link Move.Direction#COMING}
   */
  void fillSchedules(List<ScheduleRecord> schedules);

  /**
   * Makes this database a copy, all or none: {@code records} replace what is there under their ids,
   * {@code gone} are removed, in whatever state. What is RUNNING stays so until {@link #arrive}.
   *
   * @throws dev.holdfast.ConflictException unless the queue is {@link Move.Direction#COMING}
   */
  void fill(List<JobRecord> records, List<JobId> gone);

  /** What stands in this database of a move. */
  Optional<Move> move();

  /**
   * Fences the database off, in one transaction: when this returns, no write to the queue is under
   * way, and none will succeed, so no lease can be renewed. Over another fence, it takes its place.
   *
   * @return so long from now, a node that holds jobs may still believe in its lease; zero if none
   *     does
   */
  Duration fence(Move move);

  /** Takes the fence away, if there is one. */
  void unfence();

  /**
   * Ends the move here, in one transaction: takes the fence away, and what is RUNNING becomes
   * PENDING as in {@link #load}.
   *
   * @return the ids of the jobs that were RUNNING
   */
  List<JobId> arrive(String by, String why);
}
