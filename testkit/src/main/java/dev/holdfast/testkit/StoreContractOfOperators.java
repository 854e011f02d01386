package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.Job;
import dev.holdfast.JobEvent;
import dev.holdfast.JobId;
import dev.holdfast.JobQueue.Changed;
import dev.holdfast.JobState;
import dev.holdfast.LogFilter;
import dev.holdfast.LogLine;
import dev.holdfast.NewJob;
import dev.holdfast.NodeId;
import dev.holdfast.Retention;
import dev.holdfast.error.ConflictException;
import dev.holdfast.spi.Claim;
import dev.holdfast.spi.Claimed;
import dev.holdfast.spi.HandlerOutput;
import dev.holdfast.spi.Promotion;
import dev.holdfast.spi.Sweep;
import dev.holdfast.spi.Transition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;

/** A chapter of {@link JobStoreContract}: actions of operators on jobs. */
abstract class StoreContractOfOperators extends StoreFixture {
  @Nested
  @Tag("R-20")
  class Cancelling {
    private NodeId node;

    @BeforeEach
    void registerNode() {
      node = register("a");
    }

    @Test
    void ends_jobs_that_have_not_finished() {
      for (JobState state : reachable()) {
        if (state.isFinished()) {
          continue;
        }
        JobId id = jobIn(state);
        long token = job(id).token();
        time.advance(SECOND);

        List<Changed> changed = store.cancel(List.of(id), "ops");

        assertThat(changed).containsExactly(new Changed(id, Optional.of(state), true));
        assertThat(job(id).state()).isEqualTo(JobState.CANCELLED);
        assertThat(job(id).finishedAt()).contains(time.now());
        assertThat(job(id).token()).as("token from %s", state).isGreaterThan(token);
        JobEvent last = lastEvent(id);
        assertThat(last.from()).contains(state);
        assertThat(last.to()).isEqualTo(JobState.CANCELLED);
        assertThat(last.by()).isEqualTo("ops");
      }
    }

    @Test
    void leaves_finished_and_unknown_jobs_alone() {
      JobId unknown = new JobId(new UUID(1, 1));
      JobId completed = jobIn(JobState.COMPLETED);
      JobId failed = jobIn(JobState.FAILED);
      JobId pending = jobIn(JobState.PENDING);

      List<Changed> changed = store.cancel(List.of(unknown, completed, pending, failed), "ops");

      assertThat(changed)
          .containsExactly(
              new Changed(unknown, Optional.empty(), false),
              new Changed(completed, Optional.of(JobState.COMPLETED), false),
              new Changed(pending, Optional.of(JobState.PENDING), true),
              new Changed(failed, Optional.of(JobState.FAILED), false));
      assertThat(job(completed).state()).isEqualTo(JobState.COMPLETED);
      assertThat(job(failed).state()).isEqualTo(JobState.FAILED);
    }

    @Test
    void takes_a_running_job_from_its_holder() {
      JobId id = enqueue(mail());
      claimOne(node);

      store.cancel(List.of(id), "ops");

      assertThat(store.nodes().held(node)).isEmpty();
    }

    @Test
    void keeps_a_waiting_job_from_being_claimed_or_promoted() {
      JobId pending = enqueue(mail());
      JobId scheduled = enqueue(mail().in(SECOND));

      store.cancel(List.of(pending, scheduled), "ops");

      time.advance(SECOND);
      assertThat(store.promote(10)).isEqualTo(new Promotion(0, Optional.empty()));
      assertThat(claim(node, 10)).isEmpty();
    }
  }

  @Nested
  @Tag("R-18")
  class Retrying {
    @Test
    void puts_failed_cancelled_and_interrupted_jobs_back_with_all_attempts_before_them() {
      for (JobState state : List.of(JobState.FAILED, JobState.CANCELLED, JobState.INTERRUPTED)) {
        JobId id = jobIn(state);
        long token = job(id).token();
        time.advance(SECOND);

        assertThat(store.retry(List.of(id), "ops"))
            .containsExactly(new Changed(id, Optional.of(state), true));

        Job job = job(id);
        assertThat(job.state()).isEqualTo(JobState.PENDING);
        assertThat(List.of(job.attempt(), job.crashes())).containsOnly(0);
        assertThat(job.token()).isGreaterThan(token);
        assertThat(job.failure()).isEmpty();
        assertThat(job.holder()).isEmpty();
        assertThat(job.startedAt()).isEmpty();
        assertThat(job.finishedAt()).isEmpty();
        assertThat(job.interruptedAt()).isEmpty();
        assertThat(job.updatedAt()).isEqualTo(time.now());
        assertThat(claimAny(id).lease().attempt()).isEqualTo(1);
      }
    }

