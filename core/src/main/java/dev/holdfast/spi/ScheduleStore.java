package dev.holdfast.spi;

import dev.holdfast.ScheduleFire;
import dev.holdfast.Schedules.Declared;
import dev.holdfast.spi.record.JobDraft;
import dev.holdfast.spi.record.ScheduleRecord;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The part of a {@link JobStore} that keeps schedules. It stores fire times, but computes none. */
public interface ScheduleStore {

  /** Returns the store's time. */
  Instant now();

  /**
   * Writes a schedule unless it {@linkplain ScheduleRecord#saysTheSame is identical} to the stored
   * one. A replaced schedule keeps its next fire time if it {@linkplain
   * ScheduleRecord#hasTimetableOf has the same timetable}, and always its pause, last fire time and
   * creation. The store sets the times and the version.
   */
  Declared put(ScheduleRecord schedule);

  /** Returns all schedules by name. */
  List<ScheduleRecord> list();

  /** Returns the schedule of this name. */
  Optional<ScheduleRecord> find(String name);

  /** Returns the results of the newest fire times, newest first. */
  List<ScheduleFire> fires(String name, int limit);

  /** Pauses a schedule. @return whether there is one that was not paused */
  boolean pause(String name);

  /**
   * Ends a pause.
   *
   * @param version version of the schedule from which {@code next} was computed
   * @return whether it was paused, and of that version
   */
  boolean resume(String name, long version, Optional<Instant> next);

  /** Removes a schedule and its fires. @return whether there was one */
  boolean remove(String name);

  /**
   * Returns at most {@code limit} schedules that have reached a fire time; paused ones never do.
   */
  DueSchedules due(int limit);

  /**
   * Fires: creates the jobs, records the fire times and moves the schedule on, all or none. Does
   * nothing if the schedule is gone, paused, of another version or at another fire time, or if that
   * time is still to come. A fire time that is already recorded creates no job. If overlaps are
   * skipped and the last job has not finished, the fire times create no job and are recorded as
   * {@link ScheduleFire.Kind#OVERLAPPED}; and of several fire times only the first creates one.
   *
   * @return whether it was done
   */
  boolean fire(Fire fire);

  /**
   * Enqueues a job for a schedule and records it as {@link ScheduleFire.Kind#BY_HAND}.
   *
   * @param slot about now, at a time that no timetable has; a later one is used if it is already
   *     recorded
   * @return whether there is such a schedule
   */
  boolean trigger(String name, Instant slot, JobDraft job);
}
