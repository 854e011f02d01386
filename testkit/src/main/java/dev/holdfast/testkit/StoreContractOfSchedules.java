package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.Job;
import dev.holdfast.JobFilter;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.NewJob;
import dev.holdfast.PageRequest;
import dev.holdfast.QueueStatus;
import dev.holdfast.Retention;
import dev.holdfast.Schedule;
import dev.holdfast.ScheduleFire;
import dev.holdfast.ScheduleFire.Kind;
import dev.holdfast.ScheduleStatus;
import dev.holdfast.Schedules;
import dev.holdfast.Schedules.Declared;
import dev.holdfast.Waits;
import dev.holdfast.error.ConflictException;
import dev.holdfast.error.NotFoundException;
import dev.holdfast.spi.DueSchedules;
import dev.holdfast.spi.Fire;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.ScheduleStore;
import dev.holdfast.spi.Signal;
import dev.holdfast.spi.record.JobDraft;
import dev.holdfast.spi.record.Move;
import dev.holdfast.spi.record.ScheduleRecord;
import dev.holdfast.timetable.MissedFires;
import dev.holdfast.timetable.Overlap;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A chapter of {@link JobStoreContract}: schedules, and that each fire time fires once. */
abstract class StoreContractOfSchedules extends StoreFixture {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private ScheduleStore stored;
  private Schedules schedules;

  @BeforeEach
  final void openSchedules() {
    stored = store.schedules();
    schedules = queue.schedules();
  }

  private static Schedule everyMinute(String name) {
    return Schedule.every(name, MINUTE, mail());
  }

  private ScheduleStatus status(String name) {
    return schedules.find(name).orElseThrow();
  }

  private ScheduleRecord record(String name) {
    return stored.find(name).orElseThrow();
  }

  private Instant slot(String name) {
    return record(name).nextSlot().orElseThrow();
  }

  private JobDraft draft() {
    return new JobDraft(
        new JobId(new UUID(random.nextLong(), random.nextLong())),
        "default",
        TYPE,
        "1",
        1,
        0,
        Optional.empty(),
        Optional.empty(),
        4,
        Optional.empty(),
        Optional.empty(),
        NewJob.DEFAULT_KEY_KEPT,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Waits.none());
  }

  /** Returns a fire at the schedule's current fire time; the next one is a minute later. */
  private Fire fireOf(String name) {
    return fireOf(name, 1);
  }

  private Fire fireOf(String name, int slots) {
    ScheduleRecord schedule = record(name);
    Instant slot = schedule.nextSlot().orElseThrow();
    List<Fire.Slot> all = new ArrayList<>();
    for (int i = 0; i < slots; i++) {
      Instant at = slot.plus(MINUTE.multipliedBy(i));
      all.add(new Fire.Slot(at, Kind.ON_TIME, Optional.of(draft())));
    }
    Optional<Instant> next = Optional.of(slot.plus(MINUTE.multipliedBy(slots)));
    return new Fire(name, schedule.version(), slot, next, all);
  }

  private List<Job> jobs() {
    return store.list(JobFilter.all(), PageRequest.first(100));
  }

  private List<Kind> kinds(String name) {
    return schedules.fires(name, 100).stream().map(ScheduleFire::kind).toList();
  }

  @Nested
  @Tag("R-25")
  class A_schedule_that_is_declared {
    @Test
    void is_stored_as_declared_and_at_its_first_fire_time() {
      NewJob job =
          NewJob.of(TYPE, Map.of("b", 1, "a", List.of("ä", 0.1)))
              .on("letters")
              .priority(7)
              .maxAttempts(2)
              .timeout(SECOND)
              .group("g")
              .tags("x", "y");
      MissedFires missed = MissedFires.catchUp(17).after(Duration.ofHours(1));

      Declared declared =
          schedules.put(
              Schedule.cron("nightly", "30 3 * * *", "Asia/Tokyo", job)
                  .missed(missed)
                  .overlap(Overlap.SKIP)
                  .declaredBy("ada"));

      assertThat(declared).isEqualTo(Declared.CREATED);
      ScheduleStatus status = status("nightly");
      assertThat(status.timetable()).hasToString("30 3 * * * Asia/Tokyo");
      assertThat(status.job())
          .contains("{\"a\":[\"ä\",0.1],\"b\":1}", "\"letters\"", "\"timeout_ms\":1000");
      assertThat(status.missed()).isEqualTo(missed);
      assertThat(status.overlap()).isEqualTo(Overlap.SKIP);
      assertThat(status.declaredBy()).isEqualTo("ada");
      assertThat(status.createdAt()).isEqualTo(time.now());
      assertThat(status.nextSlot()).isEqualTo(status.timetable().first(time.now()));
      assertThat(status.lastSlot()).isEmpty();
      assertThat(schedules.list()).containsExactly(status);
    }

