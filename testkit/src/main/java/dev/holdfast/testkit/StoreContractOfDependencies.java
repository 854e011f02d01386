package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.Enqueued;
import dev.holdfast.Explanation;
import dev.holdfast.Explanation.Code;
import dev.holdfast.Job;
import dev.holdfast.JobEvent;
import dev.holdfast.JobId;
import dev.holdfast.JobQueue;
import dev.holdfast.JobQueue.Changed;
import dev.holdfast.JobState;
import dev.holdfast.NewJob;
import dev.holdfast.NodeId;
import dev.holdfast.OnPredecessorFailure;
import dev.holdfast.PageRequest;
import dev.holdfast.Predecessor;
import dev.holdfast.Retention;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.search.Scope;
import dev.holdfast.spi.Acknowledgement;
import dev.holdfast.spi.Claimed;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.Transition;
import dev.holdfast.spi.record.Archive;
import dev.holdfast.spi.record.JobRecord;
import dev.holdfast.spi.record.JobStamp;
import dev.holdfast.spi.record.Move;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A chapter of {@link JobStoreContract}: jobs that wait for others. */
abstract class StoreContractOfDependencies extends StoreFixture {
  private static final Transition FAIL = new Transition.Fail(BOOM);

  private final NodeId node = new NodeId(new UUID(9, 9));

  private JobId after(JobId... predecessors) {
    return enqueue(mail().after(predecessors));
  }

  private JobId inAnyCaseAfter(JobId... predecessors) {
    return enqueue(mail().after(OnPredecessorFailure.RUN, List.of(predecessors)));
  }

  private JobState state(JobId id) {
    return job(id).state();
  }

  /** Claims and ends the runnable jobs, which must be these. */
  private void run(Transition end, JobId... runnable) {
    List<Claimed> claimed = claim(node, 1_000);
    assertThat(ids(claimed)).containsExactlyInAnyOrder(runnable);
    claimed.forEach(one -> acknowledge(one, end));
  }

  private static JobId unknown() {
    return new JobId(new UUID(4, 4));
  }

  private void nothingIsWrong() {
    assertThat(store.maintenance().examine())
        .noneMatch(finding -> finding.code().equals("blocked-for-nothing"));
  }

  @Nested
  @Tag("R-07")
  class A_job_after_another {
    @Test
    void waits_until_that_has_completed() {
      JobId first = enqueue(mail());
      JobId second = after(first);
      assertThat(state(second)).isEqualTo(JobState.BLOCKED);
      nothingIsWrong();

      time.advance(SECOND);
      run(complete(), first);

      assertThat(state(second)).isEqualTo(JobState.PENDING);
      assertThat(job(second).runAt()).isEqualTo(time.now());
      run(complete(), second);
      assertThat(path(second))
          .containsExactly(
              JobState.BLOCKED, JobState.PENDING, JobState.RUNNING, JobState.COMPLETED);
      assertThat(store.events(second).get(1).why()).isEqualTo("what it waited for has ended");
    }

    @Test
    void waits_through_retries_and_reviews() {
      JobId first = enqueue(mail());
      JobId second = after(first);

      run(new Transition.Retry(Duration.ZERO, BOOM), first);
      store.promote(10);
      run(new Transition.Snooze(Duration.ZERO), first);
      store.promote(10);
      run(new Transition.Release("back"), first);
      run(new Transition.Hold("aside"), first);
      assertThat(state(second)).isEqualTo(JobState.BLOCKED);
      store.resume(List.of(first), "ada");
      run(complete(), first);

      assertThat(state(second)).isEqualTo(JobState.PENDING);
    }

    @Test
    void need_not_wait_if_that_has_completed_before() {
      JobId first = jobIn(JobState.COMPLETED);

      JobId second = after(first);

      assertThat(path(second)).containsExactly(JobState.PENDING);
      assertThat(store.lookup().predecessors(second, 0, 10))
          .extracting(Predecessor::id)
          .contains(first);
    }

    @Test
    void waits_for_its_time_as_well() {
      JobId first = enqueue(mail());
      JobId second = enqueue(mail().after(first).in(SECOND));

      run(complete(), first);

      assertThat(state(second)).isEqualTo(JobState.SCHEDULED);
      time.advance(SECOND);
      store.promote(10);
      run(complete(), second);
      assertThat(path(second))
          .containsExactly(
              JobState.BLOCKED,
              JobState.SCHEDULED,
              JobState.PENDING,
              JobState.RUNNING,
              JobState.COMPLETED);
    }

