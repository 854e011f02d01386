package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.Enqueued;
import dev.holdfast.JobId;
import dev.holdfast.JobQueue.Changed;
import dev.holdfast.JobState;
import dev.holdfast.NewJob;
import dev.holdfast.NodeId;
import dev.holdfast.Predecessor;
import dev.holdfast.error.NotFoundException;
import dev.holdfast.error.StaleLeaseException;
import dev.holdfast.spi.AttemptEnd;
import dev.holdfast.spi.Claimed;
import dev.holdfast.spi.Promotion;
import dev.holdfast.spi.StepStore.Finished;
import dev.holdfast.spi.StepWait;
import dev.holdfast.spi.Transition;
import dev.holdfast.spi.Transition.Suspend;
import dev.holdfast.spi.record.JobRecord;
import dev.holdfast.step.Step;
import dev.holdfast.step.StepKind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A chapter of {@link JobStoreContract}: steps, which outlive the attempt that began them. */
abstract class StoreContractOfSteps extends StoreFixture {
  private static final NodeId NODE = new NodeId(new UUID(9, 9));

  private List<Step> steps(JobId id) {
    return store.steps().of(id).steps();
  }

  private Step step(JobId id, String name) {
    return steps(id).stream().filter(step -> step.name().equals(name)).findFirst().orElseThrow();
  }

  private static Finished work(String name, String result) {
    return new Finished(name, StepKind.WORK, Optional.of(result), Duration.ZERO);
  }

  private static Finished waited(String name, StepKind kind) {
    return new Finished(name, kind, Optional.empty(), Duration.ZERO);
  }

  private void isSound() {
    assertThat(store.maintenance().examine()).isEmpty();
  }

  @Nested
  @Tag("R-69")
  class A_step_of_work {
    @Test
    void is_recorded_with_its_times_and_its_attempt() {
      JobId id = enqueue(mail());
      Claimed job = claimOne(NODE);
      time.advance(SECOND);

      Duration ran = Duration.ofMillis(300);
      store.steps().finish(job.lease(), new Finished("charge", StepKind.WORK, some("1"), ran));
      store.steps().finish(job.lease(), waitedFor("nothing"));

      assertThat(store.steps().of(id).at()).isEqualTo(time.now());
      assertThat(steps(id))
          .containsExactly(
              new Step(
                  1,
                  "charge",
                  StepKind.WORK,
                  1,
                  time.now().minus(ran),
                  some(time.now()),
                  Optional.empty(),
                  some("1")),
              new Step(
                  2,
                  "nothing",
                  StepKind.WORK,
                  1,
                  time.now(),
                  some(time.now()),
                  Optional.empty(),
                  Optional.empty()));
      assertThat(steps(new JobId(new UUID(1, 1)))).isEmpty();
    }

    private Finished waitedFor(String name) {
      return waited(name, StepKind.WORK);
    }

    private static <T> Optional<T> some(T value) {
      return Optional.of(value);
    }

    @Test
    void may_be_recorded_again_after_an_unknown_outcome() {
      JobId id = enqueue(mail());
      Claimed job = claimOne(NODE);

      store.steps().finish(job.lease(), work("charge", "1"));
      store.steps().finish(job.lease(), work("ship", "2"));
      store.steps().finish(job.lease(), work("charge", "1"));

      assertThat(steps(id)).extracting(Step::name).containsExactly("charge", "ship");
      assertThat(steps(id)).extracting(Step::position).containsExactly(1, 2);
    }

    @Test
    void is_refused_after_the_lease_has_ended() {
      JobId id = enqueue(mail());
      Claimed job = claimOne(NODE);
      acknowledge(job, new Transition.Release("back"));

      assertThatThrownBy(() -> store.steps().finish(job.lease(), work("charge", "1")))
          .isInstanceOf(StaleLeaseException.class);
      Claimed next = claimOne(NODE);
      assertThatThrownBy(() -> store.steps().finish(job.lease(), work("charge", "1")))
          .isInstanceOf(StaleLeaseException.class);

      assertThat(steps(id)).isEmpty();
      store.steps().finish(next.lease(), work("charge", "2"));
      assertThat(step(id, "charge").result()).contains("2");
    }

