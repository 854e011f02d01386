package dev.holdfast.torture.checker;

import dev.holdfast.Holdfast;
import dev.holdfast.Job;
import dev.holdfast.JobFilter;
import dev.holdfast.JobId;
import dev.holdfast.MissedSlots;
import dev.holdfast.Page;
import dev.holdfast.PageRequest;
import dev.holdfast.Schedule;
import dev.holdfast.ScheduleFire;
import dev.holdfast.ScheduleFire.Kind;
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
 * What became of the slots of a schedule that has one each second. The jobs are counted by what
 * stands in them, and compared with what the schedule remembers.
 *
 * @param schedule its name
 * @param fired how many slots fired
 * @param late how many of them had been missed, and were made up for
 * @param passedOver how many were missed and may be
 * @param doubles jobs of a slot that had another one, or that the schedule knows nothing of
 * @param missed slots that should have fired and have not
 * @param early slots that fired before their time
 */
public record Slots(
    String schedule, int fired, int late, long passedOver, int doubles, long missed, int early) {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Pattern SLOT = Pattern.compile("\"slot\":\"([^\"]+)\"");
  private static final int FIRES_MAX = 1_000_000;
  private static final int PAGE = 500;

  /**
   * Looks at all slots.
   *
   * @param first the first one
   * @param next the one that is not fired yet
   */
  public static Slots of(Holdfast holdfast, Schedule schedule, Instant first, Instant next) {
    List<ScheduleFire> fires =
        new ArrayList<>(holdfast.schedules().fires(schedule.name(), FIRES_MAX));
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

  private static boolean mayPassOver(MissedSlots missed, Instant slot, Instant firedAt) {
    return missed.policy() == MissedSlots.Policy.ONCE && firedAt.isAfter(slot.plus(missed.after()));
  }

  /** The jobs of a schedule, each with the slot that stands in it. */
  private static Map<JobId, Instant> jobs(Holdfast holdfast, String schedule) {
    Map<JobId, Instant> jobs = new HashMap<>();
    Optional<PageRequest> request = Optional.of(PageRequest.first(PAGE));
    while (request.isPresent()) {
      Page<Job> page = holdfast.list(JobFilter.all(), request.get());
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

  /** Whether all slots fired as they should. */
  public boolean areRight() {
    return fired > 0 && doubles == 0 && missed == 0 && early == 0;
  }

  @Override
  public String toString() {
    return "%-16s %6d fired, %d of them late; %d passed over; double %d, missed %d, early %d"
        .formatted(schedule, fired, late, passedOver, doubles, missed, early);
  }
}