    @Test
    void waits_for_all_of_several() {
      List<JobId> predecessors = ids(3);
      JobId last = after(predecessors.toArray(JobId[]::new));
      List<Claimed> claimed = claim(node, 3);

      acknowledge(claimed.get(1), complete());
      acknowledge(claimed.get(0), complete());
      assertThat(state(last)).isEqualTo(JobState.BLOCKED);
      nothingIsWrong();
      acknowledge(claimed.get(2), complete());

      assertThat(state(last)).isEqualTo(JobState.PENDING);
    }

    @Test
    void is_let_go_by_one_exchange_that_completes_all_among_others() {
      List<JobId> predecessors = ids(120);
      List<JobId> others = ids(60);
      JobId last = after(predecessors.toArray(JobId[]::new));
      List<Acknowledgement> ends =
          claim(node, 180).stream().map(one -> end(one, complete())).toList();
      assertThat(ends).hasSize(180);

      assertThat(exchange(ends, claimOf(node, 0)).stale()).isEmpty();

      assertThat(others).allMatch(id -> state(id) == JobState.COMPLETED);
      assertThat(predecessors).allMatch(id -> state(id) == JobState.COMPLETED);
      assertThat(state(last)).isEqualTo(JobState.PENDING);
      assertThat(exchange(ends, claimOf(node, 0)).stale()).as("said again").isEmpty();
      run(complete(), last);
    }

    @Test
    void is_not_let_go_by_a_stale_completion() {
      JobId first = enqueue(mail());
      JobId second = after(first);
      Claimed old = claimOne(node);
      store.recovery().rescue(List.of(rescue(old, new Transition.Release("gone"), true)), "b");

      assertThat(exchange(List.of(end(old, complete())), claimOf(node, 0)).stale())
          .containsExactly(old.lease());
      assertThat(exchange(List.of(end(old, FAIL)), claimOf(node, 0)).stale())
          .containsExactly(old.lease());

      assertThat(state(second)).isEqualTo(JobState.BLOCKED);
      run(complete(), first);
      assertThat(state(second)).isEqualTo(JobState.PENDING);
    }

    @Test
    void wakes_workers_of_its_queue() {
      JobId first = enqueue(mail());
      JobId second = enqueue(mail().after(first).on("letters"));

      acknowledge(claimOne(node), complete());

      assertThat(ids(claim(other(), node, 10))).containsExactly(second);
    }

    @Test
    void can_be_moved_and_cancelled_while_it_waits() {
      JobId first = enqueue(mail());
      JobId moved = after(first);
      JobId cancelled = after(first);

      store.move(List.of(moved), "letters");
      store.cancel(List.of(cancelled), "ada");
      run(complete(), first);

      assertThat(job(moved).queue()).isEqualTo("letters");
      run(complete(), moved);
      assertThat(path(cancelled)).containsExactly(JobState.BLOCKED, JobState.CANCELLED);
    }

    @Test
    void is_explained_by_what_it_waits_for() {
      List<JobId> predecessors = ids(5);
      JobId last = after(predecessors.toArray(JobId[]::new));

      Explanation explained = queue.explain(last);

      assertThat(explained.reasons()).hasSize(1);
      assertThat(explained.reasons().get(0).code()).isEqualTo(Code.WAITS_FOR_JOBS);
      assertThat(explained.reasons().get(0).text())
          .contains("(5)", predecessors.get(0).toString(), predecessors.get(2).toString())
          .doesNotContain(predecessors.get(3).toString());
    }
  }

  @Nested
  @Tag("R-07")
  class When_a_predecessor_does_not_complete {
    @Test
    void its_dependents_are_cancelled_in_the_name_of_the_same_actor() {
      JobId first = enqueue(mail());
      JobId second = enqueue(mail().group("a").after(first));
      JobId third = enqueue(mail().group("b").after(second));

      Changed changed = store.cancel(List.of(first), "ada", Scope.of(Set.of("b"))).get(0);

      assertThat(changed.dependents()).as("of the scope").isEqualTo(1);
      for (JobId cancelled : List.of(second, third)) {
        assertThat(state(cancelled)).isEqualTo(JobState.CANCELLED);
        assertThat(store.events(cancelled)).last().extracting(JobEvent::by).isEqualTo("ada");
      }
    }