    @Test
    void is_unchanged_when_it_is_declared_again() {
      schedules.put(everyMinute("s"));
      ScheduleRecord before = record("s");
      time.advance(SECOND);

      assertThat(schedules.put(everyMinute("s"))).isEqualTo(Declared.UNCHANGED);

      assertThat(record("s")).isEqualTo(before);
    }

    @Test
    void keeps_its_fire_time_when_only_its_job_changes() {
      schedules.put(everyMinute("s"));
      Instant slot = slot("s");
      time.advance(SECOND);

      Declared declared = schedules.put(Schedule.every("s", MINUTE, NewJob.of(TYPE, "grace")));

      assertThat(declared).isEqualTo(Declared.CHANGED);
      assertThat(slot("s")).isEqualTo(slot);
      assertThat(status("s").job()).contains("grace");
      assertThat(status("s").updatedAt()).isEqualTo(time.now());
    }

    @Test
    void restarts_when_its_timetable_changes() {
      schedules.put(everyMinute("s"));
      time.advance(SECOND);

      schedules.put(Schedule.every("s", SECOND, mail()));

      assertThat(slot("s")).isEqualTo(time.now().plus(SECOND));
    }

    @Test
    void stays_paused_when_it_is_declared_again() {
      schedules.put(everyMinute("s"));
      schedules.pause("s");

      schedules.put(Schedule.every("s", SECOND, mail()));

      assertThat(status("s").pausedAt()).contains(time.now());
    }

    @Test
    void is_declared_once_by_many_at_once() {
      List<Callable<Declared>> calls = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        calls.add(() -> schedules.put(everyMinute("s")));
      }

      List<Declared> answers = atOnce(calls);

      assertThat(answers).containsOnlyOnce(Declared.CREATED);
      assertThat(answers).doesNotContain(Declared.CHANGED);
      assertThat(schedules.list()).hasSize(1);
    }

    @Test
    void notifies_others() {
      ConcurrentLinkedQueue<Signal> heard = new ConcurrentLinkedQueue<>();
      try (JobStore.Subscription unused = subscribe(heard::add)) {
        schedules.put(everyMinute("s"));
      }

      assertThat(heard).contains(Signal.SCHEDULES);
    }

    @Test
    void is_refused_with_a_job_that_could_not_be_enqueued() {
      String large = "x".repeat(2 << 20);

      assertThatThrownBy(() -> schedules.put(Schedule.every("s", MINUTE, NewJob.of(TYPE, large))))
          .hasMessageContaining("bytes of JSON");
      assertThat(schedules.list()).isEmpty();
    }

    @Test
    void is_gone_when_it_is_removed_and_its_jobs_stay() {
      schedules.put(everyMinute("s"));
      JobId job = schedules.trigger("s");

      assertThat(schedules.remove("s")).isTrue();

      assertThat(schedules.remove("s")).isFalse();
      assertThat(schedules.find("s")).isEmpty();
      assertThat(schedules.fires("s", 10)).isEmpty();
      assertThat(store.find(job)).isPresent();
    }

