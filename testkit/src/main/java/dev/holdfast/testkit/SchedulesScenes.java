package dev.holdfast.testkit;

import static dev.holdfast.test.time.VirtualHandlerThreads.sleep;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.HandlerPolicy;
import dev.holdfast.Job;
import dev.holdfast.JobFilter;
import dev.holdfast.JobId;
import dev.holdfast.NodeCommand;
import dev.holdfast.PageRequest;
import dev.holdfast.Schedule;
import dev.holdfast.ScheduleFire;
import dev.holdfast.ScheduleFire.Kind;
import dev.holdfast.spi.record.ScheduleRecord;
import dev.holdfast.timetable.MissedFires;
import dev.holdfast.timetable.Overlap;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Recurring jobs on nodes that start, die and pause. */
@Tag("R-25")
public abstract class SchedulesScenes extends EngineScene {
  private static final Duration HOUR = Duration.ofHours(1);

  private void declare(Schedule schedule) {
    world.queue().schedules().put(schedule);
  }

  private static Schedule every(Duration interval) {
    return Schedule.every("s", interval, job());
  }

  /** Returns its fires in the order of their fire times. */
  private List<ScheduleFire> fires() {
    List<ScheduleFire> fires = new ArrayList<>(world.queue().schedules().fires("s", 5_000));
    Collections.reverse(fires);
    return fires;
  }

  private List<Kind> kinds() {
    return fires().stream().map(ScheduleFire::kind).toList();
  }

  private long jobs() {
    long jobs = 0;
    Optional<JobId> after = Optional.empty();
    do {
      PageRequest page = after.map(PageRequest.first(500)::after).orElse(PageRequest.first(500));
      List<Job> some = world.store().list(JobFilter.all(), page);
      jobs += some.size();
      after = some.size() < 500 ? Optional.empty() : Optional.of(some.get(499).id());
    } while (after.isPresent());
    return jobs;
  }

  private Instant next() {
    return world.queue().schedules().find("s").orElseThrow().nextSlot().orElseThrow();
  }

