package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.Enqueued;
import dev.holdfast.Failure;
import dev.holdfast.Job;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.LogFilter;
import dev.holdfast.LogLine;
import dev.holdfast.NewJob;
import dev.holdfast.NodeId;
import dev.holdfast.Progress;
import dev.holdfast.Retention;
import dev.holdfast.Transaction;
import dev.holdfast.check.Limits;
import dev.holdfast.engine.queue.StoreQueue;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.error.StaleLeaseException;
import dev.holdfast.spi.Acknowledgement;
import dev.holdfast.spi.AttemptEnd;
import dev.holdfast.spi.Claim;
import dev.holdfast.spi.Claimed;
import dev.holdfast.spi.Exchange;
import dev.holdfast.spi.HandlerOutput;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.Lease;
import dev.holdfast.spi.Promotion;
import dev.holdfast.spi.Transition;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;

/** A chapter of {@link JobStoreContract}. The way of a job: enqueued, claimed, acknowledged. */
abstract class StoreContractOfWork extends StoreFixture {
  @Nested
  class Enqueuing {
    @Test
    @Tag("R-01")
    void keeps_all_that_the_caller_said() {
      NewJob asked =
          NewJob.of(TYPE, Map.of("to", "ada"))
              .on("letters")
              .priority(7)
              .maxAttempts(9)
              .timeout(Duration.ofMinutes(3))
              .unique("welcome-42")
              .group("acme")
              .tags("red", "grün")
              .metadata(Map.of("order", 17))
              .requires(Map.of("gpu", true))
              .createdBy("ops");

      Job job = job(enqueue(asked));

      assertThat(job.queue()).isEqualTo("letters");
      assertThat(job.type()).isEqualTo(TYPE);
      assertThat(job.payload()).isEqualTo("{\"to\":\"ada\"}");
      assertThat(job.priority()).isEqualTo(7);
      assertThat(job.maxAttempts()).isEqualTo(9);
      assertThat(job.timeout()).contains(Duration.ofMinutes(3));
      assertThat(job.key()).contains("welcome-42");
      assertThat(job.group()).contains("acme");
      assertThat(job.tags()).containsExactly("red", "grün");
      assertThat(job.metadata()).contains("{\"order\":17}");
      assertThat(job.requires()).contains("{\"gpu\":true}");
      assertThat(job.createdBy()).contains("ops");
    }

    @Test
    @Tag("R-02")
    void makes_a_runnable_job_stamped_by_the_stores_clock() {
      Job job = job(enqueue(mail()));

      assertThat(job.state()).isEqualTo(JobState.PENDING);
      assertThat(job.runAt()).isEqualTo(time.now());
      assertThat(job.createdAt()).isEqualTo(time.now());
      assertThat(job.updatedAt()).isEqualTo(time.now());
      assertThat(List.of(job.attempt(), job.crashes())).containsOnly(0);
      assertThat(job.token()).isZero();
      assertThat(job.holder()).isEmpty();
      assertThat(job.progress()).isEmpty();
      assertThat(job.result()).isEmpty();
      assertThat(job.failure()).isEmpty();
      assertThat(job.startedAt()).isEmpty();
      assertThat(job.finishedAt()).isEmpty();
      assertThat(job.interruptedAt()).isEmpty();
    }

    @Test
    @Tag("R-06")
    void a_delayed_job_makes_it_scheduled() {
      Job job = job(enqueue(mail().in(SECOND)));

      assertThat(job.state()).isEqualTo(JobState.SCHEDULED);
      assertThat(job.runAt()).isEqualTo(time.now().plus(SECOND));
    }

    @Test
    @Tag("R-06")
    void a_job_for_a_later_instant_makes_it_scheduled() {
      Instant later = time.now().plus(Duration.ofDays(1));

      Job job = job(enqueue(mail().at(later)));

      assertThat(job.state()).isEqualTo(JobState.SCHEDULED);
      assertThat(job.runAt()).isEqualTo(later);
    }

    @Test
    @Tag("R-06")
    void a_job_whose_time_has_come_makes_it_runnable() {
      assertThat(job(enqueue(mail().at(time.now()))).state()).isEqualTo(JobState.PENDING);
      assertThat(job(enqueue(mail().at(time.now().minus(SECOND)))).state())
          .isEqualTo(JobState.PENDING);
      assertThat(job(enqueue(mail().in(Duration.ZERO))).state()).isEqualTo(JobState.PENDING);
    }

    @Test
    @Tag("R-04")
    void thousands_in_one_call_answers_in_their_order() {
      List<NewJob> asked = IntStream.range(0, 2_500).mapToObj(i -> NewJob.of(TYPE, i)).toList();

      List<Enqueued> answers = queue.enqueue(asked);

      assertThat(answers).hasSize(2_500).noneMatch(Enqueued::duplicate);
      assertThat(job(answers.get(0).id()).payload()).isEqualTo("0");
      assertThat(job(answers.get(2_499).id()).payload()).isEqualTo("2499");
      assertThat(store.insights().status().counts()).containsEntry(JobState.PENDING, 2_500L);
    }

    @Test
    @Tag("R-04")
    void is_seen_by_another_process() {
      JobId id = enqueue(mail());

      assertThat(other().find(id)).contains(job(id));
    }

