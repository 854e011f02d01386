package dev.holdfast;

import dev.holdfast.check.Limits;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.error.NotFoundException;
import java.util.List;
import java.util.Optional;

/**
 * The recurring jobs of a queue. They are stored in the database. Every node fires them, yet each
 * fire time creates one job, however many nodes there are. All times are the store's.
 *
 * <p>Every method may throw what the methods of {@link JobQueue} may.
 */
public interface Schedules {

  /**
   * Declares a schedule. An identical one is left unchanged. A different one of that name is
   * replaced, but keeps its next fire time unless the timetable changed, and stays paused if it is.
   *
   * @throws InvalidRequestException if its job could not be enqueued, or there would be more than
   *     {@link Limits#SCHEDULES_MAX}
   */
  Declared put(Schedule schedule);

  /** Returns all schedules by name. */
  List<ScheduleStatus> list();

  /** Returns the schedule of this name. */
  Optional<ScheduleStatus> find(String name);

  /** Returns the results of the newest fire times, newest first; kept for 7 days. */
  List<ScheduleFire> fires(String name, int limit);

  /**
   * Pauses a schedule until it is resumed.
   *
   * @return false if it was already paused
   * @throws NotFoundException if there is no such schedule
   */
  boolean pause(String name);

  /**
   * Resumes a schedule from its first fire time after now: fire times during the pause do not count
   * as missed.
   *
   * @return whether it was paused
   * @throws NotFoundException if there is no such schedule
   */
  boolean resume(String name);

  /**
   * Enqueues its job now, paused or not; its fire times are unchanged.
   *
   * @return the job
   * @throws NotFoundException if there is no such schedule
   */
  JobId trigger(String name);

  /**
   * Removes a schedule and the record of its fires; the jobs that it created stay.
   *
   * @return whether there was one
   */
  boolean remove(String name);

  /** The result of a declaration. */
  enum Declared {
    /** A new schedule was created. */
    CREATED,
    /** The schedule was changed. */
    CHANGED,
    /** The schedule was already declared like this. */
    UNCHANGED
  }
}