    @Test
    void and_is_deleted_its_dependents_name_the_actor_too() {
      JobId first = enqueue(mail());
      JobId second = after(first);

      assertThat(store.delete(List.of(first), "ada", Scope.of(Set.of("b"))).get(0).dependents())
          .isZero();

      assertThat(store.events(second)).last().extracting(JobEvent::by).isEqualTo("ada");
    }

    @Test
    void all_that_wait_for_it_are_cancelled_one_after_another() {
      JobId first = enqueue(mail());
      JobId second = after(first);
      JobId third = after(second);
      JobId independent = inAnyCaseAfter(second);

      run(FAIL, first);

      assertThat(state(second)).isEqualTo(JobState.CANCELLED);
      assertThat(state(third)).isEqualTo(JobState.CANCELLED);
      assertThat(state(independent)).isEqualTo(JobState.PENDING);
      assertThat(path(second)).containsExactly(JobState.BLOCKED, JobState.CANCELLED);
      assertThat(lastEvent(second).why())
          .isEqualTo("job %s, which it waited for, has failed".formatted(first));
      assertThat(lastEvent(third).why())
          .isEqualTo("job %s, which it waited for, was cancelled".formatted(second));
      assertThat(lastEvent(second).by()).isEqualTo("job " + first);
      assertThat(lastEvent(third).by()).isEqualTo("job " + second);
    }

    @Test
    void those_that_run_in_any_case_do_so_when_all_have_ended() {
      List<JobId> predecessors = ids(2);
      JobId last = inAnyCaseAfter(predecessors.toArray(JobId[]::new));
      List<Claimed> claimed = claim(node, 2);

      acknowledge(claimed.get(0), FAIL);
      assertThat(state(last)).isEqualTo(JobState.BLOCKED);
      store.cancel(List.of(predecessors.get(1)), "ada");

      assertThat(state(last)).isEqualTo(JobState.PENDING);
    }

    @Test
    void it_counts_however_that_came() {
      JobId deleted = enqueue(mail());
      JobId afterDeleted = after(deleted);
      store.delete(List.of(deleted));
      assertThat(state(afterDeleted)).isEqualTo(JobState.CANCELLED);

      JobId cancelled = enqueue(mail());
      JobId afterCancelled = after(cancelled);
      store.cancel(List.of(cancelled), "ada");
      assertThat(state(afterCancelled)).isEqualTo(JobState.CANCELLED);

      JobId rescued = enqueue(mail());
      JobId afterRescued = after(rescued);
      store.recovery().rescue(List.of(rescue(claimOne(node), FAIL, true)), "b");
      assertThat(state(rescued)).isEqualTo(JobState.FAILED);
      assertThat(state(afterRescued)).isEqualTo(JobState.CANCELLED);
    }

    @Test
    void those_that_come_later_are_cancelled_at_once() {
      JobId failed = jobIn(JobState.FAILED);
      JobId free = enqueue(mail());

      JobId late = after(free, failed);
      JobId later = after(late);
      JobId inAnyCase = inAnyCaseAfter(late);

      assertThat(path(late)).containsExactly(JobState.BLOCKED, JobState.CANCELLED);
      assertThat(lastEvent(late).why()).contains(failed + ", which it waited for, has failed");
      assertThat(lastEvent(late).by()).isEqualTo("job " + failed);
      assertThat(state(later)).isEqualTo(JobState.CANCELLED);
      assertThat(state(inAnyCase)).isEqualTo(JobState.PENDING);
    }

    @Test
    void a_retried_one_does_not_block_again() {
      JobId first = enqueue(mail());
      JobId second = inAnyCaseAfter(first);
      run(FAIL, first);
      assertThat(state(second)).isEqualTo(JobState.PENDING);

      store.retry(List.of(first), "ada");

      assertThat(state(second)).isEqualTo(JobState.PENDING);
      run(complete(), first, second);
    }

    @Test
    void cancelling_or_deleting_it_counts_them() {
      JobId first = enqueue(mail());
      after(after(first));
      after(first);
      JobId gone = enqueue(mail());
      after(gone);
      JobId alone = enqueue(mail());

      List<JobQueue.Changed> cancelled = store.cancel(List.of(first, alone), "ada");
      List<JobQueue.Changed> deleted = store.delete(List.of(gone));

      assertThat(cancelled).extracting(JobQueue.Changed::dependents).containsExactly(3, 0);
      assertThat(deleted).extracting(JobQueue.Changed::dependents).containsExactly(1);
    }

