package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.Enqueued;
import dev.holdfast.Failure;
import dev.holdfast.InvalidRequestException;
import dev.holdfast.Job;
import dev.holdfast.JobEvent;
import dev.holdfast.JobFilter;
import dev.holdfast.JobId;
import dev.holdfast.JobQueue.Changed;
import dev.holdfast.JobState;
import dev.holdfast.Lease;
import dev.holdfast.LogFilter;
import dev.holdfast.LogLine;
import dev.holdfast.NewJob;
import dev.holdfast.NodeId;
import dev.holdfast.PageRequest;
import dev.holdfast.Progress;
import dev.holdfast.QueueStatus;
import dev.holdfast.Transaction;
import dev.holdfast.Transition;
import dev.holdfast.engine.JacksonCodec;
import dev.holdfast.engine.StoreQueue;
import dev.holdfast.spi.Acknowledgement;
import dev.holdfast.spi.Claim;
import dev.holdfast.spi.Claimed;
import dev.holdfast.spi.Death;
import dev.holdfast.spi.Exchange;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.NodeInfo;
import dev.holdfast.spi.NodeSeen;
import dev.holdfast.spi.Notes;
import dev.holdfast.spi.Orphan;
import dev.holdfast.spi.Presence;
import dev.holdfast.spi.Promotion;
import dev.holdfast.spi.Rescue;
import dev.holdfast.spi.Signal;
import dev.holdfast.spi.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;

/**
 * The specification of {@link JobStore}: a store is right when a test class of its own extends this
 * one and passes.
 *
 * <p>The store must take all time from the source that it is opened with. The tags name the
 * requirements.
 */
public abstract class JobStoreContract {
  private static final Duration LEASE = Duration.ofSeconds(15);
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Failure BOOM = Failure.of(Failure.Kind.ERROR, "boom");
  private static final String TYPE = "mail";
  private static final int THREADS = 4;

  /** The clock of the store under test. */
  protected final MovableTime time = new MovableTime();

  private final SplittableRandom random = new SplittableRandom(42);
  private final Set<Thread> threadsBefore = Thread.getAllStackTraces().keySet();
  private final List<JobStore> opened = new ArrayList<>();
  private final List<Presence> presences = new ArrayList<>();
  private JobStore store;
  private StoreQueue queue;

  /** Opens a fresh, empty store. */
  protected abstract JobStore open(TimeSource time);

  /** Opens another handle on the data of the newest {@link #open}, as another process would. */
  protected abstract JobStore openAgain();

  /**
   * Lets the process of a node that was registered through {@link #open}'s handle die, as far as
   * {@link JobStore#deaths} of a handle from {@link #openAgain} can tell.
   */
  protected abstract void die(NodeId node);

  /** Checks that closed handles left nothing behind; threads have been looked at before. */
  protected void assertNothingLeaks() {}

  @BeforeEach
  final void openStore() {
    store = open(time);
    opened.add(store);
    queue = queueOver(store, random);
  }