    @Test
    void forgets_crashes() {
      JobId id = enqueue(mail());
      Claimed claimed = claimOne(register("a"));
      store.recovery().rescue(List.of(rescue(claimed, new Transition.Hold("gone"), true)), "b");

      store.retry(List.of(id), "ops");

      assertThat(job(id).crashes()).isZero();
    }

    @Test
    void moves_the_failure_into_the_history() {
      JobId id = jobIn(JobState.FAILED);

      store.retry(List.of(id), "ops");

      JobEvent last = lastEvent(id);
      assertThat(last.from()).contains(JobState.FAILED);
      assertThat(last.to()).isEqualTo(JobState.PENDING);
      assertThat(last.by()).isEqualTo("ops");
      assertThat(store.events(id)).anyMatch(event -> event.failure().equals(Optional.of(BOOM)));
    }

    @Test
    void runs_a_job_at_once_that_was_cancelled_before_its_time() {
      JobId id = enqueue(mail().in(Duration.ofDays(1)));
      store.cancel(List.of(id), "ops");

      store.retry(List.of(id), "ops");

      assertThat(job(id).state()).isEqualTo(JobState.PENDING);
      assertThat(job(id).runAt()).isBeforeOrEqualTo(time.now());
      assertThat(ids(claim(register("a"), 1))).containsExactly(id);
    }

    @Test
    void leaves_all_others_alone() {
      for (JobState state :
          List.of(JobState.SCHEDULED, JobState.PENDING, JobState.RUNNING, JobState.COMPLETED)) {
        JobId id = jobIn(state);
        Job before = job(id);

        assertThat(store.retry(List.of(id), "ops"))
            .containsExactly(new Changed(id, Optional.of(state), false));
        assertThat(job(id)).isEqualTo(before);
      }
      JobId unknown = new JobId(new UUID(1, 1));
      assertThat(store.retry(List.of(unknown), "ops"))
          .containsExactly(new Changed(unknown, Optional.empty(), false));
    }
  }

  @Nested
  @Tag("R-59")
  class Moving {
    @Test
    void changes_the_queue_of_jobs_that_have_not_started_and_nothing_else() {
      for (JobState state : List.of(JobState.SCHEDULED, JobState.PENDING)) {
        JobId id = jobIn(state);
        Job before = job(id);
        time.advance(SECOND);

        assertThat(store.move(List.of(id), "elsewhere"))
            .containsExactly(new Changed(id, Optional.of(state), true));

        assertThat(job(id).queue()).isEqualTo("elsewhere");
        assertThat(job(id).state()).isEqualTo(state);
        assertThat(job(id).runAt()).isEqualTo(before.runAt());
        assertThat(job(id).token()).isEqualTo(before.token());
      }
    }

    @Test
    void makes_the_job_claimable_there_alone() {
      NodeId node = register("a");
      JobId id = enqueue(mail().on("here"));
      store.move(List.of(id), "there");

      assertThat(exchange(List.of(), new Claim(node, List.of("here"), Set.of(TYPE), 1)).claimed())
          .isEmpty();
      assertThat(
              ids(
                  exchange(List.of(), new Claim(node, List.of("there"), Set.of(TYPE), 1))
                      .claimed()))
          .containsExactly(id);
    }

    @Test
    void leaves_all_others_alone() {
      for (JobState state :
          EnumSet.complementOf(
              EnumSet.of(JobState.SCHEDULED, JobState.PENDING, JobState.BLOCKED))) {
        JobId id = jobIn(state);
        Job before = job(id);

        assertThat(store.move(List.of(id), "elsewhere"))
            .containsExactly(new Changed(id, Optional.of(state), false));
        assertThat(job(id)).isEqualTo(before);
      }
    }
  }

  @Nested
  @Tag("R-48")
  class Deleting {
    @Test
    void removes_jobs_in_any_state_but_running_with_all_that_belongs_to_them() {
      for (JobState state : reachable()) {
        if (state == JobState.RUNNING) {
          continue;
        }
        JobId id = jobIn(state);

        assertThat(store.delete(List.of(id)))
            .containsExactly(new Changed(id, Optional.of(state), true));

        assertThat(store.find(id)).isEmpty();
        assertThat(store.events(id)).isEmpty();
        assertThat(store.logs(LogFilter.of(id))).isEmpty();
      }
    }

    @Test
    @Tag("R-05")
    void gives_the_idempotency_key_back() {
      for (Optional<String> group : List.of(Optional.<String>empty(), Optional.of("g"))) {
        NewJob keyed = mail().unique("once");
        NewJob asked = group.map(keyed::group).orElse(keyed);
        JobId first = enqueue(asked);
        store.delete(List.of(first));

        assertThat(store.lookup().keyOwner(group, TYPE, "once")).isEmpty();
        JobId second = enqueue(asked);
        assertThat(second).isNotEqualTo(first);
        assertThat(store.find(second)).isPresent();
        assertThat(store.lookup().keyOwner(group, TYPE, "once")).contains(second);
        assertThat(enqueue(asked)).isEqualTo(second);
      }
    }