    @Test
    void outlives_the_attempt_and_goes_with_the_job() {
      JobId id = enqueue(mail());
      Claimed job = claimOne(NODE);
      store.steps().finish(job.lease(), work("charge", "1"));
      acknowledge(job, new Transition.Fail(BOOM));
      assertThat(steps(id)).hasSize(1);

      store.retry(List.of(id), "ada");
      assertThat(steps(id)).hasSize(1);
      store.cancel(List.of(id), "ada");
      store.delete(List.of(id));

      assertThat(steps(id)).isEmpty();
      isSound();
    }

    @Test
    void of_one_job_is_no_step_of_another() {
      List<JobId> ids = ids(2);
      List<Claimed> jobs = claim(NODE, 2);
      store.steps().finish(jobs.get(0).lease(), work("charge", "1"));
      store.steps().finish(jobs.get(1).lease(), work("charge", "2"));

      assertThat(step(ids.get(0), "charge").result()).contains("1");
      assertThat(step(ids.get(1), "charge").result()).contains("2");
    }
  }

  @Nested
  @Tag("R-69")
  class A_sleep {
    private Claimed suspended(JobId id) {
      Claimed job = claimOne(NODE);
      assertThat(job.lease().job()).isEqualTo(id);
      acknowledge(job, new Suspend(StepWait.sleep("nap", SECOND)));
      return job;
    }

    @Test
    void gives_the_attempt_back_and_runs_the_job_when_it_is_over() {
      JobId id = enqueue(mail());
      Claimed first = suspended(id);

      assertThat(job(id).state()).isEqualTo(JobState.SCHEDULED);
      assertThat(job(id).runAt()).isEqualTo(time.now().plus(SECOND));
      assertThat(job(id).attempt()).isZero();
      assertThat(job(id).failure()).isEmpty();
      assertThat(lastEvent(id).why()).isEqualTo("step 'nap' sleeps for 1s");
      Step nap = step(id, "nap");
      assertThat(nap.isFinished()).isFalse();
      assertThat(nap.kind()).isEqualTo(StepKind.SLEEP);
      assertThat(nap.attempt()).isEqualTo(1);
      assertThat(nap.until()).contains(time.now().plus(SECOND));
      isSound();

      time.advance(SECOND);
      store.promote(10);
      Claimed second = claimOne(NODE);
      assertThat(second.lease().attempt()).isEqualTo(1);
      assertThat(second.lease().token()).isGreaterThan(first.lease().token());
      store.steps().finish(second.lease(), waited("nap", StepKind.SLEEP));
      assertThat(step(id, "nap").finishedAt()).contains(time.now());
      assertThat(step(id, "nap").startedAt()).isEqualTo(time.now().minus(SECOND));
    }

    @Test
    void keeps_its_end_when_it_is_asked_for_again() {
      JobId id = enqueue(mail());
      suspended(id);
      Instant end = time.now().plus(SECOND);
      store.cancel(List.of(id), "ada");
      time.advance(SECOND.dividedBy(2));
      store.retry(List.of(id), "ada");

      suspended(id);

      assertThat(job(id).runAt()).isEqualTo(end);
      assertThat(step(id, "nap").until()).contains(end);
    }

    @Test
    void that_is_repeated_is_accepted_and_counts_from_the_first() {
      JobId id = enqueue(mail());
      Claimed job = suspended(id);

      acknowledge(job, new Suspend(StepWait.sleep("nap", SECOND)));

      assertThat(store.lookup().endOf(job.lease()))
          .contains(new AttemptEnd(Optional.of(Transition.Kind.SLEEP), JobState.SCHEDULED));
      assertThat(store.events(id)).hasSize(3);
      assertThat(steps(id)).hasSize(1);
    }

    @Test
    void under_a_lease_that_has_ended_records_no_step() {
      JobId id = enqueue(mail());
      Claimed job = claimOne(NODE);
      store.cancel(List.of(id), "ada");

      assertThat(
              exchange(
                      List.of(end(job, new Suspend(StepWait.sleep("nap", SECOND)))),
                      claimOf(NODE, 0))
                  .stale())
          .containsExactly(job.lease());
      assertThat(steps(id)).isEmpty();
    }