  @AfterEach
  final void closeAndLookForLeaks() throws InterruptedException {
    presences.forEach(Presence::close);
    opened.forEach(JobStore::close);
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (!threadsBefore.contains(thread) && thread.getName().startsWith("holdfast")) {
        thread.join(10_000);
        assertThat(thread.isAlive()).as("thread %s outlives its store", thread).isFalse();
      }
    }
    assertNothingLeaks();
  }

  private JobStore other() {
    JobStore other = openAgain();
    opened.add(other);
    return other;
  }

  private StoreQueue queueOver(JobStore target, SplittableRandom ids) {
    return new StoreQueue(
        target,
        new JacksonCodec(),
        time,
        ids,
        () -> {
          throw new IllegalStateException("nobody waits here");
        },
        Runnable::run);
  }

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
      assertThat(store.status().counts()).containsEntry(JobState.PENDING, 2_500L);
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
      assertThat(store.status().counts()).containsEntry(JobState.PENDING, 1L);
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
      assertThat(store.status().counts()).containsEntry(JobState.PENDING, 1L);
    }

    @Test
    @Tag("R-04")
    void in_a_foreign_transaction_is_refused() {
      Transaction foreign = new Transaction() {};

      assertThatThrownBy(() -> queue.in(foreign).enqueue(mail()))
          .isInstanceOf(InvalidRequestException.class);
      assertThat(store.status().newest()).isEmpty();
    }
  }

  @Nested
  @Tag("R-05")
  class An_idempotency_key {
    @Test
    void answers_the_first_job() {
      JobId first = enqueue(mail().unique("k"));

      assertThat(queue.enqueue(mail().unique("k"))).isEqualTo(new Enqueued(first, true));
      assertThat(store.status().counts()).containsEntry(JobState.PENDING, 1L);
    }

    @Test
    void answers_the_first_job_within_one_call_too() {
      List<Enqueued> answers =
          queue.enqueue(List.of(mail().unique("k"), mail(), mail().unique("k")));

      assertThat(answers).extracting(Enqueued::duplicate).containsExactly(false, false, true);
      assertThat(answers.get(2).id()).isEqualTo(answers.get(0).id());
      assertThat(store.status().counts()).containsEntry(JobState.PENDING, 2L);
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
    void outlives_its_job() {
      JobId first = enqueue(mail().unique("k"));
      store.delete(List.of(first));

      assertThat(queue.enqueue(mail().unique("k"))).isEqualTo(new Enqueued(first, true));
      assertThat(store.find(first)).isEmpty();
    }

    @Test
    void is_no_duplicate_of_an_earlier_try_of_the_same_job() {
      JobId id = enqueue(mail().unique("k"));

      assertThat(queue.enqueue(mail().unique("k").withId(id))).isEqualTo(new Enqueued(id, false));
    }

    @Test
    void is_no_duplicate_of_an_earlier_try_of_a_job_that_was_deleted_since() {
      JobId id = enqueue(mail().unique("k"));
      store.delete(List.of(id));

      assertThat(queue.enqueue(mail().unique("k").withId(id))).isEqualTo(new Enqueued(id, false));
      assertThat(store.find(id)).isEmpty();
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
      assertThat(store.status().counts()).containsEntry(JobState.PENDING, 1L);
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
      JobId id = enqueue(mail().on("letters").maxAttempts(3).timeout(SECOND));

      Claimed claimed = claimOne(node);

      assertThat(claimed)
          .isEqualTo(
              new Claimed(
                  new Lease(id, claimed.lease().token(), 1, node),
                  "letters",
                  TYPE,
                  job(id).payload(),
                  3,
                  0,
                  Optional.of(SECOND)));
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
      assertThat(store.held(node)).containsExactly(claimed.lease());
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
    @Tag("R-13")
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
    @Tag("R-13")
    void takes_jobs_of_one_instant_in_the_order_of_their_ids() {
      List<JobId> asked = ids(20);

      List<JobId> claimed = new ArrayList<>(ids(claim(node, 7)));
      claimed.addAll(ids(claim(node, 20)));

      assertThat(claimed).isEqualTo(asked);
    }

    @Test
    @Tag("R-13")
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
    @Tag("R-13")
    void fills_up_from_all_queues_when_none_is_named() {
      enqueue(mail().on("a"));
      enqueue(mail().on("b"));
      enqueue(mail().on("c"));

      assertThat(claim(node, 2)).hasSize(2);
      assertThat(claim(node, 2)).hasSize(1);
    }

    @Test
    @Tag("R-13")
    void serves_every_queue_in_its_turn_whatever_the_others_priorities() {
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
      assertThat(store.held(node)).isEmpty();
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
      assertThat(store.held(node)).isEmpty();
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
    @Tag("R-10")
    void repeated_after_an_unknown_outcome_does_not_repeat_its_log() {
      JobId id = enqueue(mail());
      Lease lease = claimOne(node).lease();
      Notes notes = new Notes(lease, List.of(line(id, Level.INFO, "once")), Optional.empty());
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
      store.rescue(List.of(rescue(claimed, new Transition.Release("gone"), true)), "b");

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
      Acknowledgement end = new Acknowledgement(unknown, complete(), SECOND, Notes.none(unknown));

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

      store.note(List.of(new Notes(lease, List.of(), Optional.of(new Progress(40, "reading")))));
      store.note(List.of(new Notes(lease, List.of(), Optional.of(new Progress(70, "writing")))));

      assertThat(job(id).progress()).contains(new Progress(70, "writing"));
    }

    @Test
    @Tag("R-33")
    void under_a_lease_that_has_ended_keep_their_lines_and_lose_their_progress() {
      JobId id = enqueue(mail());
      Lease lease = claimOne(node).lease();
      store.cancel(List.of(id), "ops");

      LogLine late = line(id, Level.INFO, "still here");
      store.note(List.of(new Notes(lease, List.of(late), Optional.of(new Progress(99, "")))));

      assertThat(job(id).progress()).isEmpty();
      assertThat(store.logs(LogFilter.of(id))).containsExactly(late);
    }

    @Test
    void may_come_with_its_end() {
      JobId id = enqueue(mail());
      Lease lease = claimOne(node).lease();
      LogLine last = line(id, Level.INFO, "last words");
      Notes notes = new Notes(lease, List.of(last), Optional.of(new Progress(100, "done")));

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
      Notes notes = new Notes(lease, List.of(last), Optional.of(new Progress(100, "done")));

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
      store.note(List.of(new Notes(claimed.lease(), List.of(line), Optional.empty())));
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

  @Nested
  @Tag("R-27")
  class A_node {
    private NodeId node;

    @BeforeEach
    void registerNode() {
      node = register("a");
    }

    @Test
    void is_seen_with_its_lease_running() {
      NodeSeen seen = seen(node);

      assertThat(seen.lapsed()).isFalse();
      assertThat(store.status().nodes())
          .containsExactly(
              new QueueStatus.Node(
                  node, "a", "host-a", 4711, "starting", time.now(), time.now(), true));
    }

    @Test
    void that_sends_no_heartbeat_lapses_when_its_lease_has_run_out() {
      time.advance(LEASE.minusMillis(1));
      assertThat(seen(node).lapsed()).isFalse();
      time.advance(Duration.ofMillis(2));

      assertThat(seen(node).lapsed()).isTrue();
      assertThat(store.status().nodes().get(0).alive()).isFalse();
    }

    @Test
    void renews_its_lease_and_counts_with_each_heartbeat() {
      long before = seen(node).heartbeats();
      Instant start = time.now();
      time.advance(LEASE.minusMillis(1));

      store.heartbeat(node, LEASE, "running");

      time.advance(LEASE.minusMillis(1));
      assertThat(seen(node).lapsed()).isFalse();
      assertThat(seen(node).heartbeats()).isGreaterThan(before);
      QueueStatus.Node shown = store.status().nodes().get(0);
      assertThat(shown.phase()).isEqualTo("running");
      assertThat(shown.startedAt()).isEqualTo(start);
      assertThat(shown.heartbeatAt()).isEqualTo(start.plus(LEASE.minusMillis(1)));
    }

    @Test
    void that_was_buried_is_not_seen_any_more() {
      store.bury(node);

      assertThat(store.nodes()).isEmpty();
      assertThat(store.status().nodes()).isEmpty();
    }

    @Test
    void that_was_taken_for_dead_lives_again_with_its_next_heartbeat() {
      store.bury(node);

      store.heartbeat(node, LEASE, "running");

      assertThat(seen(node).lapsed()).isFalse();
    }

    @Test
    void that_lives_or_has_ended_in_order_is_not_proven_dead() {
      NodeId ended = register("b");
      Presence presence = presences.remove(presences.size() - 1);
      presence.close();
      store.bury(ended);

      assertThat(store.deaths()).isEmpty();
      assertThat(other().deaths()).isEmpty();
    }
  }

  @Nested
  @Tag("R-28")
  class A_dead_node {
    private NodeId node;

    @BeforeEach
    void registerNode() {
      node = register("a");
    }

    @Test
    void is_proven_dead_without_waiting_for_its_lease() {
      die(node);

      assertThat(other().deaths()).extracting(Death::node).containsExactly(node);
      assertThat(other().deaths().get(0).cause()).isNotBlank();
    }

    @Test
    void is_not_reported_any_more_when_it_was_buried() {
      die(node);
      JobStore other = other();
      assertThat(other.deaths()).hasSize(1);

      other.bury(node);

      assertThat(other.deaths()).isEmpty();
    }

    @Test
    @Tag("R-32")
    void leaves_orphans_of_which_only_those_with_a_running_handler_had_begun() {
      List<JobId> ids = ids(3);
      List<Claimed> claimed = claim(node, 3);
      presence().begins(0, ids.get(0));
      presence().begins(1, ids.get(1));
      presence().ends(1);
      die(node);
      JobStore other = other();

      List<Orphan> orphans = other.orphans(other.deaths(), 10);

      String cause = other.deaths().get(0).cause();
      assertThat(orphans)
          .containsExactlyInAnyOrder(
              orphan(claimed.get(0), true, cause),
              orphan(claimed.get(1), false, cause),
              orphan(claimed.get(2), false, cause));
    }

    @Test
    void leaves_as_many_orphans_as_were_asked_for() {
      ids(5);
      claim(node, 5);
      die(node);
      JobStore other = other();

      assertThat(other.orphans(other.deaths(), 2)).hasSize(2);
      assertThat(other.orphans(List.of(), 2)).isEmpty();
    }

    @Test
    void leaves_no_orphans_of_others() {
      NodeId living = register("b");
      ids(2);
      claim(living, 2);
      die(node);
      JobStore other = other();

      assertThat(other.orphans(other.deaths(), 10)).isEmpty();
    }

    @Test
    void known_by_its_lease_alone_leaves_orphans_too() {
      JobId id = enqueue(mail());
      Claimed claimed = claimOne(node);
      presence().begins(0, id);

      List<Orphan> orphans = store.orphans(List.of(Death.proven(node, "silent")), 10);

      assertThat(orphans).containsExactly(orphan(claimed, true, "silent"));
    }

    private Presence presence() {
      return presences.get(0);
    }
  }

  @Nested
  @Tag("R-28")
  class A_stray {
    @Test
    void runs_under_a_node_that_was_never_known() {
      enqueue(mail());
      Claimed claimed = claimOne(new NodeId(new UUID(9, 9)));

      List<Orphan> strays = store.strays(10);

      assertThat(strays).extracting(Orphan::lease).containsExactly(claimed.lease());
      assertThat(strays.get(0).began()).isFalse();
    }

    @Test
    void runs_under_a_node_that_has_ended() {
      NodeId node = register("a");
      enqueue(mail());
      Claimed claimed = claimOne(node);
      assertThat(store.strays(10)).isEmpty();

      store.bury(node);

      assertThat(store.strays(10)).extracting(Orphan::lease).containsExactly(claimed.lease());
      store.heartbeat(node, LEASE, "running");
      assertThat(store.strays(10)).isEmpty();
    }

    @Test
    void comes_with_at_most_so_many_others() {
      ids(5);
      claim(new NodeId(new UUID(9, 9)), 5);

      assertThat(store.strays(3)).hasSize(3);
    }
  }

  @Nested
  @Tag("R-32")
  class A_rescue {
    private NodeId node;

    @BeforeEach
    void registerNode() {
      node = register("a");
    }

    @Test
    void puts_the_job_back_without_using_up_an_attempt() {
      JobId id = enqueue(mail());
      Claimed claimed = claimOne(node);
      time.advance(SECOND);

      int rescued =
          store.rescue(List.of(rescue(claimed, new Transition.Release("gone"), true)), "b");

      Job job = job(id);
      assertThat(rescued).isEqualTo(1);
      assertThat(job.state()).isEqualTo(JobState.PENDING);
      assertThat(job.attempt()).isZero();
      assertThat(job.crashes()).isEqualTo(1);
      assertThat(job.token()).isGreaterThan(claimed.lease().token());
      assertThat(job.holder()).isEmpty();
      assertThat(job.startedAt()).isEmpty();
      assertThat(job.updatedAt()).isEqualTo(time.now());
      assertThat(claimOne(register("b")).crashes()).isEqualTo(1);
    }

    @Test
    void of_a_job_that_only_waited_counts_no_crash() {
      JobId id = enqueue(mail());

      store.rescue(List.of(rescue(claimOne(node), new Transition.Release("gone"), false)), "b");

      assertThat(job(id).crashes()).isZero();
    }

    @Test
    void may_set_the_job_aside() {
      JobId id = enqueue(mail());
      Claimed claimed = claimOne(node);

      store.rescue(List.of(rescue(claimed, new Transition.Hold("gone"), true)), "b");

      assertThat(job(id).state()).isEqualTo(JobState.INTERRUPTED);
      assertThat(job(id).interruptedAt()).contains(time.now());
      assertThat(job(id).crashes()).isEqualTo(1);
      assertThat(job(id).token()).isGreaterThan(claimed.lease().token());
    }

    @Test
    void may_fail_the_job() {
      JobId id = enqueue(mail());
      Failure failure = Failure.of(Failure.Kind.CRASH_LOOP, "three times");

      store.rescue(List.of(rescue(claimOne(node), new Transition.Fail(failure), true)), "b");

      assertThat(job(id).state()).isEqualTo(JobState.FAILED);
      assertThat(job(id).failure()).contains(failure);
      assertThat(job(id).finishedAt()).contains(time.now());
      assertThat(job(id).attempt()).isEqualTo(1);
    }

    @Test
    void by_a_second_rescuer_changes_nothing() {
      JobId id = enqueue(mail());
      Rescue rescue = rescue(claimOne(node), new Transition.Release("gone"), true);
      store.rescue(List.of(rescue), "b");
      Job before = job(id);

      assertThat(other().rescue(List.of(rescue), "c")).isZero();

      assertThat(job(id)).isEqualTo(before);
    }

    @Test
    @Tag("R-33")
    void of_a_node_that_has_come_back_changes_nothing() {
      enqueue(mail());
      Claimed claimed = claimOne(node);
      Death judged = Death.lapsed(node, "silent", store.nodes().get(0).heartbeats());
      store.heartbeat(node, LEASE, "running");

      Rescue late = new Rescue(claimed.lease(), new Transition.Release("silent"), true, judged);
      assertThat(other().rescue(List.of(late), "b")).isZero();
      store.bury(judged);

      assertThat(job(claimed.lease().job()).state()).isEqualTo(JobState.RUNNING);
      assertThat(store.nodes()).extracting(NodeSeen::id).containsExactly(node);
    }

    @Test
    @Tag("R-33")
    void of_a_node_that_has_not_come_back_takes_its_jobs() {
      enqueue(mail());
      Claimed claimed = claimOne(node);
      Death judged = Death.lapsed(node, "silent", store.nodes().get(0).heartbeats());

      Rescue rescue = new Rescue(claimed.lease(), new Transition.Release("silent"), true, judged);
      assertThat(other().rescue(List.of(rescue), "b")).isEqualTo(1);
      store.bury(judged);

      assertThat(job(claimed.lease().job()).state()).isEqualTo(JobState.PENDING);
      assertThat(store.nodes()).isEmpty();
    }

    @Test
    void that_comes_after_the_holders_end_changes_nothing() {
      JobId id = enqueue(mail());
      Claimed claimed = claimOne(node);
      acknowledge(claimed, complete());
      Job before = job(id);

      assertThat(store.rescue(List.of(rescue(claimed, new Transition.Release("gone"), true)), "b"))
          .isZero();

      assertThat(job(id)).isEqualTo(before);
    }

    @Test
    void leaves_an_event_with_the_rescuer_and_the_reason() {
      JobId id = enqueue(mail());

      store.rescue(List.of(rescue(claimOne(node), new Transition.Release("gone"), true)), "b");

      JobEvent last = lastEvent(id);
      assertThat(last.from()).contains(JobState.RUNNING);
      assertThat(last.to()).isEqualTo(JobState.PENDING);
      assertThat(last.by()).isEqualTo("b");
      assertThat(last.why()).isEqualTo("gone");
      assertThat(last.attempt()).isEqualTo(1);
    }
  }

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

      assertThat(store.held(node)).isEmpty();
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
      store.rescue(List.of(rescue(claimed, new Transition.Hold("gone"), true)), "b");

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
    void removes_the_log() {
      JobId id = enqueue(mail());
      Claimed claimed = claimOne(register("a"));
      store.note(
          List.of(
              new Notes(
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
  @Tag("R-03")
  class The_history_of_a_job {
    private NodeId node;

    @BeforeEach
    void registerNode() {
      node = register("a");
    }

    @Test
    void begins_with_its_creation() {
      JobId id = enqueue(mail().in(SECOND).createdBy("ada"));

      assertThat(path(id)).containsExactly(JobState.SCHEDULED);
      assertThat(store.events(id).get(0).at()).isEqualTo(time.now());
      assertThat(store.events(id).get(0).by()).isEqualTo("ada");
    }

    @Test
    void of_an_ordinary_run_tells_its_start_and_its_end() {
      JobId id = enqueue(mail());
      Instant created = time.now();
      time.advance(SECOND);
      Claimed claimed = claimOne(node);
      time.advance(SECOND.multipliedBy(2));
      acknowledge(claimed, complete(), SECOND);

      assertThat(path(id)).containsExactly(JobState.PENDING, JobState.RUNNING, JobState.COMPLETED);
      assertThat(store.events(id))
          .extracting(JobEvent::at)
          .containsExactly(created, time.now().minus(SECOND), time.now());
      assertThat(store.events(id)).extracting(JobEvent::attempt).containsExactly(0, 1, 1);
    }

    @Test
    void tells_of_a_start_while_the_job_runs() {
      JobId id = enqueue(mail());
      claimOne(node);

      assertThat(path(id)).containsExactly(JobState.PENDING, JobState.RUNNING);
    }

    @Test
    void tells_every_change_of_a_life_with_many() {
      JobId id = enqueue(mail().in(SECOND));
      time.advance(SECOND);
      store.promote(10);
      time.advance(SECOND);
      acknowledge(claimOne(node), new Transition.Retry(SECOND, BOOM));
      time.advance(SECOND);
      store.promote(10);
      acknowledge(claimOne(node), new Transition.Snooze(SECOND));
      time.advance(SECOND);
      store.promote(10);
      Claimed crashing = claimOne(node);
      time.advance(SECOND);
      store.rescue(List.of(rescue(crashing, new Transition.Release("gone"), true)), "b");
      acknowledge(claimOne(node), new Transition.Fail(BOOM));
      time.advance(SECOND);
      store.retry(List.of(id), "ops");
      acknowledge(claimOne(node), new Transition.Hold("review"));
      time.advance(SECOND);
      store.retry(List.of(id), "ops");
      time.advance(SECOND);
      acknowledge(claimOne(node), complete());

      assertThat(path(id))
          .containsExactly(
              JobState.SCHEDULED,
              JobState.PENDING,
              JobState.RUNNING,
              JobState.SCHEDULED,
              JobState.PENDING,
              JobState.RUNNING,
              JobState.SCHEDULED,
              JobState.PENDING,
              JobState.RUNNING,
              JobState.PENDING,
              JobState.RUNNING,
              JobState.FAILED,
              JobState.PENDING,
              JobState.RUNNING,
              JobState.INTERRUPTED,
              JobState.PENDING,
              JobState.RUNNING,
              JobState.COMPLETED);
      assertThat(store.events(id)).extracting(JobEvent::at).isSorted();
    }

    @Test
    void keeps_the_failure_of_every_attempt() {
      JobId id = enqueue(mail());
      acknowledge(claimOne(node), new Transition.Retry(SECOND, BOOM));
      time.advance(SECOND);
      store.promote(10);
      Failure second = Failure.of(Failure.Kind.TIMEOUT, "slow");
      acknowledge(claimOne(node), new Transition.Fail(second));

      assertThat(store.events(id).stream().flatMap(event -> event.failure().stream()))
          .containsExactly(BOOM, second);
    }

    @Test
    @Tag("R-31")
    void tells_of_a_release_with_a_reason() {
      JobId id = enqueue(mail());
      acknowledge(claimOne(node), new Transition.Release("its node was stopped"));

      assertThat(path(id)).containsExactly(JobState.PENDING, JobState.RUNNING, JobState.PENDING);
      assertThat(lastEvent(id).why()).isEqualTo("its node was stopped");
    }

    @Test
    void does_not_tell_of_a_lease_that_was_returned_before_its_handler_started() {
      JobId id = enqueue(mail());
      acknowledge(claimOne(node), new Transition.Release(""));

      assertThat(path(id)).containsExactly(JobState.PENDING);
    }

    @Test
    @Tag("R-20")
    void tells_of_the_cancellation_of_a_running_job() {
      JobId id = enqueue(mail());
      claimOne(node);
      time.advance(SECOND);
      store.cancel(List.of(id), "ops");

      assertThat(path(id)).containsExactly(JobState.PENDING, JobState.RUNNING, JobState.CANCELLED);
    }

    @Test
    @Tag("R-02")
    void allows_in_every_state_only_what_the_table_of_states_allows() {
      for (JobState state : reachable()) {
        for (Runnable attack : everyOperationOn(state)) {
          attack.run();
        }
      }
      for (Job job : store.list(JobFilter.all(), PageRequest.first(500))) {
        path(job.id());
      }
    }

    private List<Runnable> everyOperationOn(JobState state) {
      List<Runnable> attacks = new ArrayList<>();
      attacks.add(() -> store.cancel(List.of(jobIn(state)), "x"));
      attacks.add(() -> store.retry(List.of(jobIn(state)), "x"));
      attacks.add(() -> store.move(List.of(jobIn(state)), "x"));
      attacks.add(
          () -> {
            JobId id = jobIn(state);
            time.advance(Duration.ofDays(20));
            store.promote(100);
            exchange(List.of(), new Claim(node, List.of(), Set.of(job(id).type()), 1));
          });
      for (Transition transition : everyTransition()) {
        attacks.add(() -> acknowledgeUnderItsLastToken(jobIn(state), transition));
        if (transition.kind() != Transition.Kind.COMPLETE) {
          attacks.add(() -> rescueUnderItsLastToken(jobIn(state), transition));
        }
      }
      return attacks;
    }

    private void acknowledgeUnderItsLastToken(JobId id, Transition transition) {
      Job before = job(id);
      Lease lease = new Lease(id, before.token(), before.attempt(), node);
      Acknowledgement end = new Acknowledgement(lease, transition, SECOND, Notes.none(lease));
      exchange(List.of(end), claimOf(node, 0));
      if (before.state() != JobState.RUNNING) {
        assertThat(job(id)).isEqualTo(before);
      }
    }

    private void rescueUnderItsLastToken(JobId id, Transition transition) {
      Job before = job(id);
      Lease lease = new Lease(id, before.token(), before.attempt(), node);
      int rescued =
          store.rescue(List.of(new Rescue(lease, transition, true, Death.proven(node, "x"))), "x");
      assertThat(rescued).isEqualTo(before.state() == JobState.RUNNING ? 1 : 0);
      if (before.state() != JobState.RUNNING) {
        assertThat(job(id)).isEqualTo(before);
      }
    }
  }

  @Nested
  class A_listener {
    private NodeId node;

    @BeforeEach
    void registerNode() {
      node = register("a");
    }

    private final ConcurrentLinkedQueue<Signal> heard = new ConcurrentLinkedQueue<>();

    @BeforeEach
    void listen() {
      store.listen(heard::add);
    }

    @Test
    void hears_of_work_that_was_enqueued() {
      enqueue(mail());
      assertThat(heard).contains(Signal.WORK);
    }

    @Test
    void hears_of_jobs_that_were_scheduled() {
      enqueue(mail().in(SECOND));
      assertThat(heard).contains(Signal.SCHEDULED).doesNotContain(Signal.WORK);
    }

    @Test
    void hears_of_work_that_was_promoted() {
      enqueue(mail().in(SECOND));
      time.advance(SECOND);
      heard.clear();

      store.promote(10);

      assertThat(heard).contains(Signal.WORK);
    }

    @Test
    void hears_of_jobs_that_were_released_or_scheduled_again() {
      ids(2);
      List<Claimed> claimed = claim(node, 2);
      heard.clear();

      acknowledge(claimed.get(0), new Transition.Release("stop"));
      assertThat(heard).contains(Signal.WORK);

      acknowledge(claimed.get(1), new Transition.Retry(SECOND, BOOM));
      assertThat(heard).contains(Signal.SCHEDULED);
    }

    @Test
    void hears_of_work_that_was_rescued() {
      enqueue(mail());
      Rescue rescue = rescue(claimOne(node), new Transition.Release("gone"), true);
      heard.clear();

      store.rescue(List.of(rescue), "b");

      assertThat(heard).contains(Signal.WORK);
    }

    @Test
    void hears_of_work_that_an_operator_put_back() {
      JobId id = jobIn(JobState.FAILED);
      heard.clear();

      store.retry(List.of(id), "ops");

      assertThat(heard).contains(Signal.WORK);
    }

    @Test
    @Tag("R-20")
    void hears_of_running_jobs_that_were_cancelled_and_of_them_only() {
      JobId waiting = enqueue(mail());
      store.cancel(List.of(waiting), "ops");
      assertThat(heard).doesNotContain(Signal.REVOKED);
      JobId running = jobIn(JobState.RUNNING);

      store.cancel(List.of(running), "ops");

      assertThat(heard).contains(Signal.REVOKED);
    }

    @Test
    void sees_what_it_hears_of() {
      List<Optional<Job>> seen = new ArrayList<>();
      JobId id = new JobId(new UUID(5, 5));
      store.listen(signal -> seen.add(store.find(id)));

      queue.enqueue(mail().withId(id));

      assertThat(seen).isNotEmpty().allMatch(Optional::isPresent);
    }

    @Test
    void hears_nothing_after_its_subscription_was_closed() {
      List<Signal> late = new ArrayList<>();
      store.listen(late::add).close();

      enqueue(mail());

      assertThat(late).isEmpty();
    }
  }

  @Nested
  class A_list {
    @Test
    @Tag("R-40")
    void goes_from_the_newest_to_the_oldest_page_by_page() {
      List<JobId> ids = ids(5);

      List<Job> first = store.list(JobFilter.all(), PageRequest.first(2));
      List<Job> second = store.list(JobFilter.all(), PageRequest.first(2).after(ids.get(3)));
      List<Job> third = store.list(JobFilter.all(), PageRequest.first(2).after(ids.get(1)));

      assertThat(first).extracting(Job::id).containsExactly(ids.get(4), ids.get(3));
      assertThat(second).extracting(Job::id).containsExactly(ids.get(2), ids.get(1));
      assertThat(third).extracting(Job::id).containsExactly(ids.get(0));
    }

    @Test
    @Tag("R-43")
    void shows_what_satisfies_every_part_of_its_filter() {
      JobId wanted = enqueue(mail().on("q").group("g"));
      JobId otherQueue = enqueue(mail().group("g"));
      JobId otherGroup = enqueue(mail().on("q"));
      JobId otherType = enqueue(NewJob.of("print", 1).on("q").group("g"));
      JobId cancelled = enqueue(mail().on("q").group("g"));
      store.cancel(List.of(cancelled), "ops");

      assertThat(found(JobFilter.all()))
          .containsExactly(cancelled, otherType, otherGroup, otherQueue, wanted);
      assertThat(found(JobFilter.in(JobState.PENDING).queue("q").type(TYPE).group("g")))
          .containsExactly(wanted);
      assertThat(found(JobFilter.in(JobState.CANCELLED, JobState.FAILED)))
          .containsExactly(cancelled);
      assertThat(found(JobFilter.ids(List.of(wanted, otherType, new JobId(new UUID(1, 1))))))
          .containsExactly(otherType, wanted);
      assertThat(found(JobFilter.all().queue("none"))).isEmpty();
    }

    @Test
    void of_one_nodes_leases_shows_no_others() {
      NodeId a = register("a");
      NodeId b = register("b");
      ids(3);
      List<Claimed> ofA = claim(a, 2);
      List<Claimed> ofB = claim(b, 1);

      assertThat(store.held(a))
          .containsExactlyInAnyOrderElementsOf(ofA.stream().map(Claimed::lease).toList());
      assertThat(store.held(b)).containsExactly(ofB.get(0).lease());
      assertThat(store.held(register("c"))).isEmpty();
    }

    @Test
    void of_groups_knows_the_last_with_a_prefix() {
      enqueue(mail().group("run-2026-01-02"));
      enqueue(mail().group("run-2026-01-10"));
      enqueue(mail().group("run-2026-01-09"));
      enqueue(mail().group("runs"));
      enqueue(mail().group("other"));
      enqueue(mail());

      assertThat(store.lastGroup("run-")).contains("run-2026-01-10");
      assertThat(store.lastGroup("none")).isEmpty();
      assertThat(store.lastGroup("run_")).isEmpty();
      assertThat(store.lastGroup("run%")).isEmpty();
    }

    private List<JobId> found(JobFilter filter) {
      return store.list(filter, PageRequest.first(100)).stream().map(Job::id).toList();
    }
  }

  @Nested
  @Tag("R-37")
  class The_status {
    @Test
    void of_an_empty_queue_shows_every_state_with_zero() {
      QueueStatus status = store.status();

      assertThat(status.counts()).hasSize(JobState.values().length);
      assertThat(status.counts().values()).containsOnly(0L);
      assertThat(status.oldestPending()).isEmpty();
      assertThat(status.newest()).isEmpty();
      assertThat(status.active()).isEmpty();
      assertThat(status.nodes()).isEmpty();
      assertThat(status.database().kind()).isNotBlank();
    }

    @Test
    void counts_jobs_by_state() {
      for (JobState state : reachable()) {
        jobIn(state);
      }
      jobIn(JobState.FAILED);

      Map<JobState, Long> counts = store.status().counts();

      for (JobState state : reachable()) {
        assertThat(counts).containsEntry(state, state == JobState.FAILED ? 2L : 1L);
      }
      assertThat(counts).containsEntry(JobState.BLOCKED, 0L);
    }

    @Test
    void names_the_oldest_runnable_and_the_newest_job() {
      JobId urgent = enqueue(mail().priority(100));
      time.advance(SECOND);
      JobId oldest = enqueue(mail());
      time.advance(SECOND);
      enqueue(mail().priority(50));
      time.advance(SECOND);
      JobId newest = enqueue(mail().in(SECOND));
      claimOne(register("a"));

      assertThat(job(urgent).state()).isEqualTo(JobState.RUNNING);
      assertThat(store.status().oldestPending()).contains(job(oldest));
      assertThat(store.status().newest()).contains(job(newest));
    }

    @Test
    void counts_as_stuck_what_has_run_for_more_than_half_an_hour() {
      JobId id = jobIn(JobState.RUNNING);
      time.advance(Duration.ofMinutes(30));
      assertThat(store.status().stuck()).isZero();

      time.advance(SECOND);

      assertThat(store.status().stuck()).isEqualTo(1);
      assertThat(store.status().active()).containsExactly(job(id));
    }

    @Test
    void shows_twenty_active_jobs_at_the_most() {
      ids(25);
      claim(register("a"), 25);

      assertThat(store.status().active())
          .hasSize(20)
          .allMatch(job -> job.state() == JobState.RUNNING);
    }

    @Test
    void counts_as_orphaned_what_runs_under_a_node_that_does_not_live() {
      NodeId node = register("a");
      ids(2);
      claim(node, 1);
      claim(new NodeId(new UUID(9, 9)), 1);
      assertThat(store.status().orphaned()).isEqualTo(1);

      time.advance(LEASE.plusMillis(1));

      assertThat(store.status().orphaned()).isEqualTo(2);
    }
  }

  // What the tests above say in one word each.

  private static NewJob mail() {
    return NewJob.of(TYPE, "ada");
  }

  private JobId enqueue(NewJob job) {
    return queue.enqueue(job).id();
  }

  private List<JobId> ids(int count) {
    List<NewJob> asked = IntStream.range(0, count).mapToObj(i -> mail()).toList();
    return queue.enqueue(asked).stream().map(Enqueued::id).toList();
  }

  private static List<JobId> ids(List<Claimed> claimed) {
    return claimed.stream().map(one -> one.lease().job()).toList();
  }

  private Job job(JobId id) {
    return store.find(id).orElseThrow();
  }

  private JobEvent lastEvent(JobId id) {
    List<JobEvent> events = store.events(id);
    return events.get(events.size() - 1);
  }

  /** The states of a job's history, which is checked to have no gap and no forbidden step. */
  private List<JobState> path(JobId id) {
    List<JobEvent> events = store.events(id);
    Optional<JobState> before = Optional.empty();
    for (JobEvent event : events) {
      assertThat(event.from()).as("history of %s: %s", id, events).isEqualTo(before);
      before.ifPresent(
          from ->
              assertThat(from.mayBecome(event.to()))
                  .as("history of %s: %s to %s", id, from, event.to())
                  .isTrue());
      before = Optional.of(event.to());
    }
    assertThat(before).as("history of %s: %s", id, events).contains(job(id).state());
    return events.stream().map(JobEvent::to).toList();
  }

  private NodeId register(String name) {
    NodeId id = new NodeId(new UUID(random.nextLong(), random.nextLong()));
    NodeInfo info = new NodeInfo(id, name, "host-" + name, 4711, 1, "boot", "pid:[1]", "test");
    presences.add(store.register(info, LEASE));
    return id;
  }

  private static Orphan orphan(Claimed job, boolean began, String cause) {
    Death death = Death.proven(job.lease().node(), cause);
    return new Orphan(job.lease(), job.type(), job.crashes(), began, death);
  }

  private static Claim claimOf(NodeId node, int limit) {
    return new Claim(node, List.of(), Set.of(TYPE), limit);
  }

  private Exchange exchange(List<Acknowledgement> ends, Claim claim) {
    return store.exchange(ends, claim);
  }

  private List<Claimed> claim(NodeId node, int limit) {
    return claim(store, node, limit);
  }

  private static List<Claimed> claim(JobStore handle, NodeId node, int limit) {
    return handle.exchange(List.of(), claimOf(node, limit)).claimed();
  }

  private Claimed claimOne(NodeId node) {
    List<Claimed> claimed = claim(node, 1);
    assertThat(claimed).hasSize(1);
    return claimed.get(0);
  }

  /** Claims this job, of whatever type. */
  private Claimed claimAny(JobId id) {
    Set<String> types = Set.of(job(id).type());
    NodeId node = new NodeId(new UUID(8, 8));
    List<Claimed> claimed = exchange(List.of(), new Claim(node, List.of(), types, 1)).claimed();
    assertThat(ids(claimed)).containsExactly(id);
    return claimed.get(0);
  }

  private static Acknowledgement end(Claimed claimed, Transition transition) {
    return new Acknowledgement(
        claimed.lease(), transition, Duration.ZERO, Notes.none(claimed.lease()));
  }

  private void acknowledge(Claimed claimed, Transition transition) {
    acknowledge(claimed, transition, Duration.ZERO);
  }

  private void acknowledge(Claimed claimed, Transition transition, Duration ran) {
    Lease lease = claimed.lease();
    Acknowledgement end = new Acknowledgement(lease, transition, ran, Notes.none(lease));
    assertThat(exchange(List.of(end), claimOf(lease.node(), 0)).stale()).isEmpty();
  }

  private static Transition complete() {
    return new Transition.Complete(Optional.of("1"));
  }

  private static List<Transition> everyTransition() {
    List<Transition> all =
        List.of(
            complete(),
            new Transition.Retry(SECOND, BOOM),
            new Transition.Snooze(SECOND),
            new Transition.Fail(BOOM),
            new Transition.Release("back"),
            new Transition.Hold("aside"));
    assertThat(all).extracting(Transition::kind).containsExactly(Transition.Kind.values());
    return all;
  }

  private static Rescue rescue(Claimed claimed, Transition transition, boolean crashed) {
    return new Rescue(
        claimed.lease(), transition, crashed, Death.proven(claimed.lease().node(), "gone"));
  }

  private LogLine line(JobId id, Level level, String message) {
    return new LogLine(id, 1, time.now(), level, message, Optional.empty());
  }

  private static List<JobState> reachable() {
    return Arrays.stream(JobState.values()).filter(state -> state != JobState.BLOCKED).toList();
  }

  /** A job that was brought into this state, without touching any other. */
  private JobId jobIn(JobState state) {
    String type = "in-" + state + "-" + random.nextInt(1_000_000);
    NewJob asked = NewJob.of(type, 1);
    if (state == JobState.SCHEDULED) {
      return enqueue(asked.in(Duration.ofDays(10)));
    }
    JobId id = enqueue(asked);
    if (state == JobState.PENDING) {
      return id;
    }
    if (state == JobState.CANCELLED) {
      store.cancel(List.of(id), "test");
      return id;
    }
    Claimed claimed = claimAny(id);
    switch (state) {
      case RUNNING -> {}
      case COMPLETED -> acknowledge(claimed, complete());
      case FAILED -> acknowledge(claimed, new Transition.Fail(BOOM));
      case INTERRUPTED -> acknowledge(claimed, new Transition.Hold("test"));
      default -> throw new IllegalArgumentException("no way to " + state);
    }
    return id;
  }

  private void completed(JobId id) {
    Claimed claimed = claimOne(register("completer"));
    assertThat(claimed.lease().job()).isEqualTo(id);
    acknowledge(claimed, complete());
  }

  private NodeSeen seen(NodeId id) {
    return store.nodes().stream().filter(node -> node.id().equals(id)).findFirst().orElseThrow();
  }

  private static <T> List<T> atOnce(List<Callable<T>> calls) {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<T> answers = new ArrayList<>();
      for (Future<T> answer : threads.invokeAll(calls)) {
        answers.add(answer.get());
      }
      return answers;
    } catch (Exception failure) {
      throw new AssertionError("a concurrent call failed", failure);
    } finally {
      threads.shutdownNow();
    }
  }
}
