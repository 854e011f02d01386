package dev.holdfast.engine;

import dev.holdfast.ScheduleFire.Kind;
import dev.holdfast.spi.DueSchedules;
import dev.holdfast.spi.Duty;
import dev.holdfast.spi.Fire;
import dev.holdfast.spi.ScheduleRecord;
import dev.holdfast.spi.ScheduleStore;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets schedules fire when they have come to a slot. Every node does, and the store sees to it that
 * one of them does it: whoever comes second changes nothing.
 */
final class Firing implements Duty {
  private static final Logger log = LoggerFactory.getLogger(Firing.class);
  private static final int BATCH = 100;

  /** Others may declare schedules whose signal is lost, and the store's clock may be set. */
  private static final Duration LONGEST_SLEEP = Duration.ofSeconds(10);

  /** After a slot that another node was about to fire. */
  private static final Duration SOON = Duration.ofMillis(100);

  private final ScheduleStore store;
  private final JobTemplates templates;
  private final Map<String, Long> unreadable = new HashMap<>(); // names with their versions

  Firing(ScheduleStore store, JobTemplates templates) {
    this.store = store;
    this.templates = templates;
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
    boolean isDone = store.fire(fire);
    if (isDone && fire.slots().stream().anyMatch(slot -> slot.kind() != Kind.ON_TIME)) {
      log.atWarn()
          .addKeyValue("schedule", schedule.name())
          .log("Schedule '{}' missed its slots from {} on.", schedule.name(), fire.slot());
    }
    return isDone;
  }
}
