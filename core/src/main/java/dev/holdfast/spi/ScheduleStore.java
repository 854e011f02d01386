package dev.holdfast.spi;

import dev.holdfast.ScheduleFire;
import dev.holdfast.Schedules.Declared;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The part of a {@link JobStore} that keeps schedules. It knows slots, but works out none. */
public interface ScheduleStore {

  /** The time that stamps rows. */
  Instant now();

  /**
   * Writes a schedule unless it {@linkplain ScheduleRecord#saysTheSame says the same} as the one
   * that is there. Of one that is replaced, the next slot stays if it {@linkplain
   * ScheduleRecord#hasTimetableOf has the same timetable}; pause, last slot and creation stay. The
   * store stamps the times and the version.
   */
  Declared put(ScheduleRecord schedule);

  /** All schedules, by their names. */
  List<ScheduleRecord> list();

  /** The schedule of this name. */
  Optional<ScheduleRecord> find(String name);

  /** What it did at the newest slots, the newest first. */
  List<ScheduleFire> fires(String name, int limit);

  /** Pauses a schedule. @return whether there is one that was not paused */
  boolean pause(String name);

  /**
   * Ends a pause.
   *
   * @param version of the schedule by which {@code next} was worked out
   * @return whether it was paused, and of that version
   */
  boolean resume(String name, long version, Optional<Instant> next);

  /** Removes a schedule and its fires. @return whether there was one */
  boolean remove(String name);

  /** At most {@code limit} schedules that have come to a slot; paused ones never do. */
  DueSchedules due(int limit);

  /**
   * Fires: makes the jobs, remembers the slots and moves the schedule on, all or none. Nothing is
   * done if the schedule is gone, paused, of another version, stands at another slot, or if that
   * slot is still to come. A slot that is remembered already makes no job. If an overlap is to be
   * skipped and the last job has not finished, the slots make no job and are remembered as {@link
   * ScheduleFire.Kind#OVERLAPPED}; and of several slots the first alone makes one.
   *
   * @return whether it was done
   */
  boolean fire(Fire fire);

  /**
   * Enqueues a job in a schedule's name and remembers it as {@link ScheduleFire.Kind#BY_HAND}.
   *
   * @param slot about now, as no timetable has it; a later one is taken if it is remembered already
   * @return whether there is such a schedule
   */
  boolean trigger(String name, Instant slot, JobDraft job);
}