    @Test
    void an_operator_may_run_what_was_cancelled_with_it() {
      List<JobId> predecessors = ids(2);
      JobId last = after(predecessors.toArray(JobId[]::new));
      acknowledge(claimOne(node), FAIL);
      assertThat(state(last)).isEqualTo(JobState.CANCELLED);

      store.retry(List.of(last), "ada");

      assertThat(state(last)).isEqualTo(JobState.PENDING);
      assertThat(store.lookup().predecessors(last, 0, 10)).noneMatch(Predecessor::isOpen);
      run(complete(), predecessors.get(1), last);
      nothingIsWrong();
    }
  }

  @Nested
  @Tag("R-07")
  class Jobs_of_one_call {
    private final List<JobId> ids =
        IntStream.range(0, 4).mapToObj(i -> new JobId(new UUID(7 + i, 7))).toList();

    private NewJob numbered(int number) {
      return mail().withId(ids.get(number));
    }

    @Test
    void may_wait_for_each_other_in_any_order() {
      List<Enqueued> answers =
          queue.enqueue(
              List.of(
                  numbered(3).after(ids.get(1), ids.get(2)),
                  numbered(2).after(ids.get(0)),
                  numbered(0),
                  numbered(1).after(ids.get(0))));

      assertThat(answers)
          .extracting(Enqueued::id)
          .containsExactly(ids.get(3), ids.get(2), ids.get(0), ids.get(1));
      run(complete(), ids.get(0));
      run(complete(), ids.get(1), ids.get(2));
      run(complete(), ids.get(3));
    }

    @Test
    void are_refused_when_they_wait_in_a_cycle() {
      List<NewJob> cycle =
          List.of(
              numbered(3),
              numbered(0).after(ids.get(3), ids.get(2)),
              numbered(1).after(ids.get(0)),
              numbered(2).after(ids.get(1)));

      assertThatThrownBy(() -> queue.enqueue(cycle))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining(
              "%s waits for %s waits for %s waits for %s;"
                  .formatted(ids.get(0), ids.get(2), ids.get(1), ids.get(0)));

      assertThat(ids).allSatisfy(id -> assertThat(store.find(id)).isEmpty());
      assertThatThrownBy(() -> enqueue(numbered(0).after(ids.get(0))))
          .hasMessageContaining("%s waits for %s;".formatted(ids.get(0), ids.get(0)));
    }

    @Test
    void are_all_refused_when_one_waits_for_a_job_that_does_not_exist() {
      List<NewJob> jobs = List.of(numbered(0), numbered(1).after(unknown()).unique("key"));

      assertThatThrownBy(() -> queue.enqueue(jobs))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining(unknown().toString());

      assertThat(store.find(ids.get(0))).isEmpty();
      assertThat(enqueue(numbered(2).unique("key"))).isEqualTo(ids.get(2));
    }

    @Test
    void may_be_said_again_after_an_unknown_outcome() {
      List<NewJob> jobs = List.of(numbered(0), numbered(1).after(ids.get(0)));
      queue.enqueue(jobs);
      queue.enqueue(jobs);
      run(complete(), ids.get(0));
      queue.enqueue(jobs);

      assertThat(state(ids.get(1))).isEqualTo(JobState.PENDING);
      assertThat(store.lookup().predecessors(ids.get(1), 0, 10)).hasSize(1);
      run(complete(), ids.get(1));
    }

    @Test
    void wait_for_the_first_job_of_a_key_that_was_known() {
      JobId first = enqueue(mail().unique("once"));

      queue.enqueue(List.of(numbered(0).unique("once"), numbered(1).after(ids.get(0))));

      assertThat(store.lookup().predecessors(ids.get(1), 0, 10))
          .extracting(Predecessor::id)
          .containsExactly(first);
      run(complete(), first);
      run(complete(), ids.get(1));
    }

    /** Waits for one job twice, because of its key; {@link OnPredecessorFailure#CANCEL} wins. */
    @ParameterizedTest
    @EnumSource(OnPredecessorFailure.class)
    void may_wait_for_one_job_under_two_names(OnPredecessorFailure laterWord) {
      JobId first = enqueue(mail().unique("once"));
      OnPredecessorFailure otherWord =
          laterWord == OnPredecessorFailure.RUN
              ? OnPredecessorFailure.CANCEL
              : OnPredecessorFailure.RUN;
      queue.enqueue(
          List.of(
              numbered(0).unique("once"),
              numbered(1).after(otherWord, List.of(first)).after(laterWord, List.of(ids.get(0))),
              numbered(2)
                  .after(OnPredecessorFailure.RUN, List.of(first))
                  .after(OnPredecessorFailure.RUN, List.of(ids.get(0)))));

      run(FAIL, first);

      assertThat(state(ids.get(1))).isEqualTo(JobState.CANCELLED);
      run(complete(), ids.get(2));
      nothingIsWrong();
    }