    @Test
    void removes_the_log() {
      JobId id = enqueue(mail());
      Claimed claimed = claimOne(register("a"));
      store.note(
          List.of(
              new HandlerOutput(
                  claimed.lease(), List.of(line(id, Level.INFO, "hello")), Optional.empty())));
      acknowledge(claimed, complete());

      store.delete(List.of(id));

      assertThat(store.logs(new LogFilter(Optional.empty(), Level.TRACE, 10))).isEmpty();
    }

    @Test
    void leaves_running_and_unknown_jobs_alone() {
      JobId running = jobIn(JobState.RUNNING);
      JobId unknown = new JobId(new UUID(1, 1));

      assertThat(store.delete(List.of(running, unknown)))
          .containsExactly(
              new Changed(running, Optional.of(JobState.RUNNING), false),
              new Changed(unknown, Optional.empty(), false));
      assertThat(job(running).state()).isEqualTo(JobState.RUNNING);
    }

    @Test
    void keeps_a_waiting_job_from_being_claimed_or_promoted() {
      JobId pending = enqueue(mail());
      JobId scheduled = enqueue(mail().in(SECOND));

      store.delete(List.of(pending, scheduled));

      time.advance(SECOND);
      assertThat(store.promote(10)).isEqualTo(new Promotion(0, Optional.empty()));
      assertThat(claim(register("a"), 10)).isEmpty();
    }
  }

  @Nested
  @Tag("R-30")
  class Resuming {
    @Test
    void lets_an_interrupted_job_go_on_with_the_attempt_given_back() {
      NodeId node = register("a");
      JobId id = enqueue(mail());
      Claimed claimed = claimOne(node);
      store.recovery().rescue(List.of(rescue(claimed, new Transition.Hold("gone"), true)), "b");
      long held = job(id).token();

      assertThat(store.resume(List.of(id), "ada"))
          .containsExactly(new Changed(id, Optional.of(JobState.INTERRUPTED), true));

      assertThat(job(id).state()).isEqualTo(JobState.PENDING);
      assertThat(job(id).attempt()).isZero();
      assertThat(job(id).crashes()).isEqualTo(1);
      assertThat(job(id).token()).isGreaterThan(held);
      assertThat(job(id).interruptedAt()).isEmpty();
      assertThat(job(id).holder()).isEmpty();
      assertThat(lastEvent(id).by()).isEqualTo("ada");
      path(id);
      assertThat(claimOne(node).lease().attempt()).isEqualTo(1);
    }

    @Test
    void refuses_a_job_in_any_other_state_and_an_unknown_one() {
      for (JobState state : reachable()) {
        if (state != JobState.INTERRUPTED) {
          JobId id = jobIn(state);
          Job before = job(id);

          assertThat(store.resume(List.of(id), "ada"))
              .containsExactly(new Changed(id, Optional.of(state), false));
          assertThat(job(id)).isEqualTo(before);
        }
      }
      JobId unknown = new JobId(new UUID(1, 2));
      assertThat(store.resume(List.of(unknown), "ada"))
          .containsExactly(new Changed(unknown, Optional.empty(), false));
    }
  }

  @Nested
  @Tag("R-48")
  class A_sweep {
    private static final Duration WEEK = Duration.ofDays(7);

    @Test
    void removes_finished_jobs_that_ended_long_enough_ago() {
      List<JobId> finished =
          List.of(jobIn(JobState.COMPLETED), jobIn(JobState.FAILED), jobIn(JobState.CANCELLED));

      time.advance(WEEK.minusMillis(1));
      assertThat(sweep(Retention.defaults()).removed()).isEmpty();
      time.advance(Duration.ofMillis(1));

      assertThat(sweep(Retention.defaults()).removed())
          .containsExactlyInAnyOrderElementsOf(finished);
      assertThat(finished).allSatisfy(id -> assertThat(store.find(id)).isEmpty());
    }

    @Test
    void leaves_everything_that_has_not_finished() {
      List<JobId> others =
          reachable().stream()
              .filter(state -> !state.isFinished())
              .map(state -> jobIn(state))
              .toList();
      time.advance(WEEK.multipliedBy(100));

      assertThat(sweep(Retention.finished(Duration.ZERO)).removed()).isEmpty();

      assertThat(others).allSatisfy(id -> assertThat(store.find(id)).isPresent());
    }

