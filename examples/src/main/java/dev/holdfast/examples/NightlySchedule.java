package dev.holdfast.examples;

import dev.holdfast.Holdfast;
import dev.holdfast.Job;
import dev.holdfast.JobId;
import dev.holdfast.NewJob;
import dev.holdfast.Schedule;
import dev.holdfast.timetable.MissedFires;
import dev.holdfast.timetable.Overlap;
import java.time.Duration;
import java.util.concurrent.ExecutionException;

/** A report every night, on any live node. */
public final class NightlySchedule {
  private NightlySchedule() {}

  /** Declares the schedule, and triggers one report at once; the queue is the first argument. */
  public static void main(String[] args) throws ExecutionException, InterruptedException {
    try (Holdfast holdfast = Holdfast.open(args.length > 0 ? args[0] : "jobs.db")) {
      System.out.println(reportNow(holdfast).result().orElse(""));
    }
  }

  static Job reportNow(Holdfast holdfast) throws ExecutionException, InterruptedException {
    holdfast.handle("report", String.class, (what, job) -> "reported " + what);
    // snippet: declare
    NewJob report = NewJob.of("report", "yesterday");
    holdfast.schedule(
        Schedule.cron("nightly", "30 2 * * MON-FRI", "Europe/Berlin", report)
            .missed(MissedFires.catchUp(5)) // by default one job stands for all missed fire times
            .overlap(Overlap.SKIP)); // by default the next job starts anyway
    holdfast.schedule(Schedule.every("heartbeat", Duration.ofMinutes(5), NewJob.of("ping", null)));
    // end
    holdfast.start();
    // snippet: trigger
    JobId now = holdfast.queue().schedules().trigger("nightly");
    // end
    return holdfast.await(now, Duration.ofMinutes(1)).get();
  }

  static Schedule missed(NewJob job) {
    // snippet: missed
    return Schedule.every("tick", Duration.ofSeconds(30), job)
        .missed(MissedFires.skip().after(Duration.ofSeconds(10)));
    // end
  }
}