    @Test
    void may_be_ten_thousand_before_one() {
      List<NewJob> jobs = new ArrayList<>();
      List<JobId> children = new ArrayList<>();
      for (int i = 0; i < 10_000; i++) {
        children.add(new JobId(new UUID(1_000 + i, 1)));
        jobs.add(mail().withId(children.get(i)));
      }
      jobs.add(numbered(0).after(OnPredecessorFailure.CANCEL, children));
      queue.enqueue(jobs);
      assertThat(state(ids.get(0))).isEqualTo(JobState.BLOCKED);

      List<Claimed> claimed;
      int ended = 0;
      while (ended < 10_000) {
        claimed = claim(node, 1_000);
        assertThat(ids(claimed)).doesNotContain(ids.get(0));
        ended += claimed.size();
        exchange(claimed.stream().map(one -> end(one, complete())).toList(), claimOf(node, 0));
      }

      assertThat(state(ids.get(0))).isEqualTo(JobState.PENDING);
      assertThat(store.lookup().predecessors(ids.get(0), 9_990, 500)).hasSize(10);
      run(complete(), ids.get(0));
    }

    @Test
    void may_be_ten_thousand_after_one() {
      JobId first = enqueue(mail());
      List<NewJob> followers =
          IntStream.range(0, 10_000).mapToObj(i -> mail().after(first)).toList();
      List<JobId> all = queue.enqueue(followers).stream().map(Enqueued::id).toList();

      run(FAIL, first);

      assertThat(queue.dependents(first, PageRequest.first(500)).items()).hasSize(500);
      assertThat(all).allMatch(id -> state(id) == JobState.CANCELLED);
    }
  }

  @Nested
  @Tag("R-07")
  class What_a_job_waited_for {
    @Test
    void is_returned_in_the_order_in_which_it_was_named() {
      List<JobId> predecessors = ids(4);
      JobId last =
          enqueue(
              mail()
                  .after(predecessors.get(2), predecessors.get(0))
                  .after(OnPredecessorFailure.RUN, List.of(predecessors.get(3))));
      acknowledge(claimOne(node), new Transition.Complete(Optional.of("\"done\"")));

      List<Predecessor> told = queue.predecessors(last, 0, 10);

      assertThat(told)
          .extracting(Predecessor::id)
          .containsExactly(predecessors.get(2), predecessors.get(0), predecessors.get(3));
      assertThat(told).extracting(Predecessor::position).containsExactly(0, 1, 2);
      assertThat(told.get(1).state()).isEqualTo(JobState.COMPLETED);
      assertThat(told.get(1).result()).contains("\"done\"");
      assertThat(told.get(1).isOpen()).isFalse();
      assertThat(told.get(2).ifFailed()).isEqualTo(OnPredecessorFailure.RUN);
      assertThat(told.get(2).isOpen()).isTrue();
      assertThat(told.get(2).type()).isEqualTo(TYPE);
      assertThat(queue.predecessors(last, 1, 1)).containsExactly(told.get(1));
      assertThat(queue.predecessors(unknown(), 0, 10)).isEmpty();
    }

    @Test
    void is_returned_from_the_other_side_newest_first() {
      JobId first = enqueue(mail());
      List<JobId> all = List.of(after(first), after(first), after(first));

      assertThat(queue.dependents(first, PageRequest.first(2)).items())
          .extracting(Job::id)
          .containsExactly(all.get(2), all.get(1));
      assertThat(queue.dependents(first, PageRequest.first(2).after(all.get(1))).items())
          .extracting(Job::id)
          .containsExactly(all.get(0));
      assertThat(queue.dependents(all.get(0), PageRequest.first(2)).items()).isEmpty();
    }

    @Test
    void is_kept_until_those_have_ended_that_may_read_it() {
      JobId first = enqueue(mail());
      JobId second = after(first);
      run(complete(), first);
      time.advance(Duration.ofDays(400));

      assertThat(queue.maintenance().removeOld(Retention.defaults())).isEmpty();
      run(complete(), second);
      assertThat(queue.maintenance().removeOld(Retention.defaults())).containsExactly(first);

      assertThat(queue.predecessors(second, 0, 10)).isEmpty();
    }
  }