    @Test
    void lasts_as_long_as_it_should_when_the_clock_is_set_back() {
      JobId id = enqueue(mail());
      time.advance(Duration.ofHours(2));
      store.promote(10);
      suspended(id);

      time.stepWallClock(Duration.ofHours(-1));
      store.promote(10);

      assertThat(job(id).runAt()).isEqualTo(time.now().plus(SECOND));
      assertThat(step(id, "nap").until()).contains(time.now().plus(SECOND));
    }
  }

  @Nested
  @Tag("R-69")
  class A_wait_for_a_signal {
    private Claimed suspended(JobId id) {
      Claimed job = claimOne(NODE);
      assertThat(job.lease().job()).isEqualTo(id);
      acknowledge(job, new Suspend(StepWait.signal("approval", SECOND)));
      return job;
    }

    @Test
    void blocks_the_job_until_it_is_sent() {
      JobId id = enqueue(mail());
      suspended(id);
      assertThat(job(id).state()).isEqualTo(JobState.BLOCKED);
      assertThat(job(id).attempt()).isZero();
      assertThat(step(id, "approval").until()).contains(time.now().plus(SECOND));
      isSound();

      queue.signal(id, "approval", "yes", "ada");
      isSound();

      assertThat(claimOne(NODE).lease().attempt()).isEqualTo(1);
      assertThat(store.signal(id, "approval")).contains("\"yes\"");
    }

    @Test
    void does_not_wait_for_one_that_was_sent_before() {
      JobId id = enqueue(mail());
      queue.signal(id, "approval", "yes", "ada");

      suspended(id);

      assertThat(job(id).state()).isEqualTo(JobState.PENDING);
      assertThat(step(id, "approval").isFinished()).isFalse();
    }

    @Test
    void ends_at_its_deadline_without_failing_the_job() {
      JobId id = enqueue(mail());
      suspended(id);
      assertThat(store.promote(10)).isEqualTo(new Promotion(0, Optional.of(SECOND)));

      time.advance(SECOND);
      store.promote(10);
      isSound();

      assertThat(ids(claim(NODE, 1))).containsExactly(id);
      assertThat(store.signal(id, "approval")).isEmpty();
    }

    @Test
    void keeps_its_deadline_when_it_is_asked_for_again() {
      JobId id = enqueue(mail());
      suspended(id);
      store.cancel(List.of(id), "ada");
      time.advance(SECOND.dividedBy(2));
      store.retry(List.of(id), "ada");
      assertThat(job(id).state()).isEqualTo(JobState.PENDING);

      suspended(id);

      assertThat(store.promote(10).nextDue()).contains(SECOND.dividedBy(2));
      isSound();
    }

    @Test
    void finishes_with_its_payload() {
      JobId id = enqueue(mail());
      suspended(id);
      queue.signal(id, "approval", "yes", "ada");
      Claimed job = claimOne(NODE);

      store
          .steps()
          .finish(
              job.lease(),
              new Finished("approval", StepKind.SIGNAL, Optional.of("\"yes\""), Duration.ZERO));

      assertThat(step(id, "approval").isFinished()).isTrue();
      assertThat(step(id, "approval").result()).contains("\"yes\"");
    }

    @Test
    void has_its_whole_time_when_the_clock_is_set_back() {
      JobId id = enqueue(mail());
      time.advance(Duration.ofHours(2));
      store.promote(10);
      suspended(id);

      time.stepWallClock(Duration.ofHours(-1));
      store.promote(10);

      assertThat(step(id, "approval").until()).contains(time.now().plus(SECOND));
      assertThat(store.promote(10).nextDue()).contains(SECOND);
    }
  }

  @Nested
  @Tag("R-69")
  class A_wait_for_jobs {
    private Claimed suspended(JobId id, List<JobId> children) {
      Claimed job = claimAny(id);
      acknowledge(job, new Suspend(StepWait.jobs("parts", children)));
      return job;
    }

    private JobId parent() {
      return enqueue(NewJob.of("parent", 1));
    }