    @Test
    @Tag("R-04")
    void again_with_the_same_id_changes_nothing() {
      JobId id = enqueue(mail());
      Job before = job(id);
      time.advance(SECOND);

      Enqueued again = queue.enqueue(NewJob.of(TYPE, "changed").priority(5).withId(id));

      assertThat(again).isEqualTo(new Enqueued(id, false));
      assertThat(job(id)).isEqualTo(before);
      assertThat(store.insights().status().counts()).containsEntry(JobState.PENDING, 1L);
    }

    @Test
    @Tag("R-04")
    void again_after_the_job_has_run_does_not_run_it_again() {
      JobId id = enqueue(mail());
      completed(id);

      Enqueued again = queue.enqueue(mail().withId(id));

      assertThat(again).isEqualTo(new Enqueued(id, false));
      assertThat(job(id).state()).isEqualTo(JobState.COMPLETED);
    }

    @Test
    @Tag("R-04")
    void one_id_twice_in_one_call_makes_one_job() {
      JobId id = new JobId(new UUID(7, 7));

      List<Enqueued> answers = queue.enqueue(List.of(mail().withId(id), mail().withId(id)));

      assertThat(answers).containsExactly(new Enqueued(id, false), new Enqueued(id, false));
      assertThat(store.insights().status().counts()).containsEntry(JobState.PENDING, 1L);
    }

    @Test
    @Tag("R-04")
    void in_a_foreign_transaction_is_refused() {
      Transaction foreign = new Transaction() {};

      assertThatThrownBy(() -> queue.in(foreign).enqueue(mail()))
          .isInstanceOf(InvalidRequestException.class);
      assertThat(store.insights().status().newest()).isEmpty();
    }
  }

  @Nested
  @Tag("R-05")
  class An_idempotency_key {
    @Test
    void answers_the_first_job() {
      JobId first = enqueue(mail().unique("k"));

      assertThat(queue.enqueue(mail().unique("k"))).isEqualTo(new Enqueued(first, true));
      assertThat(store.insights().status().counts()).containsEntry(JobState.PENDING, 1L);
    }

    @Test
    void answers_the_first_job_within_one_call_too() {
      List<Enqueued> answers =
          queue.enqueue(List.of(mail().unique("k"), mail(), mail().unique("k")));

      assertThat(answers).extracting(Enqueued::duplicate).containsExactly(false, false, true);
      assertThat(answers.get(2).id()).isEqualTo(answers.get(0).id());
      assertThat(store.insights().status().counts()).containsEntry(JobState.PENDING, 2L);
    }

    @Test
    void is_known_to_other_processes() {
      JobId first = enqueue(mail().unique("k"));

      Enqueued second = queueOver(other(), random).enqueue(mail().unique("k"));

      assertThat(second).isEqualTo(new Enqueued(first, true));
    }

    @Test
    void outlives_the_end_of_its_job() {
      JobId first = enqueue(mail().unique("k"));
      completed(first);

      assertThat(queue.enqueue(mail().unique("k"))).isEqualTo(new Enqueued(first, true));
    }

    @Test
    void outlives_its_job_when_that_has_grown_old() {
      JobId first = enqueue(mail().unique("k"));
      sweepAway();

      assertThat(queue.enqueue(mail().unique("k"))).isEqualTo(new Enqueued(first, true));
      assertThat(store.find(first)).isEmpty();
    }

    @Test
    void is_no_duplicate_of_an_earlier_try_of_the_same_job() {
      JobId id = enqueue(mail().unique("k"));

      assertThat(queue.enqueue(mail().unique("k").withId(id))).isEqualTo(new Enqueued(id, false));
    }

    @Test
    void is_no_duplicate_of_an_earlier_try_of_a_job_that_has_grown_old_since() {
      JobId id = enqueue(mail().unique("k"));
      sweepAway();

      assertThat(queue.enqueue(mail().unique("k").withId(id))).isEqualTo(new Enqueued(id, false));
      assertThat(store.find(id)).isEmpty();
    }

    private void sweepAway() {
      acknowledge(claimOne(register("sweeper")), complete());
      time.advance(Duration.ofHours(1));
      store.maintenance().sweep(Retention.finished(SECOND), Optional.empty(), 100);
    }

    @Test
    void counts_within_its_group_and_type_only() {
      enqueue(mail().unique("k"));

      assertThat(queue.enqueue(mail().unique("k").group("g")).duplicate()).isFalse();
      assertThat(queue.enqueue(mail().unique("k").group("h")).duplicate()).isFalse();
      assertThat(queue.enqueue(NewJob.of("print", 1).unique("k")).duplicate()).isFalse();
      assertThat(queue.enqueue(mail().unique("k").group("g")).duplicate()).isTrue();
      assertThat(queue.enqueue(mail().unique("k").on("elsewhere")).duplicate()).isTrue();
    }