  @Nested
  @Tag("R-55")
  class Waiting_jobs_that_move {
    private List<JobRecord> taken() {
      List<JobId> all =
          store.maintenance().archive().stamps(Optional.empty(), 100).stream()
              .map(JobStamp::id)
              .toList();
      return store.maintenance().archive().records(all.get(0), all.get(all.size() - 1));
    }

    private void clear(List<JobRecord> records) {
      store.delete(records.stream().map(record -> record.job().id()).toList());
    }

    @Test
    void wait_on_where_they_arrive() {
      JobId first = enqueue(mail());
      JobId second = after(first, jobIn(JobState.COMPLETED));
      List<JobRecord> records = taken();
      clear(records);

      store.maintenance().archive().load(records, "ada", "moved");

      assertThat(taken()).isEqualTo(records);
      run(complete(), first);
      run(complete(), second);
    }

    @Test
    void are_the_same_in_a_copy() {
      JobId first = enqueue(mail());
      JobId second = after(first);
      List<JobRecord> records = taken();
      Archive archive = store.maintenance().archive();
      archive.fence(new Move(Move.Direction.COMING, "elsewhere"));
      archive.fill(List.of(), List.of(first, second));
      archive.fill(records, List.of());
      assertThat(taken()).isEqualTo(records);
      archive.arrive("ada", "moved");

      run(complete(), first);
      assertThat(state(second)).isEqualTo(JobState.PENDING);
    }

    @Test
    void go_on_if_what_they_wait_for_had_ended_when_it_was_read() {
      JobId first = enqueue(mail());
      JobId second = after(first);
      JobRecord waiting = taken().get(1);
      assertThat(waiting.job().id()).isEqualTo(second);
      run(complete(), first);
      JobRecord ended = taken().get(0);
      clear(taken());

      store.maintenance().archive().load(List.of(ended, waiting), "ada", "moved");

      assertThat(state(second)).isEqualTo(JobState.PENDING);
      clear(List.of(ended, waiting));
      store.maintenance().archive().load(List.of(waiting), "ada", "moved");
      assertThat(state(second)).isEqualTo(JobState.BLOCKED);
      store.maintenance().archive().load(List.of(ended), "ada", "moved");
      assertThat(state(second)).isEqualTo(JobState.PENDING);
    }
  }

  @Nested
  @Tag("R-07")
  class Many_at_once {
    @Test
    void let_a_job_go_exactly_once() {
      List<JobStore> handles = List.of(other(), other(), other(), other());
      for (int round = 0; round < 10; round++) {
        List<JobId> predecessors = ids(4);
        JobId last = after(predecessors.toArray(JobId[]::new));
        List<Claimed> claimed = claim(node, 4);

        List<Callable<Integer>> ends = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
          JobStore handle = handles.get(i);
          Acknowledgement end = end(claimed.get(i), complete());
          ends.add(() -> acknowledge(handle, end).size());
        }
        assertThat(atOnce(ends)).containsOnly(0);
        promoteWhatWasHeld();

        assertThat(path(last)).containsExactly(JobState.BLOCKED, JobState.PENDING);
        run(complete(), last);
      }
    }

    @Test
    void lose_no_dependent_that_begins_to_wait_as_the_other_ends() {
      List<JobStore> handles = List.of(other(), other());
      for (int round = 0; round < 20; round++) {
        JobId first = enqueue(mail());
        Claimed claimed = claimOne(node);
        Acknowledgement end = end(claimed, complete());
        JobId second = new JobId(new UUID(round, 99));

        atOnce(
            List.<Callable<Integer>>of(
                () -> acknowledge(handles.get(0), end).size(),
                () -> {
                  queueOver(handles.get(1), random.split())
                      .enqueue(mail().withId(second).after(first));
                  return 0;
                }));

        promoteWhatWasHeld();

        assertThat(state(first)).isEqualTo(JobState.COMPLETED);
        assertThat(state(second)).isEqualTo(JobState.PENDING);
        store.cancel(List.of(second), "test"); // a claim here may not know of it yet
      }
    }

    /** Lets the promoter adopt the waits that another transaction held, from its last position. */
    private void promoteWhatWasHeld() {
      store.promote(10);
      store.promote(10);
    }
  }
}
