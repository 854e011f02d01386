package dev.holdfast.torture.checker;

import dev.holdfast.Holdfast;
import dev.holdfast.Job;
import dev.holdfast.JobFilter;
import dev.holdfast.JobId;
import dev.holdfast.Page;
import dev.holdfast.PageRequest;
import dev.holdfast.Schedule;
import dev.holdfast.ScheduleFire;
import dev.holdfast.ScheduleFire.Kind;
import dev.holdfast.timetable.MissedFires;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The fires of a schedule that is due every second. The jobs are counted by their metadata, and
 * compared with the recorded fires.
 *
 * @param schedule its name
 * @param fired the number of fires
 * @param late those that had been missed, and were made up for
 * @param passedOver the number of permitted missed fire times
 * @param doubles the number of second jobs of a fire time, or of jobs without a recorded fire
 * @param missed the number of fire times that should have fired and have not
 * @param early the number of early fires
 */
public record Slots(
    String schedule, int fired, int late, long passedOver, int doubles, long missed, int early) {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Pattern SLOT = Pattern.compile("\"slot\":\"([^\"]+)\"");
  private static final int FIRES_MAX = 1_000_000;
  private static final int PAGE = 500;

  /**
   * Checks all fire times.
   *
   * @param first the first fire time
   * @param next the first one that is not due yet
   */
  public static Slots of(Holdfast holdfast, Schedule schedule, Instant first, Instant next) {
    List<ScheduleFire> fires =
        new ArrayList<>(holdfast.queue().schedules().fires(schedule.name(), FIRES_MAX));
    Collections.reverse(fires);
    Map<JobId, Instant> jobs = jobs(holdfast, schedule.name());
    int doubles = jobs.size();
    for (ScheduleFire fire : fires) {
      boolean isItsOwn = fire.job().map(jobs::get).filter(fire.slot()::equals).isPresent();
      doubles -= isItsOwn ? 1 : 0;
    }
    fires.removeIf(fire -> fire.kind() == Kind.BY_HAND);
    long missed = 0;
    long passedOver = 0;
    Instant expected = first;
    for (ScheduleFire fire : fires) {
      long gap = Duration.between(expected, fire.slot()).toSeconds();
      boolean mayBe = mayPassOver(schedule.missed(), expected, fire.firedAt());
      passedOver += mayBe ? gap : 0;
      missed += mayBe ? 0 : Math.abs(gap);
      expected = fire.slot().plus(SECOND);
    }
    missed += Math.abs(Duration.between(expected, next).toSeconds());
    return new Slots(
        schedule.name(),
        fires.size(),
        (int) fires.stream().filter(fire -> fire.kind() == Kind.LATE).count(),
        passedOver,
        doubles,
        missed,
        (int) fires.stream().filter(fire -> fire.firedAt().isBefore(fire.slot())).count());
  }

  private static boolean mayPassOver(MissedFires missed, Instant slot, Instant firedAt) {
    return missed.policy() == MissedFires.Policy.ONCE && firedAt.isAfter(slot.plus(missed.after()));
  }

  /** Returns the jobs of a schedule, each with the fire time in its metadata. */
  private static Map<JobId, Instant> jobs(Holdfast holdfast, String schedule) {
    Map<JobId, Instant> jobs = new HashMap<>();
    Optional<PageRequest> request = Optional.of(PageRequest.first(PAGE));
    while (request.isPresent()) {
      Page<Job> page = holdfast.queue().list(JobFilter.all(), request.get());
      for (Job job : page.items()) {
        Matcher slot = SLOT.matcher(job.metadata().orElse(""));
        if (job.createdBy().filter(("schedule:" + schedule)::equals).isPresent() && slot.find()) {
          jobs.put(job.id(), Instant.parse(slot.group(1)));
        }
      }
      request = page.next().map(PageRequest.first(PAGE)::after);
    }
    return jobs;
  }

  /** Returns whether all fire times fired as they should. */
  public boolean areRight() {
    return fired > 0 && doubles == 0 && missed == 0 && early == 0;
  }

  @Override
  public String toString() {
    return "%-16s %6d fired, %d of them late; %d skipped; double %d, missed %d, early %d"
        .formatted(schedule, fired, late, passedOver, doubles, missed, early);
  }
}