    @Test
    void is_kept_for_as_long_as_was_asked_and_free_again_then() {
      JobId first = enqueue(mail().unique("k").keepKey(SECOND));
      time.advance(SECOND.minusMillis(1));
      assertThat(queue.enqueue(mail().unique("k"))).isEqualTo(new Enqueued(first, true));
      time.advance(Duration.ofMillis(1));

      Enqueued second = queue.enqueue(mail().unique("k"));

      assertThat(second.duplicate()).isFalse();
      assertThat(second.id()).isNotEqualTo(first);
      assertThat(queue.enqueue(mail().unique("k"))).isEqualTo(new Enqueued(second.id(), true));
    }

    @Test
    void makes_one_job_of_many_concurrent_enqueues() {
      List<Callable<Enqueued>> calls = new ArrayList<>();
      for (int i = 0; i < 32; i++) {
        StoreQueue own = queueOver(store, new SplittableRandom(i));
        calls.add(() -> own.enqueue(mail().unique("k")));
      }

      List<Enqueued> answers = atOnce(calls);

      assertThat(answers).extracting(Enqueued::id).containsOnly(answers.get(0).id());
      assertThat(answers).filteredOn(answer -> !answer.duplicate()).hasSize(1);
      assertThat(store.insights().status().counts()).containsEntry(JobState.PENDING, 1L);
    }
  }

  @Nested
  @Tag("R-12")
  class Claiming {
    private NodeId node;

    @BeforeEach
    void registerNode() {
      node = register("a");
    }

    @Test
    void gives_a_lease_and_all_it_takes_to_run() {
      JobId id =
          enqueue(mail().on("letters").maxAttempts(3).timeout(SECOND).metadata(Map.of("order", 7)));

      Claimed claimed = claimOne(node);

      assertThat(claimed)
          .isEqualTo(
              new Claimed(
                  new Lease(id, claimed.lease().token(), 1, node),
                  "letters",
                  TYPE,
                  job(id).payload(),
                  1,
                  3,
                  0,
                  Optional.of(SECOND),
                  Optional.of("{\"order\":7}"),
                  Optional.empty(),
                  false,
                  claimed.waited()));
    }

    @Test
    void tells_how_long_the_job_had_been_due() {
      enqueue(mail().in(SECOND));
      time.advance(SECOND.multipliedBy(3));
      store.promote(1);

      Duration waited = claimOne(node).waited();

      assertThat(waited).isBetween(SECOND.multipliedBy(2), SECOND.multipliedBy(3));
    }

    @Test
    void makes_the_job_running_under_its_node() {
      JobId id = enqueue(mail());
      time.advance(SECOND);

      Claimed claimed = claimOne(node);

      Job job = job(id);
      assertThat(job.state()).isEqualTo(JobState.RUNNING);
      assertThat(job.attempt()).isEqualTo(1);
      assertThat(job.token()).isEqualTo(claimed.lease().token()).isPositive();
      assertThat(job.startedAt()).contains(time.now());
      assertThat(job.updatedAt()).isEqualTo(time.now());
      assertThat(job.holder()).contains(new Job.Holder(node, "a", "host-a", 4711));
      assertThat(store.nodes().held(node)).containsExactly(claimed.lease());
    }

    @Test
    void never_gives_a_job_twice() {
      enqueue(mail());

      assertThat(claim(node, 10)).hasSize(1);
      assertThat(claim(node, 10)).isEmpty();
      assertThat(claim(other(), register("b"), 10)).isEmpty();
    }

    @Test
    void never_gives_a_job_twice_to_concurrent_claimers() {
      queue.enqueue(IntStream.range(0, 200).mapToObj(i -> mail()).toList());
      List<Callable<List<Claimed>>> calls = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        JobStore own = i == 0 ? store : other();
        NodeId claimer = register("n" + i);
        calls.add(
            () -> {
              List<Claimed> mine = new ArrayList<>();
              List<Claimed> some = claim(own, claimer, 7);
              while (!some.isEmpty()) {
                mine.addAll(some);
                some = claim(own, claimer, 7);
              }
              return mine;
            });
      }

      List<Claimed> all = atOnce(calls).stream().flatMap(List::stream).toList();

      assertThat(all).extracting(claimed -> claimed.lease().job()).doesNotHaveDuplicates();
      assertThat(all).hasSize(200);
    }

    @Test
    void takes_nothing_when_it_asks_for_nothing() {
      JobId id = enqueue(mail());

      assertThat(claim(node, 0)).isEmpty();
      assertThat(job(id).state()).isEqualTo(JobState.PENDING);
    }

    @Test
    @Tag("R-05")
    void takes_higher_priorities_first_and_older_jobs_among_equals() {
      JobId low = enqueue(mail().priority(-1));
      JobId first = enqueue(mail());
      JobId high = enqueue(mail().priority(9));
      time.advance(SECOND);
      JobId second = enqueue(mail());
      JobId alsoHigh = enqueue(mail().priority(9));

      assertThat(ids(claim(node, 3))).containsExactly(high, alsoHigh, first);
      assertThat(ids(claim(node, 3))).containsExactly(second, low);
    }

    @Test
    @Tag("R-05")
    void takes_jobs_of_one_instant_in_the_order_of_their_ids() {
      List<JobId> asked = ids(20);

      List<JobId> claimed = new ArrayList<>(ids(claim(node, 7)));
      claimed.addAll(ids(claim(node, 20)));

      assertThat(claimed).isEqualTo(asked);
    }