    private List<Predecessor> children(JobId id) {
      int from = StepWait.firstPosition(step(id, "parts").position());
      return store.lookup().predecessors(id, from, 100);
    }

    @Test
    void blocks_the_job_until_the_last_has_ended_in_any_way() {
      JobId id = parent();
      List<JobId> parts = ids(3);
      suspended(id, parts);
      assertThat(job(id).state()).isEqualTo(JobState.BLOCKED);
      assertThat(lastEvent(id).why()).isEqualTo("step 'parts' waits for 3 jobs");
      assertThat(children(id)).extracting(Predecessor::id).isEqualTo(parts);
      isSound();

      acknowledge(claimOne(NODE), complete());
      acknowledge(claimOne(NODE), new Transition.Fail(BOOM));
      assertThat(job(id).state()).isEqualTo(JobState.BLOCKED);
      store.cancel(parts, "ada");

      assertThat(job(id).state()).isEqualTo(JobState.PENDING);
      assertThat(children(id))
          .extracting(Predecessor::state)
          .containsExactly(JobState.COMPLETED, JobState.FAILED, JobState.CANCELLED);
      assertThat(children(id)).extracting(Predecessor::isOpen).containsOnly(false);
      assertThat(children(id).get(0).result()).contains("1");
      isSound();
    }

    @Test
    void runs_on_at_once_if_all_have_ended_or_are_gone() {
      JobId id = parent();
      JobId done = enqueue(mail());
      acknowledge(claimOne(NODE), complete());

      suspended(id, List.of(done, new JobId(new UUID(1, 1))));

      assertThat(job(id).state()).isEqualTo(JobState.PENDING);
      assertThat(children(id)).extracting(Predecessor::id).containsExactly(done);
      isSound();
    }

    @Test
    void of_none_runs_on_at_once() {
      JobId id = parent();

      suspended(id, List.of());

      assertThat(job(id).state()).isEqualTo(JobState.PENDING);
      isSound();
    }

    @Test
    void goes_on_when_it_is_asked_for_again() {
      JobId id = parent();
      List<JobId> parts = ids(2);
      suspended(id, parts);
      acknowledge(claimOne(NODE), complete());
      store.cancel(List.of(id), "ada");
      store.retry(List.of(id), "ada");

      suspended(id, parts);
      assertThat(job(id).state()).isEqualTo(JobState.BLOCKED);
      isSound();
      acknowledge(claimOne(NODE), complete());

      assertThat(job(id).state()).isEqualTo(JobState.PENDING);
      isSound();
    }

    @Test
    void leaves_those_that_were_named_at_enqueue_by_themselves() {
      JobId first = enqueue(mail());
      acknowledge(claimOne(NODE), complete());
      JobId id = enqueue(NewJob.of("parent", 1).after(first));
      List<JobId> parts = ids(1);

      suspended(id, parts);

      assertThat(store.lookup().predecessors(id, 0, 10))
          .extracting(Predecessor::id)
          .containsExactly(first);
      assertThat(children(id)).extracting(Predecessor::id).isEqualTo(parts);
    }
  }

  @Nested
  @Tag("R-69")
  class A_retry_from_a_step {
    @Test
    void forgets_it_and_the_later_ones() {
      JobId id = enqueue(mail());
      Claimed job = claimOne(NODE);
      for (String name : List.of("charge", "ship", "tell")) {
        store.steps().finish(job.lease(), work(name, "1"));
      }
      acknowledge(job, new Transition.Fail(BOOM));

      Changed changed = store.steps().retryFrom(id, "ship", "ada");

      assertThat(changed.done()).isTrue();
      assertThat(steps(id)).extracting(Step::name).containsExactly("charge");
      assertThat(job(id).state()).isEqualTo(JobState.PENDING);
      assertThat(job(id).attempt()).isZero();
      assertThat(lastEvent(id).by()).isEqualTo("ada");
      assertThat(lastEvent(id).why()).isEqualTo("put back to step 'ship'");
      Claimed next = claimOne(NODE);
      store.steps().finish(next.lease(), work("ship", "2"));
      assertThat(step(id, "ship").position()).isEqualTo(2);
    }