    @Test
    void is_listed_by_its_name() {
      schedules.put(everyMinute("b"));
      schedules.put(everyMinute("a"));
      schedules.put(everyMinute("B"));

      assertThat(schedules.list()).extracting(ScheduleStatus::name).containsExactly("B", "a", "b");
    }
  }

  @Nested
  @Tag("R-25")
  class A_fire_time {
    @BeforeEach
    void declare() {
      schedules.put(everyMinute("s"));
    }

    @Test
    void is_not_due_before_its_time() {
      time.advance(MINUTE.minusMillis(1));

      DueSchedules due = stored.due(10);

      assertThat(due.due()).isEmpty();
      assertThat(due.nextDue()).contains(Duration.ofMillis(1));
      assertThat(stored.fire(fireOf("s"))).isFalse();
      assertThat(jobs()).isEmpty();
    }

    @Test
    void makes_its_job_and_moves_the_schedule_on() {
      time.advance(MINUTE);
      assertThat(stored.due(10).due()).containsExactly(record("s"));
      Fire fire = fireOf("s");

      assertThat(stored.fire(fire)).isTrue();

      JobId made = fire.slots().get(0).job().orElseThrow().id();
      assertThat(job(made).state()).isEqualTo(JobState.PENDING);
      assertThat(path(made)).containsExactly(JobState.PENDING);
      assertThat(status("s").lastSlot()).contains(fire.slot());
      assertThat(status("s").lastJob()).contains(made);
      assertThat(status("s").nextSlot()).isEqualTo(fire.next());
      assertThat(schedules.fires("s", 10))
          .containsExactly(
              new ScheduleFire(fire.slot(), Kind.ON_TIME, Optional.of(made), time.now()));
      assertThat(stored.due(10).due()).isEmpty();
    }

    @Test
    void fires_once_for_all_who_try() {
      time.advance(MINUTE);
      List<Callable<Boolean>> calls = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        ScheduleStore own = i % 2 == 0 ? stored : other().schedules();
        Fire fire = fireOf("s");
        calls.add(() -> own.fire(fire));
      }

      assertThat(atOnce(calls)).containsOnlyOnce(true);

      assertThat(jobs()).hasSize(1);
    }

    @Test
    void is_not_fired_by_who_comes_second_though_the_next_one_is_due_too() {
      time.advance(MINUTE.multipliedBy(2));
      Fire first = fireOf("s");
      Fire second = fireOf("s");
      stored.fire(first);
      ScheduleRecord before = record("s");

      assertThat(stored.fire(second)).isFalse();

      assertThat(record("s")).isEqualTo(before);
      assertThat(jobs()).hasSize(1);
    }

    @Test
    void that_was_fired_makes_no_job_though_the_schedule_was_set_back() {
      time.advance(MINUTE);
      Fire fire = fireOf("s");
      stored.fire(fire);
      ScheduleRecord now = record("s");
      schedules.pause("s");
      stored.resume("s", now.version() + 1, Optional.of(fire.slot()));

      assertThat(stored.fire(fireOf("s"))).isTrue();

      assertThat(jobs()).hasSize(1);
      assertThat(slot("s")).isAfter(fire.slot());
    }

    @Test
    void is_not_fired_by_who_knows_an_older_declaration() {
      time.advance(MINUTE);
      Fire fire = fireOf("s");
      schedules.put(Schedule.every("s", MINUTE, NewJob.of(TYPE, "grace")));

      assertThat(stored.fire(fire)).isFalse();

      assertThat(jobs()).isEmpty();
    }

    @Test
    void of_a_schedule_that_is_gone_is_not_fired() {
      time.advance(MINUTE);
      Fire fire = fireOf("s");
      schedules.remove("s");

      assertThat(stored.fire(fire)).isFalse();

      assertThat(jobs()).isEmpty();
    }

    @Test
    void can_make_up_for_several() {
      time.advance(MINUTE.multipliedBy(3));

      assertThat(stored.fire(fireOf("s", 3))).isTrue();

      assertThat(jobs()).hasSize(3);
      assertThat(kinds("s")).hasSize(3);
      assertThat(slot("s")).isEqualTo(time.now().plus(MINUTE));
    }

    @Test
    void that_is_passed_over_is_remembered_without_a_job() {
      time.advance(MINUTE);
      Fire fire = fireOf("s");
      Fire.Slot passed = new Fire.Slot(fire.slot(), Kind.MISSED, Optional.empty());

      stored.fire(new Fire("s", fire.version(), fire.slot(), Optional.empty(), List.of(passed)));

      assertThat(jobs()).isEmpty();
      assertThat(schedules.fires("s", 10))
          .containsExactly(
              new ScheduleFire(fire.slot(), Kind.MISSED, Optional.empty(), time.now()));
      assertThat(status("s").nextSlot()).isEmpty();
      assertThat(status("s").lastSlot()).isEmpty();
      assertThat(stored.due(10).due()).isEmpty();
    }

    @Test
    void is_forgotten_by_retention_after_a_week() {
      time.advance(MINUTE);
      stored.fire(fireOf("s"));
      time.advance(Duration.ofDays(7));
      store.maintenance().sweep(Retention.defaults(), Optional.empty(), 100);
      assertThat(kinds("s")).hasSize(1);

      time.advance(SECOND);
      store.maintenance().sweep(Retention.defaults(), Optional.empty(), 100);

      assertThat(kinds("s")).isEmpty();
    }
  }

  @Nested
  @Tag("R-25")
  class A_schedule_that_must_not_overlap {
    @BeforeEach
    void declare() {
      schedules.put(everyMinute("s").overlap(Overlap.SKIP));
      time.advance(MINUTE);
      stored.fire(fireOf("s"));
      time.advance(MINUTE);
    }

    @Test
    void skips_a_fire_time_while_its_job_has_not_finished() {
      assertThat(stored.fire(fireOf("s"))).isTrue();

      assertThat(jobs()).hasSize(1);
      assertThat(kinds("s")).containsExactly(Kind.OVERLAPPED, Kind.ON_TIME);
    }

    @Test
    void fires_when_its_job_has_finished() {
      store.cancel(List.of(jobs().get(0).id()), "test");

      stored.fire(fireOf("s"));

      assertThat(jobs()).hasSize(2);
    }

    @Test
    void fires_when_its_job_is_gone() {
      store.delete(List.of(jobs().get(0).id()));

      stored.fire(fireOf("s"));

      assertThat(jobs()).hasSize(1);
      assertThat(kinds("s")).containsExactly(Kind.ON_TIME, Kind.ON_TIME);
    }

    @Test
    void creates_one_job_for_several_fire_times() {
      store.cancel(List.of(jobs().get(0).id()), "test");
      time.advance(MINUTE.multipliedBy(2));

      stored.fire(fireOf("s", 3));

      assertThat(jobs()).hasSize(2);
      assertThat(kinds("s"))
          .containsExactly(Kind.OVERLAPPED, Kind.OVERLAPPED, Kind.ON_TIME, Kind.ON_TIME);
    }
  }

  @Nested
  @Tag("R-25")
  class A_paused_schedule {
    @BeforeEach
    void declareAndPause() {
      schedules.put(everyMinute("s"));
      time.advance(SECOND);
      assertThat(schedules.pause("s")).isTrue();
    }

    @Test
    void does_not_fire() {
      time.advance(MINUTE);

      DueSchedules due = stored.due(10);

      assertThat(due.due()).isEmpty();
      assertThat(due.nextDue()).isEmpty();
      assertThat(stored.fire(fireOf("s"))).isFalse();
      assertThat(jobs()).isEmpty();
      assertThat(schedules.pause("s")).isFalse();
    }

    @Test
    void continues_with_the_first_fire_time_after_the_pause() {
      Instant slot = slot("s");
      time.advance(MINUTE.multipliedBy(10));

      assertThat(schedules.resume("s")).isTrue();

      assertThat(slot("s")).isEqualTo(slot.plus(MINUTE.multipliedBy(10)));
      assertThat(status("s").pausedAt()).isEmpty();
      assertThat(schedules.resume("s")).isFalse();
    }

    @Test
    void keeps_its_fire_time_when_it_is_resumed_before_it() {
      Instant slot = slot("s");

      schedules.resume("s");

      assertThat(slot("s")).isEqualTo(slot);
    }

    @Test
    void can_be_asked_for_a_job() {
      JobId job = schedules.trigger("s");

      assertThat(job(job).state()).isEqualTo(JobState.PENDING);
    }
  }

  @Nested
  @Tag("R-25")
  class A_job_that_is_asked_for_by_hand {
    @Test
    void is_created_at_once_and_leaves_the_fire_times_unchanged() {
      schedules.put(Schedule.every("s", MINUTE, mail().metadata(Map.of("a", 1))));
      ScheduleRecord before = record("s");

      JobId id = schedules.trigger("s");

      assertThat(record("s")).isEqualTo(before);
      ScheduleFire fire = schedules.fires("s", 1).get(0);
      assertThat(fire.kind()).isEqualTo(Kind.BY_HAND);
      assertThat(fire.job()).contains(id);
      assertThat(job(id).payload()).isEqualTo("\"ada\"");
      assertThat(job(id).createdBy()).contains("schedule:s");
      assertThat(job(id).metadata().orElseThrow())
          .contains("\"a\":1", "\"schedule\":\"s\"", "\"slot\":\"" + fire.slot() + "\"");
    }

    @Test
    void is_one_each_time_even_at_the_same_instant() {
      schedules.put(everyMinute("s"));

      schedules.trigger("s");
      schedules.trigger("s");

      assertThat(jobs()).hasSize(2);
      assertThat(kinds("s")).containsExactly(Kind.BY_HAND, Kind.BY_HAND);
    }

    @Test
    void needs_a_schedule() {
      assertThatThrownBy(() -> schedules.trigger("none"))
          .isInstanceOf(NotFoundException.class)
          .hasMessage("there is no schedule 'none'");
      assertThatThrownBy(() -> schedules.pause("none")).isInstanceOf(NotFoundException.class);
      assertThatThrownBy(() -> schedules.resume("none")).isInstanceOf(NotFoundException.class);
    }
  }

  @Nested
  @Tag("R-25")
  class Schedules_that_are_taken_elsewhere {
    @Test
    void are_at_the_same_fire_times() {
      schedules.put(everyMinute("a").overlap(Overlap.SKIP));
      schedules.put(Schedule.cron("b", "0 3 * * *", "UTC", mail()));
      time.advance(MINUTE);
      stored.fire(fireOf("a"));
      schedules.pause("b");
      List<ScheduleRecord> taken = store.maintenance().archive().schedules();
      schedules.remove("a");
      schedules.remove("b");

      assertThat(store.maintenance().archive().loadSchedules(taken)).isEqualTo(2);

      assertThat(store.maintenance().archive().schedules()).isEqualTo(taken);
    }

    @Test
    void leave_existing_ones_unchanged() {
      schedules.put(everyMinute("a"));
      List<ScheduleRecord> taken = store.maintenance().archive().schedules();
      schedules.put(Schedule.every("a", SECOND, mail()));
      ScheduleRecord before = record("a");

      assertThat(store.maintenance().archive().loadSchedules(taken)).isZero();

      assertThat(record("a")).isEqualTo(before);
    }

    @Test
    void replace_all_of_a_copy() {
      schedules.put(everyMinute("a"));
      List<ScheduleRecord> taken = store.maintenance().archive().schedules();
      schedules.remove("a");
      schedules.put(everyMinute("gone"));
      assertThatThrownBy(() -> store.maintenance().archive().fillSchedules(taken))
          .isInstanceOf(ConflictException.class);

      store.maintenance().archive().fence(new Move(Move.Direction.COMING, "elsewhere"));
      store.maintenance().archive().fillSchedules(taken);

      assertThat(schedules.list()).extracting(ScheduleStatus::name).containsExactly("a");
    }

    @Test
    void do_not_fire_where_they_came_from() {
      schedules.put(everyMinute("a"));
      time.advance(MINUTE);
      Fire fire = fireOf("a");
      store.maintenance().archive().fence(new Move(Move.Direction.GOING, "elsewhere"));

      assertThatThrownBy(() -> stored.fire(fire)).isInstanceOf(ConflictException.class);
      assertThatThrownBy(() -> schedules.put(everyMinute("b")))
          .isInstanceOf(ConflictException.class);
      store.maintenance().archive().unfence();
    }
  }

  @Nested
  @Tag("R-25")
  class The_health {
    @Test
    void tells_of_schedules_that_should_have_fired_a_minute_ago() {
      schedules.put(everyMinute("s"));
      schedules.put(everyMinute("paused"));
      schedules.pause("paused");
      Instant slot = slot("s");
      time.advance(MINUTE.multipliedBy(2));
      assertThat(store.insights().status().overdue()).isEmpty();

      time.advance(SECOND);

      assertThat(store.insights().status().overdue())
          .containsExactly(new QueueStatus.Overdue("s", slot));
      assertThat(store.insights().status().problems())
          .anySatisfy(
              problem -> {
                assertThat(problem.code()).isEqualTo("schedule-overdue");
                assertThat(problem.text()).contains("'s'", slot.toString());
              });
    }
  }
}