    @Test
    @Tag("R-05")
    void takes_jobs_that_could_run_earlier_before_jobs_that_were_enqueued_earlier() {
      JobId delayed = enqueue(mail().in(SECOND.multipliedBy(2)));
      time.advance(SECOND);
      JobId immediate = enqueue(mail());
      time.advance(SECOND);
      store.promote(10);

      assertThat(ids(claim(node, 2))).containsExactly(immediate, delayed);
    }

    @Test
    @Tag("R-56")
    void takes_only_types_that_the_claimer_can_run() {
      JobId print = enqueue(NewJob.of("print", 1).priority(5));
      JobId mail = enqueue(mail());

      assertThat(ids(claim(node, 10))).containsExactly(mail);
      assertThat(job(print).state()).isEqualTo(JobState.PENDING);
    }

    @Test
    @Tag("R-17")
    void takes_only_from_the_queues_that_are_named() {
      enqueue(mail().on("a").priority(9));
      JobId b = enqueue(mail().on("b"));
      JobId c = enqueue(mail().on("c"));

      List<Claimed> claimed =
          exchange(List.of(), new Claim(node, List.of("b", "c", "none"), Set.of(TYPE), 10))
              .claimed();

      assertThat(ids(claimed)).containsExactlyInAnyOrder(b, c);
    }

    @Test
    @Tag("R-05")
    void fills_up_from_all_queues_when_none_is_named() {
      enqueue(mail().on("a"));
      enqueue(mail().on("b"));
      enqueue(mail().on("c"));

      assertThat(claim(node, 2)).hasSize(2);
      assertThat(claim(node, 2)).hasSize(1);
    }

    @Test
    @Tag("R-05")
    void serves_every_queue_in_its_turn_despite_higher_priorities_of_others() {
      for (int i = 0; i < 10; i++) {
        enqueue(mail().on("busy").priority(100));
      }
      enqueue(mail().on("calm"));
      enqueue(mail().on("mild").priority(1));

      Set<String> served = new HashSet<>();
      for (int i = 0; i < 3; i++) {
        served.add(claimOne(node).queue());
      }

      assertThat(served).containsExactlyInAnyOrder("busy", "calm", "mild");
    }

    @Test
    void goes_together_with_acknowledgements_in_one_exchange() {
      JobId first = enqueue(mail());
      JobId second = enqueue(mail());
      Claimed running = claimOne(node);

      Exchange exchange = exchange(List.of(end(running, complete())), claimOf(node, 10));

      assertThat(exchange.stale()).isEmpty();
      assertThat(ids(exchange.claimed())).containsExactly(second);
      assertThat(job(first).state()).isEqualTo(JobState.COMPLETED);
    }