    @Test
    void changes_nothing_while_the_job_may_still_run() {
      JobId id = enqueue(mail());
      Claimed job = claimOne(NODE);
      store.steps().finish(job.lease(), work("charge", "1"));

      Changed changed = store.steps().retryFrom(id, "charge", "ada");

      assertThat(changed.done()).isFalse();
      assertThat(changed.before()).contains(JobState.RUNNING);
      assertThat(steps(id)).hasSize(1);
      assertThat(store.steps().retryFrom(new JobId(new UUID(1, 1)), "a", "ada").before()).isEmpty();
    }

    @Test
    void that_the_job_does_not_have_changes_nothing() {
      JobId id = enqueue(mail());
      Claimed job = claimOne(NODE);
      store.steps().finish(job.lease(), work("charge", "1"));
      acknowledge(job, new Transition.Fail(BOOM));

      assertThatThrownBy(() -> store.steps().retryFrom(id, "chrage", "ada"))
          .isInstanceOf(NotFoundException.class)
          .hasMessage("job %s has no step 'chrage', only charge".formatted(id));

      assertThat(job(id).state()).isEqualTo(JobState.FAILED);
      assertThat(steps(id)).hasSize(1);
    }

    @Test
    void frees_the_keys_of_the_jobs_that_it_enqueued_and_no_others() {
      JobId id = enqueue(NewJob.of("parent", 1));
      Claimed parent = claimAny(id);
      store.steps().finish(parent.lease(), work("before", "1"));
      NewJob keyed = mail().unique(StepWait.keys(id) + "parts:0");
      NewJob foreign = mail().unique("own");
      List<JobId> parts = List.of(enqueue(keyed), enqueue(foreign));
      acknowledge(parent, new Suspend(StepWait.jobs("parts", parts)));
      assertThat(queue.enqueue(keyed)).isEqualTo(new Enqueued(parts.get(0), true));
      store.cancel(List.of(id), "ada");

      store.steps().retryFrom(id, "parts", "ada");

      assertThat(steps(id)).extracting(Step::name).containsExactly("before");
      assertThat(queue.enqueue(keyed).duplicate()).isFalse();
      assertThat(queue.enqueue(foreign).duplicate()).isTrue();
      acknowledge(claimOne(NODE), complete());
      assertThat(job(id).state()).isEqualTo(JobState.PENDING);
      isSound();
    }

    @Test
    void keeps_signals_that_were_sent() {
      JobId id = enqueue(mail());
      queue.signal(id, "approval", "yes", "ada");
      acknowledge(claimOne(NODE), new Suspend(StepWait.signal("approval", SECOND)));
      store.cancel(List.of(id), "ada");

      store.steps().retryFrom(id, "approval", "ada");

      assertThat(steps(id)).isEmpty();
      assertThat(store.signal(id, "approval")).contains("\"yes\"");
    }
  }

  @Nested
  @Tag("R-46")
  class Steps_of_a_record {
    @Test
    void move_with_their_job() {
      JobId id = enqueue(mail());
      Claimed job = claimOne(NODE);
      store.steps().finish(job.lease(), work("charge", "1"));
      acknowledge(job, new Suspend(StepWait.sleep("nap", SECOND)));
      List<Step> before = steps(id);
      JobRecord record = store.maintenance().archive().records(id, id).get(0);
      assertThat(record.steps()).isEqualTo(before);
      store.cancel(List.of(id), "ada");
      store.delete(List.of(id));

      store.maintenance().archive().load(List.of(record), "ada", "moved");

      assertThat(steps(id)).isEqualTo(before);
      time.advance(SECOND);
      store.promote(10);
      assertThat(ids(claim(NODE, 1))).containsExactly(id);
    }

    @Test
    void change_the_stamp_of_the_job() {
      JobId id = enqueue(mail());
      Claimed job = claimOne(NODE);
      long before = stamp(id);

      store.steps().finish(job.lease(), work("charge", "1"));

      assertThat(stamp(id)).isNotEqualTo(before);
    }

    private long stamp(JobId id) {
      return store.maintenance().archive().stamps(Optional.empty(), 100).stream()
          .filter(stamp -> stamp.id().equals(id))
          .findFirst()
          .orElseThrow()
          .notes();
    }
  }
}
