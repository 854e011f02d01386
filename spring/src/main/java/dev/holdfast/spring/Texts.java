package dev.holdfast.spring;

import dev.holdfast.NewJob;
import dev.holdfast.Schedule;
import dev.holdfast.check.Durations;
import dev.holdfast.timetable.Overlap;
import java.time.Duration;

/** Values of annotations, read from their texts. */
final class Texts {
  private Texts() {}

  static Duration duration(String text) {
    return Durations.parse(text);
  }

  /** A schedule whose jobs have no payload. */
  static Schedule schedule(
      String name,
      String type,
      String queue,
      String cron,
      String zone,
      String every,
      Overlap overlap) {
    if (cron.isEmpty() == every.isEmpty()) {
      throw new IllegalArgumentException(
          "schedule '%s' needs either a cron expression or an interval".formatted(name));
    }
    NewJob job = NewJob.of(type, null);
    NewJob queued = queue.isEmpty() ? job : job.on(queue);
    Schedule schedule =
        cron.isEmpty()
            ? Schedule.every(name, duration(every), queued)
            : Schedule.cron(name, cron, zone, queued);
    return schedule.overlap(overlap);
  }
}