    @Test
    void keeps_each_state_for_its_own_time() {
      JobId completed = jobIn(JobState.COMPLETED);
      JobId failed = jobIn(JobState.FAILED);
      JobId cancelled = jobIn(JobState.CANCELLED);
      time.advance(Duration.ofDays(2));
      Retention retention =
          new Retention(
              Optional.of(Duration.ofDays(1)),
              Optional.of(Duration.ofDays(3)),
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              SECOND);

      assertThat(sweep(retention).removed()).containsExactly(completed);
      time.advance(WEEK.multipliedBy(1000));

      assertThat(sweep(retention).removed()).containsExactly(failed);
      assertThat(store.find(cancelled)).isPresent();
    }

    @Test
    void goes_in_steps_through_all_jobs() {
      List<JobId> all = new ArrayList<>();
      for (int i = 0; i < 7; i++) {
        all.add(jobIn(i % 2 == 0 ? JobState.COMPLETED : JobState.PENDING));
      }
      time.advance(WEEK);
      List<JobId> removed = new ArrayList<>();
      Optional<JobId> next = Optional.empty();
      int steps = 0;
      do {
        Sweep step = store.maintenance().sweep(Retention.defaults(), next, 2);
        removed.addAll(step.removed());
        next = step.next();
        steps++;
      } while (next.isPresent() && steps < 10);

      assertThat(removed).containsExactly(all.get(0), all.get(2), all.get(4), all.get(6));
      assertThat(steps).isEqualTo(4);
    }

    @Test
    void skips_young_jobs_whose_ids_do_not_show_their_age() {
      JobId young = new JobId(new UUID(0x4000L, Long.MIN_VALUE));
      JobId old = jobIn(JobState.COMPLETED);
      time.advance(WEEK);
      enqueue(mail().withId(young));

      assertThat(sweep(Retention.defaults()).removed()).containsExactly(old);
      assertThat(store.find(young)).isPresent();
    }

    @Test
    void removes_old_jobs_whatever_time_the_ids_that_callers_gave_seem_to_name() {
      JobId random = new JobId(UUID.fromString("e02fd0e4-00fd-490a-a2b3-0d1f2a3b4c5d"));
      JobId future = new JobId(UUID.fromString("0fffffff-ffff-7000-8000-000000000000"));
      JobId past = new JobId(UUID.fromString("00000000-0001-7000-8000-000000000000"));
      enqueue(mail().withId(random));
      enqueue(mail().withId(future));
      JobId old = enqueue(mail());
      List<JobId> all = List.of(old, future, random);
      store.cancel(all, "ops");
      time.advance(WEEK);
      enqueue(mail().withId(past));
      JobId young = enqueue(mail());

      assertThat(queue.maintenance().removeOld(Retention.defaults()))
          .containsExactlyElementsOf(all);
      assertThat(store.find(past)).isPresent();
      assertThat(store.find(young)).isPresent();
    }

    @Test
    void forgets_keys_that_have_expired() {
      enqueue(mail().unique("k").keepKey(SECOND));
      enqueue(mail().unique("l").keepKey(WEEK));
      time.advance(SECOND);

      assertThat(sweep(Retention.defaults()).others()).isEqualTo(1);
      assertThat(sweep(Retention.defaults()).others()).isZero();
      assertThat(queue.enqueue(mail().unique("l")).duplicate()).isTrue();
    }

    @Test
    void forgets_nodes_that_ended_a_week_ago_and_hold_nothing() {
      NodeId idle = register("idle");
      NodeId holder = register("holder");
      register("living");
      enqueue(mail());
      claimOne(holder);
      store.nodes().deregister(idle);
      store.nodes().deregister(holder);
      time.advance(WEEK.plusMillis(1));

      assertThat(sweep(Retention.defaults()).others()).isEqualTo(1);
      assertThatThrownBy(() -> beat(idle)).isInstanceOf(ConflictException.class);
      beat(holder);
    }

    @Test
    void forgets_log_lines_when_asked_to() {
      NodeId node = register("a");
      JobId id = enqueue(mail());
      Claimed claimed = claimOne(node);
      store.note(
          List.of(
              new HandlerOutput(
                  claimed.lease(), List.of(line(id, Level.INFO, "old")), Optional.empty())));
      time.advance(SECOND.multipliedBy(2));
      store.note(
          List.of(
              new HandlerOutput(
                  claimed.lease(), List.of(line(id, Level.INFO, "new")), Optional.empty())));
      Retention retention =
          new Retention(
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              Optional.of(SECOND),
              Optional.empty(),
              SECOND);

      assertThat(sweep(retention).others()).isEqualTo(1);

      assertThat(store.logs(LogFilter.of(id))).extracting(LogLine::message).containsExactly("new");
    }

    private Sweep sweep(Retention retention) {
      return store.maintenance().sweep(retention, Optional.empty(), 100);
    }
  }
}