  /** Checks that each fire time from the first to the last one, an interval apart, fired once. */
  private void assertEachSlotFired(Instant first, Duration interval, int count) {
    List<Instant> expected = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      expected.add(first.plus(interval.multipliedBy(i)));
    }
    assertThat(fires()).extracting(ScheduleFire::slot).containsExactlyElementsOf(expected);
    assertThat(jobs()).isEqualTo(count);
  }

  private void handleAtOnce() {
    world.handle("t", String.class, (payload, job) -> "done", STEADY);
  }

  @Nested
  class A_schedule {
    @Test
    void fires_at_its_fire_times_never_before_them_and_at_once_after_them() {
      handle((payload, job) -> "done");
      declare(every(MINUTE));
      Instant first = next();

      advance(MINUTE.multipliedBy(15).plusSeconds(1));

      assertEachSlotFired(first, MINUTE, 15);
      assertThat(kinds()).containsOnly(Kind.ON_TIME);
      assertThat(fires())
          .allSatisfy(
              fire ->
                  assertThat(Duration.between(fire.slot(), fire.firedAt()))
                      .isBetween(Duration.ZERO, millis(50)));
    }

    @Test
    void declared_while_nodes_sleep_wakes_them() {
      handle((payload, job) -> "done");
      advance(MINUTE);

      declare(every(SECOND));
      advance(millis(1_100));

      assertThat(kinds()).containsExactly(Kind.ON_TIME);
    }

    @Test
    void by_the_calendar_fires_by_the_clock_of_its_zone() {
      handle((payload, job) -> "done");
      declare(Schedule.cron("s", "5,25,45 * * * *", "Asia/Kathmandu", job())); // 5:45 ahead

      advance(MINUTE.multipliedBy(40));

      assertThat(kinds()).hasSize(2);
      assertThat(fires())
          .allSatisfy(fire -> assertThat(fire.slot().getEpochSecond() % 1_200).isZero());
    }

    @Test
    void fires_on_a_node_that_is_draining() {
      handle((payload, job) -> "done");
      world.queue().nodes().command(NodeCommand.DRAIN, List.of());
      advance(MINUTE);

      declare(every(SECOND));
      advance(millis(3_100));

      assertThat(kinds()).hasSize(3);
    }

    @Test
    void that_no_node_can_read_keeps_no_other_from_firing() {
      handle((payload, job) -> "done");
      ScheduleRecord wrong =
          new ScheduleRecord(
              "a",
              Optional.of("at noon"),
              Optional.empty(),
              "Mars/Olympus",
              "{}",
              MissedFires.once(),
              Overlap.ALLOW,
              "test",
              Optional.empty(),
              Optional.of(world.time().now()),
              Optional.empty(),
              Optional.empty(),
              1,
              world.time().now(),
              world.time().now());
      world.store().schedules().put(wrong);
      declare(every(SECOND));

      advance(millis(5_100));

      assertThat(kinds()).hasSize(5);
      assertThat(world.dutyFailures()).isEmpty();
    }
  }

  @Nested
  class Several_nodes {
    @Test
    void fire_each_time_once() {
      handleAtOnce();
      for (String name : List.of("a", "b", "c", "d")) {
        world.start(name);
      }
      declare(every(SECOND));
      Instant first = next();

      advance(seconds(120).plusMillis(500));

      assertEachSlotFired(first, SECOND, 120);
    }

    @Test
    void fire_each_time_though_they_die_and_come_back() {
      handleAtOnce();
      List<String> names = List.of("a", "b", "c", "d");
      names.forEach(world::start);
      declare(every(SECOND).missed(MissedFires.catchUp(100)));
      Instant first = next();

      for (int i = 0; i < 60; i++) {
        String name = names.get(i % names.size());
        world.crash(name);
        advance(millis(1_700));
        world.start(name);
        advance(millis(300));
      }
      advance(millis(500));

      assertEachSlotFired(first, SECOND, 120);
    }

    @Test
    void fire_at_once_when_the_one_that_slept_longest_wakes_late() {
      handleAtOnce();
      world.start("a");
      world.start("b");
      declare(every(MINUTE));
      world.pause("a", MINUTE.multipliedBy(5));

      advance(MINUTE.multipliedBy(4).plusMillis(100));

      assertThat(kinds()).hasSize(4).containsOnly(Kind.ON_TIME);
      advance(MINUTE.multipliedBy(4));
      assertThat(kinds()).hasSize(8).containsOnly(Kind.ON_TIME);
      assertThat(jobs()).isEqualTo(8);
    }
  }

  /** Fire times every 10 minutes; no node is up from 10:00:05 for this long. */
  @Nested
  class After_a_time_without_nodes {
    private final Duration interval = MINUTE.multipliedBy(10);

    private void beDown(MissedFires missed, Duration downtime) {
      handleAtOnce();
      declare(every(interval).missed(missed));
      world.start("a");
      advance(interval.plusSeconds(5));
      world.crash("a");
      advance(downtime);
      world.start("a");
      advance(SECOND);
    }

    @Test
    void missed_fire_times_can_be_skipped() {
      beDown(MissedFires.skip(), HOUR.plus(MINUTE.multipliedBy(5)));

      assertThat(kinds()).containsExactly(Kind.ON_TIME, Kind.MISSED);
      assertThat(jobs()).isEqualTo(1);
      advance(interval);
      assertThat(kinds()).containsExactly(Kind.ON_TIME, Kind.MISSED, Kind.ON_TIME);
    }

    @Test
    void the_newest_fire_time_is_fired_when_it_is_not_missed_yet() {
      beDown(MissedFires.skip(), HOUR.plusSeconds(20));

      assertThat(kinds()).containsExactly(Kind.ON_TIME, Kind.MISSED, Kind.ON_TIME);
      assertThat(jobs()).isEqualTo(2);
    }

    @Test
    void one_job_can_make_up_for_all_missed_fire_times() {
      beDown(MissedFires.once(), HOUR.plus(MINUTE.multipliedBy(5)));

      assertThat(kinds()).containsExactly(Kind.ON_TIME, Kind.LATE);
      assertThat(fires().get(1).slot()).isEqualTo(fires().get(0).slot().plus(HOUR));
      assertThat(jobs()).isEqualTo(2);
      advance(interval);
      assertThat(kinds()).containsExactly(Kind.ON_TIME, Kind.LATE, Kind.ON_TIME);
    }

    @Test
    void each_missed_fire_time_can_be_made_up_for() {
      Instant first = world.time().now().plus(interval);
      beDown(MissedFires.catchUp(100), HOUR.plus(MINUTE.multipliedBy(5)));

      assertEachSlotFired(first, interval, 7);
      assertThat(kinds().subList(1, 7)).containsOnly(Kind.LATE);
    }

    @Test
    void no_more_are_made_up_for_than_the_newest_of_the_cap() {
      beDown(MissedFires.catchUp(3), HOUR.plus(MINUTE.multipliedBy(5)));

      assertThat(kinds())
          .containsExactly(Kind.ON_TIME, Kind.MISSED, Kind.LATE, Kind.LATE, Kind.LATE);
      assertThat(fires().get(4).slot()).isEqualTo(fires().get(0).slot().plus(HOUR));
      assertThat(jobs()).isEqualTo(4);
    }

    @Test
    void a_fire_time_that_is_a_little_late_is_fired_as_if_on_time() {
      beDown(MissedFires.skip().after(MINUTE.multipliedBy(6)), interval.plus(MINUTE));

      assertThat(kinds()).containsExactly(Kind.ON_TIME, Kind.ON_TIME);
    }

    @Test
    void a_long_one_costs_no_more_than_a_short_one() {
      handleAtOnce();
      declare(every(SECOND).missed(MissedFires.catchUp(5)));
      advance(Duration.ofDays(3_000));

      world.start("a");
      advance(millis(500));

      assertThat(kinds())
          .containsExactly(
              Kind.MISSED, Kind.ON_TIME, Kind.ON_TIME, Kind.ON_TIME, Kind.ON_TIME, Kind.ON_TIME);
    }

    @Test
    void fire_times_in_a_pause_are_not_missed() {
      handle((payload, job) -> "done");
      declare(every(interval).missed(MissedFires.catchUp(100)));
      world.queue().schedules().pause("s");
      advance(interval.multipliedBy(2).plus(MINUTE.multipliedBy(5)));

      world.queue().schedules().resume("s");
      advance(interval);

      assertThat(kinds()).containsExactly(Kind.ON_TIME);
    }
  }

  @Nested
  class A_clock_that_is_set {
    @Test
    void back_lets_nothing_fire_twice() {
      handle((payload, job) -> "done");
      declare(every(MINUTE));
      Instant first = next();
      advance(MINUTE.multipliedBy(5).plusSeconds(1));

      world.time().stepWallClock(MINUTE.multipliedBy(-3));
      advance(MINUTE.multipliedBy(5).plusSeconds(15));

      assertEachSlotFired(first, MINUTE, 7);
    }

    @Test
    void forward_misses_fire_times_as_an_outage_does() {
      handle((payload, job) -> "done");
      declare(every(MINUTE).missed(MissedFires.catchUp(100)));
      Instant first = next();
      advance(MINUTE.plusSeconds(1));

      world.time().stepWallClock(HOUR);
      advance(seconds(30));

      assertEachSlotFired(first, MINUTE, 61);
    }
  }

  @Nested
  class A_schedule_that_must_not_overlap {
    @Test
    void waits_for_the_fire_time_after_the_end_of_its_job() {
      handle(
          (payload, job) -> {
            sleep(seconds(25));
            return "done";
          },
          HandlerPolicy.defaults());
      declare(every(seconds(10)).overlap(Overlap.SKIP));

      advance(seconds(75));

      assertThat(kinds())
          .containsExactly(
              Kind.ON_TIME,
              Kind.OVERLAPPED,
              Kind.OVERLAPPED,
              Kind.ON_TIME,
              Kind.OVERLAPPED,
              Kind.OVERLAPPED,
              Kind.ON_TIME);
    }
  }
}
