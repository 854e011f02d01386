package dev.holdfast;

import java.util.List;
import java.util.Optional;

/**
 * The recurring jobs of a queue. They stand in the database; every node sees to it that they fire,
 * and each slot fires once, however many nodes there are. All times are the store's.
 *
 * <p>Every method may throw what the methods of {@link JobQueue} may.
 */
public interface Schedules {

  /**
   * Declares a schedule. One that stands there in the same words is left as it is; another one of
   * that name is replaced, keeps its next slot unless the timetable is another, and stays paused if
   * it is.
   *
   * @throws InvalidRequestException if its job could not be enqueued, or there would be more than
   *     {@link Limits#SCHEDULES_MAX}
   */
  Declared put(Schedule schedule);

  /** All schedules, by their names. */
  List<ScheduleStatus> list();

  /** The schedule of this name. */
  Optional<ScheduleStatus> find(String name);

  /** What it did at the newest slots, the newest first; kept for 7 days. */
  List<ScheduleFire> fires(String name, int limit);

  /**
   * Lets it fire no more until it is resumed.
   *
   * @return whether it was not paused before
   * @throws NotFoundException if there is no such schedule
   */
  boolean pause(String name);

  /**
   * Lets it fire again, from its first slot after now on: slots in the pause are not missed.
   *
   * @return whether it was paused
   * @throws NotFoundException if there is no such schedule
   */
  boolean resume(String name);

  /**
   * Enqueues its job now, whether it is paused or not; its slots stay as they are.
   *
   * @return the job
   * @throws NotFoundException if there is no such schedule
   */
  JobId trigger(String name);

  /**
   * Removes it with the memory of its fires; the jobs that it made stay.
   *
   * @return whether there was one
   */
  boolean remove(String name);

  /** What a declaration did. */
  enum Declared {
    /** There was none of that name. */
    CREATED,
    /** It replaced another one. */
    CHANGED,
    /** It stood there already. */
    UNCHANGED
  }
}