    @Test
    void gives_larger_tokens_each_time() {
      enqueue(mail());
      long last = 0;
      for (int i = 0; i < 3; i++) {
        Claimed claimed = claimOne(node);
        assertThat(claimed.lease().token()).isGreaterThan(last);
        last = claimed.lease().token();
        acknowledge(claimed, new Transition.Release(""));
      }
    }
  }

  @Nested
  @Tag("R-12")
  class An_acknowledgement {
    private NodeId node;

    @BeforeEach
    void registerNode() {
      node = register("a");
    }

    @Test
    @Tag("R-11")
    void that_completes_stores_the_result() {
      JobId id = enqueue(mail());
      Claimed claimed = claimOne(node);
      time.advance(SECOND.multipliedBy(5));

      acknowledge(claimed, new Transition.Complete(Optional.of("{\"sent\":1}")), SECOND);

      Job job = job(id);
      assertThat(job.state()).isEqualTo(JobState.COMPLETED);
      assertThat(job.result()).contains("{\"sent\":1}");
      assertThat(job.failure()).isEmpty();
      assertThat(job.finishedAt()).contains(time.now());
      assertThat(job.startedAt()).contains(time.now().minus(SECOND));
      assertThat(job.updatedAt()).isEqualTo(time.now());
      assertThat(job.holder().map(Job.Holder::node)).contains(node);
      assertThat(job.token()).isEqualTo(claimed.lease().token());
      assertThat(store.nodes().held(node)).isEmpty();
    }

    @Test
    @Tag("R-18")
    void that_retries_schedules_the_next_attempt_and_shows_the_failure() {
      JobId id = enqueue(mail());
      Claimed claimed = claimOne(node);

      acknowledge(claimed, new Transition.Retry(SECOND, BOOM));

      Job job = job(id);
      assertThat(job.state()).isEqualTo(JobState.SCHEDULED);
      assertThat(job.runAt()).isEqualTo(time.now().plus(SECOND));
      assertThat(job.failure()).contains(BOOM);
      assertThat(job.attempt()).isEqualTo(1);
      assertThat(job.token()).isEqualTo(claimed.lease().token());
      assertThat(store.nodes().held(node)).isEmpty();
    }

    @Test
    @Tag("R-18")
    void of_a_later_attempt_that_completes_clears_the_failure() {
      JobId id = enqueue(mail());
      acknowledge(claimOne(node), new Transition.Retry(SECOND, BOOM));
      time.advance(SECOND);
      store.promote(10);
      Claimed second = claimOne(node);
      assertThat(second.lease().attempt()).isEqualTo(2);
      assertThat(job(id).failure()).contains(BOOM);

      acknowledge(second, complete());

      assertThat(job(id).failure()).isEmpty();
      assertThat(job(id).attempt()).isEqualTo(2);
    }

    @Test
    @Tag("R-18")
    void that_snoozes_gives_the_attempt_back() {
      JobId id = enqueue(mail());

      acknowledge(claimOne(node), new Transition.Snooze(SECOND));

      Job job = job(id);
      assertThat(job.state()).isEqualTo(JobState.SCHEDULED);
      assertThat(job.runAt()).isEqualTo(time.now().plus(SECOND));
      assertThat(job.attempt()).isZero();
      assertThat(job.failure()).isEmpty();
    }

    @Test
    @Tag("R-18")
    void that_fails_makes_a_dead_letter() {
      JobId id = enqueue(mail());
      Claimed claimed = claimOne(node);
      time.advance(SECOND);
      Failure failure = new Failure(Failure.Kind.TIMEOUT, "too long", "at a\nat b");

      acknowledge(claimed, new Transition.Fail(failure));

      Job job = job(id);
      assertThat(job.state()).isEqualTo(JobState.FAILED);
      assertThat(job.failure()).contains(failure);
      assertThat(job.finishedAt()).contains(time.now());
      assertThat(job.attempt()).isEqualTo(1);
    }

    @Test
    @Tag("R-31")
    void that_releases_gives_the_attempt_and_the_place_in_the_queue_back() {
      JobId id = enqueue(mail());
      Instant enqueuedAt = time.now();
      time.advance(SECOND);
      JobId later = enqueue(mail());

      acknowledge(claimOne(node), new Transition.Release("its node was stopped"));

      Job job = job(id);
      assertThat(job.state()).isEqualTo(JobState.PENDING);
      assertThat(job.attempt()).isZero();
      assertThat(job.runAt()).isEqualTo(enqueuedAt);
      assertThat(job.holder()).isEmpty();
      assertThat(job.startedAt()).isEmpty();
      assertThat(ids(claim(node, 2))).containsExactly(id, later);
    }

    @Test
    @Tag("R-30")
    void that_holds_sets_the_job_aside() {
      JobId id = enqueue(mail());
      Claimed claimed = claimOne(node);
      time.advance(SECOND);

      acknowledge(claimed, new Transition.Hold("review me"));

      assertThat(job(id).state()).isEqualTo(JobState.INTERRUPTED);
      assertThat(job(id).interruptedAt()).contains(time.now());
      assertThat(job(id).attempt()).isEqualTo(1);
      assertThat(claim(node, 10)).isEmpty();
    }

    @Test
    @Tag("R-58")
    void repeated_after_an_unknown_outcome_is_accepted_and_changes_nothing() {
      for (Transition transition : everyTransition()) {
        JobId id = enqueue(mail());
        Acknowledgement first = end(claimOne(node), transition);
        exchange(List.of(first), claimOf(node, 0));
        Job before = job(id);
        time.advance(SECOND);

        Exchange repeated = exchange(List.of(first), claimOf(node, 0));

        assertThat(repeated.stale()).as("%s", transition).isEmpty();
        assertThat(job(id)).as("%s", transition).isEqualTo(before);
        store.cancel(List.of(id), "test");
      }
    }

    @Test
    @Tag("R-12")
    void that_contradicts_an_earlier_one_of_the_same_lease_is_stale_and_changes_nothing() {
      for (Transition transition : everyTransition()) {
        JobId id = enqueue(mail());
        Claimed claimed = claimOne(node);
        acknowledge(claimed, transition);
        Job before = job(id);

        for (Transition other : everyTransition()) {
          if (other.kind() != transition.kind()) {
            Exchange second = exchange(List.of(end(claimed, other)), claimOf(node, 0));
            assertThat(second.stale())
                .as("%s after %s", other, transition)
                .containsExactly(claimed.lease());
          }
        }
        assertThat(job(id)).as("%s", transition).isEqualTo(before);
        assertThat(store.lookup().endOf(claimed.lease()))
            .contains(new AttemptEnd(Optional.of(transition.kind()), before.state()));
        store.cancel(List.of(id), "test");
      }
    }

    @Test
    @Tag("R-12")
    void is_remembered_by_its_kind_until_there_is_a_new_token() {
      JobId id = enqueue(mail());
      Claimed first = claimOne(node);
      assertThat(store.lookup().endOf(first.lease())).isEmpty();
      acknowledge(first, new Transition.Snooze(SECOND));
      time.advance(SECOND);
      store.promote(10);

      assertThat(store.lookup().endOf(first.lease()))
          .contains(new AttemptEnd(Optional.of(Transition.Kind.SNOOZE), JobState.PENDING));
      Claimed second = claimOne(node);
      assertThat(store.lookup().endOf(first.lease())).isEmpty();
      acknowledge(second, complete());
      assertThat(store.lookup().endOf(second.lease()))
          .contains(new AttemptEnd(Optional.of(Transition.Kind.COMPLETE), JobState.COMPLETED));
      assertThat(job(id).state()).isEqualTo(JobState.COMPLETED);
    }

    @Test
    @Tag("R-05")
    void after_one_of_a_transaction_is_accepted_and_changes_nothing() {
      JobId id = enqueue(mail());
      Claimed claimed = claimOne(node);
      acknowledge(claimed, complete());

      assertThat(acknowledge(store, unlessEnded(claimed))).isEmpty();

      assertThat(job(id).state()).isEqualTo(JobState.COMPLETED);
      assertThat(path(id)).hasSize(3);
    }

    @Test
    @Tag("R-05")
    void in_case_a_transaction_was_rolled_back_ends_the_attempt() {
      JobId id = enqueue(mail());

      assertThat(acknowledge(store, unlessEnded(claimOne(node)))).isEmpty();

      assertThat(job(id).state()).isEqualTo(JobState.SCHEDULED);
    }

    @Test
    @Tag("R-05")
    void in_case_a_transaction_was_rolled_back_is_stale_if_the_job_was_taken_meanwhile() {
      enqueue(mail());
      Claimed claimed = claimOne(node);
      store.recovery().rescue(List.of(rescue(claimed, new Transition.Release("gone"), true)), "b");
      assertThat(acknowledge(store, unlessEnded(claimed))).containsExactly(claimed.lease());
      acknowledge(claimOne(node), complete());

      assertThat(acknowledge(store, unlessEnded(claimed))).containsExactly(claimed.lease());
    }

    private Acknowledgement unlessEnded(Claimed claimed) {
      return new Acknowledgement(
          claimed.lease(),
          new Transition.Retry(SECOND, BOOM),
          SECOND,
          HandlerOutput.none(claimed.lease()),
          Optional.empty(),
          true);
    }

    @Test
    @Tag("R-12")
    void in_the_name_of_another_node_is_stale_and_so_is_all_else_under_such_a_lease() {
      JobId id = enqueue(mail());
      Lease own = claimOne(node).lease();
      Lease stolen = new Lease(id, own.token(), own.attempt(), new NodeId(new UUID(7, 7)));

      for (Transition transition : everyTransition()) {
        Acknowledgement end =
            new Acknowledgement(stolen, transition, SECOND, HandlerOutput.none(stolen));
        assertThat(exchange(List.of(end), claimOf(node, 0)).stale()).containsExactly(stolen);
      }
      assertThatThrownBy(() -> store.checkpoint(stolen, "n", Optional.of("1")))
          .isInstanceOf(StaleLeaseException.class);
      store.note(
          List.of(
              new HandlerOutput(stolen, List.of(), Optional.of(new Progress(50, "not its own")))));
      assertThat(job(id).state()).isEqualTo(JobState.RUNNING);
      assertThat(job(id).progress()).isEmpty();
      assertThat(store.checkpoints(id)).isEmpty();
      Acknowledgement mine = new Acknowledgement(own, complete(), SECOND, HandlerOutput.none(own));
      assertThat(exchange(List.of(mine), claimOf(node, 0)).stale()).isEmpty();
    }

    @Test
    @Tag("R-10")
    void may_be_preceded_by_no_more_log_lines_than_are_kept() {
      JobId id = enqueue(mail());
      Lease lease = claimOne(node).lease();
      List<LogLine> many =
          Collections.nCopies(Limits.LOG_LINES_MAX / 2 + 10, line(id, Level.INFO, "again"));
      for (int i = 0; i < 4; i++) {
        store.note(List.of(new HandlerOutput(lease, many, Optional.empty())));
      }

      List<LogLine> kept =
          store.logs(new LogFilter(Optional.of(id), Level.TRACE, Limits.LOG_LINES_MAX));
      assertThat(kept).hasSize(Limits.LOG_LINES_MAX);
      assertThat(kept.get(kept.size() - 1).message()).contains("the log is full");
      assertThat(kept.stream().filter(line -> line.message().equals("again")))
          .hasSize(Limits.LOG_LINES_MAX - 1); // the oldest stands before these
    }

    @Test
    @Tag("R-10")
    void repeated_after_an_unknown_outcome_does_not_repeat_its_log() {
      JobId id = enqueue(mail());
      Lease lease = claimOne(node).lease();
      HandlerOutput notes =
          new HandlerOutput(lease, List.of(line(id, Level.INFO, "once")), Optional.empty());
      Acknowledgement end = new Acknowledgement(lease, complete(), SECOND, notes);
      exchange(List.of(end), claimOf(node, 0));

      exchange(List.of(end), claimOf(node, 0));

      assertThat(store.logs(LogFilter.of(id))).hasSize(1);
    }

    @Test
    void of_a_cancelled_job_is_stale() {
      JobId id = enqueue(mail());
      Claimed claimed = claimOne(node);
      store.cancel(List.of(id), "ops");

      assertIsStaleWithAnyTransition(claimed);
      assertThat(job(id).state()).isEqualTo(JobState.CANCELLED);
    }

    @Test
    @Tag("R-33")
    void of_a_rescued_job_is_stale() {
      enqueue(mail());
      Claimed claimed = claimOne(node);
      store.recovery().rescue(List.of(rescue(claimed, new Transition.Release("gone"), true)), "b");

      assertIsStaleWithAnyTransition(claimed);
    }

    @Test
    @Tag("R-33")
    void of_an_attempt_that_has_a_successor_is_stale() {
      enqueue(mail());
      Claimed first = claimOne(node);
      acknowledge(first, new Transition.Release("stop"));
      Claimed second = claimOne(node);

      assertIsStaleWithAnyTransition(first);
      acknowledge(second, complete());
      assertIsStaleWithAnyTransition(first);
    }

    @Test
    void of_an_attempt_that_failed_before_an_operator_put_the_job_back_is_stale() {
      JobId id = enqueue(mail());
      Claimed claimed = claimOne(node);
      acknowledge(claimed, new Transition.Fail(BOOM));
      store.retry(List.of(id), "ops");

      assertIsStaleWithAnyTransition(claimed);
    }

    @Test
    void of_a_job_that_does_not_exist_is_stale() {
      Lease unknown = new Lease(new JobId(new UUID(1, 1)), 1, 1, node);
      Acknowledgement end =
          new Acknowledgement(unknown, complete(), SECOND, HandlerOutput.none(unknown));

      assertThat(exchange(List.of(end), claimOf(node, 0)).stale()).containsExactly(unknown);
    }

    @Test
    void that_is_stale_does_not_keep_others_from_being_accepted() {
      List<JobId> ids = ids(3);
      List<Claimed> claimed = claim(node, 3);
      store.cancel(List.of(ids.get(1)), "ops");

      Exchange exchange =
          exchange(claimed.stream().map(one -> end(one, complete())).toList(), claimOf(node, 0));

      assertThat(exchange.stale()).containsExactly(claimed.get(1).lease());
      assertThat(job(ids.get(0)).state()).isEqualTo(JobState.COMPLETED);
      assertThat(job(ids.get(1)).state()).isEqualTo(JobState.CANCELLED);
      assertThat(job(ids.get(2)).state()).isEqualTo(JobState.COMPLETED);
    }

    private void assertIsStaleWithAnyTransition(Claimed claimed) {
      Job before = job(claimed.lease().job());
      for (Transition transition : everyTransition()) {
        Exchange exchange = exchange(List.of(end(claimed, transition)), claimOf(node, 0));
        assertThat(exchange.stale()).as("%s", transition).containsExactly(claimed.lease());
        assertThat(job(before.id())).as("%s", transition).isEqualTo(before);
      }
    }
  }

  @Nested
  @Tag("R-10")
  class Notes_of_a_handler {
    private NodeId node;

    @BeforeEach
    void registerNode() {
      node = register("a");
    }

    @Test
    @Tag("R-09")
    void show_its_progress() {
      JobId id = enqueue(mail());
      Lease lease = claimOne(node).lease();

      store.note(
          List.of(new HandlerOutput(lease, List.of(), Optional.of(new Progress(40, "reading")))));
      store.note(
          List.of(new HandlerOutput(lease, List.of(), Optional.of(new Progress(70, "writing")))));

      assertThat(job(id).progress()).contains(new Progress(70, "writing"));
    }

    @Test
    @Tag("R-33")
    void under_a_lease_that_has_ended_keep_their_lines_and_lose_their_progress() {
      JobId id = enqueue(mail());
      Lease lease = claimOne(node).lease();
      store.cancel(List.of(id), "ops");

      LogLine late = line(id, Level.INFO, "still here");
      store.note(
          List.of(new HandlerOutput(lease, List.of(late), Optional.of(new Progress(99, "")))));

      assertThat(job(id).progress()).isEmpty();
      assertThat(store.logs(LogFilter.of(id))).containsExactly(late);
    }

    @Test
    void may_come_with_its_end() {
      JobId id = enqueue(mail());
      Lease lease = claimOne(node).lease();
      LogLine last = line(id, Level.INFO, "last words");
      HandlerOutput notes =
          new HandlerOutput(lease, List.of(last), Optional.of(new Progress(100, "done")));

      exchange(List.of(new Acknowledgement(lease, complete(), SECOND, notes)), claimOf(node, 0));

      assertThat(job(id).progress()).contains(new Progress(100, "done"));
      assertThat(store.logs(LogFilter.of(id))).containsExactly(last);
    }

    @Test
    void that_come_with_a_stale_end_keep_their_lines_and_lose_their_progress() {
      JobId id = enqueue(mail());
      Lease lease = claimOne(node).lease();
      store.cancel(List.of(id), "ops");
      LogLine last = line(id, Level.INFO, "last words");
      HandlerOutput notes =
          new HandlerOutput(lease, List.of(last), Optional.of(new Progress(100, "done")));

      exchange(List.of(new Acknowledgement(lease, complete(), SECOND, notes)), claimOf(node, 0));

      assertThat(job(id).progress()).isEmpty();
      assertThat(store.logs(LogFilter.of(id))).containsExactly(last);
    }

    @Test
    void are_read_by_job_level_and_limit_the_newest_in_the_order_of_time() {
      List<JobId> ids = ids(2);
      List<Claimed> claimed = claim(node, 2);
      LogLine a1 = say(claimed.get(0), Level.INFO, "a1");
      LogLine b1 = say(claimed.get(1), Level.ERROR, "b1");
      LogLine a2 = say(claimed.get(0), Level.WARN, "a2");
      LogLine a3 = say(claimed.get(0), Level.DEBUG, "a3");

      assertThat(store.logs(LogFilter.of(ids.get(0)))).containsExactly(a1, a2, a3);
      assertThat(store.logs(new LogFilter(Optional.of(ids.get(0)), Level.INFO, 10)))
          .containsExactly(a1, a2);
      assertThat(store.logs(new LogFilter(Optional.of(ids.get(0)), Level.TRACE, 2)))
          .containsExactly(a2, a3);
      assertThat(store.logs(new LogFilter(Optional.empty(), Level.WARN, 10)))
          .containsExactly(b1, a2);
    }

    private LogLine say(Claimed claimed, Level level, String message) {
      time.advance(Duration.ofMillis(1));
      LogLine line = line(claimed.lease().job(), level, message);
      store.note(List.of(new HandlerOutput(claimed.lease(), List.of(line), Optional.empty())));
      return line;
    }
  }

  @Nested
  @Tag("R-06")
  class Promotion_of_scheduled_jobs {
    private NodeId node;

    @BeforeEach
    void registerNode() {
      node = register("a");
    }

    @Test
    void makes_due_ones_runnable_and_tells_when_the_next_is_due() {
      JobId due = enqueue(mail().in(SECOND));
      JobId notYet = enqueue(mail().in(SECOND.multipliedBy(3)));
      time.advance(SECOND);

      Promotion promotion = store.promote(10);

      assertThat(promotion).isEqualTo(new Promotion(1, Optional.of(SECOND.multipliedBy(2))));
      assertThat(job(due).state()).isEqualTo(JobState.PENDING);
      assertThat(job(due).updatedAt()).isEqualTo(time.now());
      assertThat(job(notYet).state()).isEqualTo(JobState.SCHEDULED);
      assertThat(ids(claim(node, 10))).containsExactly(due);
    }

    @Test
    void of_a_retry_is_delayed_by_no_clock_that_was_set_back() {
      JobId early = enqueue(mail());
      acknowledge(claimOne(node), new Transition.Retry(SECOND.multipliedBy(5), BOOM));
      JobId snoozed = enqueue(mail());
      acknowledge(claimOne(node), new Transition.Snooze(SECOND.multipliedBy(5)));
      JobId chosen = enqueue(mail().at(time.now().plus(SECOND.multipliedBy(5))));
      store.promote(10);

      for (Duration step : List.of(Duration.ofHours(-1), Duration.ofDays(-1))) {
        time.stepWallClock(step);
        assertThat(store.promote(10).promoted()).isZero();
        assertThat(job(early).runAt()).isEqualTo(time.now().plus(SECOND.multipliedBy(5)));
        assertThat(job(snoozed).runAt()).isEqualTo(time.now().plus(SECOND.multipliedBy(5)));
        assertThat(job(chosen).runAt()).isAfter(time.now().plus(Duration.ofMinutes(59)));
      }
      time.advance(SECOND.multipliedBy(5));
      assertThat(store.promote(10).promoted()).isEqualTo(2);
      assertThat(ids(claim(node, 10))).containsExactlyInAnyOrder(early, snoozed);
    }

    @Test
    void of_another_process_is_delayed_by_no_clock_that_was_set_back() {
      JobId id = enqueue(mail());
      acknowledge(claimOne(node), new Transition.Retry(SECOND.multipliedBy(5), BOOM));
      time.stepWallClock(Duration.ofHours(-1));

      JobStore began = other();
      began.promote(10);
      time.advance(SECOND.multipliedBy(5));

      assertThat(began.promote(10).promoted()).isOne();
      assertThat(job(id).state()).isEqualTo(JobState.PENDING);
    }

    @Test
    void never_comes_early() {
      enqueue(mail().in(SECOND));
      time.advance(SECOND.minusMillis(1));

      assertThat(store.promote(10)).isEqualTo(new Promotion(0, Optional.of(Duration.ofMillis(1))));
      assertThat(claim(node, 10)).isEmpty();
    }

    @Test
    void takes_the_earliest_first_and_at_most_the_limit() {
      JobId third = enqueue(mail().in(Duration.ofMillis(30)));
      JobId first = enqueue(mail().in(Duration.ofMillis(10)));
      JobId second = enqueue(mail().in(Duration.ofMillis(20)));
      time.advance(SECOND);

      assertThat(store.promote(2)).isEqualTo(new Promotion(2, Optional.of(Duration.ZERO)));

      assertThat(job(first).state()).isEqualTo(JobState.PENDING);
      assertThat(job(second).state()).isEqualTo(JobState.PENDING);
      assertThat(job(third).state()).isEqualTo(JobState.SCHEDULED);
      assertThat(store.promote(2)).isEqualTo(new Promotion(1, Optional.empty()));
    }

    @Test
    void of_none_tells_that_none_is_scheduled() {
      assertThat(store.promote(10)).isEqualTo(new Promotion(0, Optional.empty()));
    }
  }
}
