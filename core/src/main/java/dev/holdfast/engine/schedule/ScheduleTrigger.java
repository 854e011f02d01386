package dev.holdfast.engine.schedule;

import dev.holdfast.JobId;
import dev.holdfast.ScheduleFire.Kind;
import dev.holdfast.error.BusyException;
import dev.holdfast.spi.DueSchedules;
import dev.holdfast.spi.Duty;
import dev.holdfast.spi.Fire;
import dev.holdfast.spi.ScheduleStore;
import dev.holdfast.spi.record.ScheduleRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fires schedules that have reached a fire time. All nodes try; the store lets one win, and the
 * others change nothing.
 */
public final class ScheduleTrigger implements Duty {
  private static final Logger log = LoggerFactory.getLogger(ScheduleTrigger.class);
  private static final int BATCH = 100;

  /** Others may declare schedules whose signal is lost, and the store's clock may be set. */
  private static final Duration LONGEST_SLEEP = Duration.ofSeconds(10);

  /** The delay after finding a fire time that another node is handling. */
  private static final Duration SOON = Duration.ofMillis(100);

  private final ScheduleStore store;
  private final JobTemplates templates;
  private final Map<String, Long> unreadable = new HashMap<>(); // names with their versions

  /**
   * @param ids makes the ids of the jobs
   */
  public ScheduleTrigger(ScheduleStore store, Supplier<JobId> ids) {
    this.store = store;
    this.templates = new JobTemplates(ids);
  }

  @Override
  public Duration run() {
    DueSchedules found = store.due(BATCH + unreadable.size());
    int readable = 0;
    int fired = 0;
    for (ScheduleRecord schedule : found.due()) {
      if (!Long.valueOf(schedule.version()).equals(unreadable.get(schedule.name()))) {
        readable++;
        fired += fire(schedule, found.now()) ? 1 : 0;
      }
    }
    if (readable > 0) {
      return fired > 0 ? Duration.ZERO : SOON;
    }
    return found.nextDue().filter(due -> due.compareTo(LONGEST_SLEEP) < 0).orElse(LONGEST_SLEEP);
  }

  private boolean fire(ScheduleRecord schedule, Instant now) {
    Fire fire;
    try {
      fire =
          new FirePlan(
                  schedule,
                  StoredSchedules.timetable(schedule),
                  now,
                  slot -> templates.draft(schedule.job(), schedule.name(), slot))
              .make();
    } catch (RuntimeException unknown) {
      unreadable.put(schedule.name(), schedule.version());
      log.atWarn()
          .addKeyValue("schedule", schedule.name())
          .log(
              "Schedule '{}' cannot be read by this node: {}; other nodes may fire it.",
              schedule.name(),
              unknown.getMessage());
      return false;
    }
    boolean isDone;
    try {
      isDone = store.fire(fire);
    } catch (BusyException held) {
      return false; // others hold this schedule: the next turn tries it again
    }
    if (isDone && fire.slots().stream().anyMatch(slot -> slot.kind() != Kind.ON_TIME)) {
      log.atWarn()
          .addKeyValue("schedule", schedule.name())
          .log("Schedule '{}' missed its fire times from {} on.", schedule.name(), fire.slot());
    }
    return isDone;
  }
}
