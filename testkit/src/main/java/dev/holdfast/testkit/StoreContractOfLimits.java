package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.ClaimOrder;
import dev.holdfast.Explanation;
import dev.holdfast.Explanation.Code;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.NewJob;
import dev.holdfast.NodeId;
import dev.holdfast.QueueSettings.Rate;
import dev.holdfast.Retention;
import dev.holdfast.RunNext;
import dev.holdfast.error.ConflictException;
import dev.holdfast.spi.Acknowledgement;
import dev.holdfast.spi.Claim;
import dev.holdfast.spi.Claimed;
import dev.holdfast.spi.Exchange;
import dev.holdfast.spi.HandlerOutput;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.Lease;
import dev.holdfast.spi.Signal;
import dev.holdfast.spi.Transition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A chapter of {@link JobStoreContract}. How many jobs run at once, and start within a period. */
@Tag("R-15")
abstract class StoreContractOfLimits extends StoreFixture {
  private static final Set<String> ANY = Set.of("a", "b", TYPE);

  private static List<Claimed> take(JobStore handle, NodeId node, int limit) {
    return handle.exchange(List.of(), new Claim(node, List.of(), ANY, limit)).claimed();
  }

  private void limit(String name, int most) {
    queue.queues().configure(name, all -> all.concurrency(most));
  }

  @Nested
  class A_limited_queue {
    private NodeId node;

    @BeforeEach
    void registerNode() {
      node = register("a");
    }

    @Test
    void runs_no_more_than_it_may_on_all_nodes_together() {
      limit(QUEUE, 3);
      ids(10);

      assertThat(take(store, node, 2)).hasSize(2);
      assertThat(take(other(), register("b"), 10)).hasSize(1);
      assertThat(take(store, node, 10)).isEmpty();
    }

    @Test
    void begins_the_next_in_the_exchange_that_ends_one() {
      limit(QUEUE, 1);
      List<JobId> all = ids(3);
      Claimed first = take(store, node, 5).get(0);

      Exchange exchange =
          exchange(List.of(end(first, complete())), new Claim(node, List.of(), ANY, 5));

      assertThat(ids(exchange.claimed())).containsExactly(all.get(1));
    }

    @Test
    void gets_the_permit_back_however_the_attempt_ends() {
      limit(QUEUE, 1);
      JobId id = enqueue(mail());
      for (Transition end : everyTransition()) {
        Claimed claimed = take(store, node, 5).get(0);
        JobId next = enqueue(mail());
        acknowledge(claimed, end);
        List<Claimed> after = take(store, node, 5);
        assertThat(after).as("after %s", end).hasSize(1);
        queue.cancel(List.of(after.get(0).lease().job()), "test");
        queue.cancel(List.of(id, next), "test");
        id = enqueue(mail());
      }
      Claimed crashed = take(store, node, 5).get(0);
      store.recovery().rescue(List.of(rescue(crashed, new Transition.Release("gone"), true)), "b");
      assertThat(take(store, node, 5)).hasSize(1);
    }

    @Test
    void counts_what_ran_before_it_had_a_limit() {
      ids(5);
      assertThat(take(store, node, 2)).hasSize(2);
      limit(QUEUE, 3);

      assertThat(take(store, node, 5)).hasSize(1);
    }

    @Test
    void goes_on_without_a_limit_when_that_is_taken_away() {
      limit(QUEUE, 1);
      ids(5);
      take(store, node, 5);
      queue.queues().configure(QUEUE, all -> all.concurrency(null));

      assertThat(take(store, node, 5)).hasSize(4);
    }

    @Test
    void gives_nothing_while_it_is_paused() {
      limit(QUEUE, 3);
      ids(5);
      queue.queues().pause(QUEUE, "ada");
      assertThat(take(store, node, 5)).isEmpty();

      queue.queues().resume(QUEUE);

      assertThat(take(store, node, 5)).hasSize(3);
    }

    @Test
    void leaves_nothing_behind_when_it_is_taken_away() {
      limit(QUEUE, 2);
      queue.queues().limitType("mail", 2);
      ids(5);
      List<Claimed> running = take(store, node, 5);
      queue.queues().configure(QUEUE, all -> all.concurrency(null));
      queue.queues().limitType("mail", null);
      running.forEach(job -> acknowledge(job, complete()));
      running = take(store, node, 5);
      assertThat(running).hasSize(3);

      store.maintenance().sweep(Retention.defaults(), Optional.empty(), 100);

      assertThat(holds()).isZero();
    }

    @Test
    void still_counts_who_runs_after_a_sweep() {
      limit(QUEUE, 2);
      ids(5);
      take(store, node, 1);

      store.maintenance().sweep(Retention.defaults(), Optional.empty(), 100);

      assertThat(take(store, node, 5)).hasSize(1);
    }

    @Test
    void is_the_only_thing_for_which_is_kept_who_runs() {
      ids(5);
      take(store, node, 1);
      queue.queues().configure(QUEUE, all -> all.order(ClaimOrder.FIFO));
      queue.queues().configure(QUEUE, all -> all.rate(new Rate(2, SECOND)));
      assertThat(take(store, node, 5)).hasSize(2);

      assertThat(holds()).isZero();
    }

    @Test
    void keeps_no_other_queue_waiting() {
      limit(QUEUE, 1);
      ids(5);
      take(store, node, 1);
      JobId elsewhere = enqueue(mail().on("letters"));

      assertThat(ids(take(store, node, 5))).containsExactly(elsewhere);
    }

    @Test
    void keeps_its_order() {
      limit(QUEUE, 1);
      JobId low = enqueue(NewJob.of("a", 1));
      JobId high = enqueue(NewJob.of("b", 1).priority(3));

      Claimed first = take(store, node, 5).get(0);
      acknowledge(first, complete());
      assertThat(first.lease().job()).isEqualTo(high);
      assertThat(ids(take(store, node, 5))).containsExactly(low);
    }

    @Test
    void gives_a_worker_no_more_than_it_can_start_at_once() {
      limit(QUEUE, 10);
      ids(10);

      Claim claim = new Claim(node, List.of(), ANY, 100).limit(100, 2);

      assertThat(exchange(List.of(), claim).claimed()).hasSize(2);
    }

    @Test
    void tells_who_holds_it() {
      limit(QUEUE, 1);
      JobId waits = ids(2).get(1);
      JobId runs = take(store, node, 5).get(0).lease().job();

      Explanation explanation = queue.explain(waits);

      assertThat(explanation.reasons())
          .filteredOn(reason -> reason.code() == Code.LIMIT_REACHED)
          .singleElement()
          .satisfies(reason -> assertThat(reason.text()).contains(runs.toString()));
    }
  }

  @Nested
  class A_shared_permit {
    private NodeId node;

    @BeforeEach
    void registerNode() {
      node = register("a");
    }

    private List<Claimed> takeAhead(NodeId by, int free, int ahead) {
      Claim claim = new Claim(by, List.of(), ANY, 100).limit(100, free).ahead(ahead);
      return exchange(List.of(), claim).claimed();
    }

    private Map<Long, List<JobId>> byLine(List<Claimed> claimed) {
      Map<Long, List<JobId>> lines = new HashMap<>();
      for (Claimed job : claimed) {
        lines
            .computeIfAbsent(job.line().orElseThrow(), line -> new ArrayList<>())
            .add(job.lease().job());
      }
      return lines;
    }

    @Test
    void begins_with_each_job_that_may_start_and_grows_evenly() {
      limit(QUEUE, 2);
      List<JobId> all = ids(10);

      List<Claimed> claimed = takeAhead(node, 2, 4);

      assertThat(ids(claimed)).isEqualTo(all.subList(0, 6));
      assertThat(byLine(claimed).values())
          .containsExactlyInAnyOrder(
              List.of(all.get(0), all.get(2), all.get(4)),
              List.of(all.get(1), all.get(3), all.get(5)));
    }

    @Test
    void counts_as_one() {
      limit(QUEUE, 2);
      ids(10);
      takeAhead(node, 1, 3);

      assertThat(takeAhead(register("b"), 10, 0)).hasSize(1);
      assertThat(takeAhead(register("c"), 10, 10)).isEmpty();
    }

    @Test
    void lasts_until_its_last_job_has_ended() {
      limit(QUEUE, 1);
      ids(10);
      List<Claimed> line = takeAhead(node, 1, 2);
      NodeId next = register("b");

      acknowledge(line.get(0), complete());
      assertThat(takeAhead(next, 5, 5)).isEmpty();
      acknowledge(line.get(2), new Transition.Release(""));
      assertThat(takeAhead(next, 5, 5)).isEmpty();
      acknowledge(line.get(1), complete());

      assertThat(takeAhead(next, 5, 0)).hasSize(1);
    }

    @Test
    void is_counted_in_the_situation_of_its_jobs() {
      limit(QUEUE, 1);
      ids(10);
      List<Claimed> line = takeAhead(node, 1, 2);

      assertThat(sharing(line.get(0))).isEqualTo(2);
      assertThat(sharing(line.get(2))).isEqualTo(2);
      acknowledge(line.get(0), complete());
      assertThat(sharing(line.get(0))).isZero();
      assertThat(sharing(line.get(1))).isEqualTo(1);
    }

    int sharing(Claimed job) {
      return store.insights().situation(job.lease().job()).orElseThrow().sharing();
    }

    @Test
    void continues_after_the_running_job() {
      limit(QUEUE, 1);
      List<JobId> all = ids(4);
      List<Claimed> first = takeAhead(node, 1, 1);

      List<Claimed> more = takeAhead(node, 0, 2);

      assertThat(ids(more)).isEqualTo(all.subList(2, 4));
      assertThat(more).allSatisfy(job -> assertThat(job.line()).isEqualTo(first.get(0).line()));
    }

    @Test
    void is_another_when_a_job_begins_again() {
      limit(QUEUE, 2);
      JobId id = enqueue(mail().priority(5));
      enqueue(mail());
      List<Claimed> line = takeAhead(node, 1, 1);
      acknowledge(line.get(0), new Transition.Release(""));

      Claimed again = takeAhead(register("b"), 1, 0).get(0);

      assertThat(again.lease().job()).isEqualTo(id);
      assertThat(again.line()).isNotEqualTo(line.get(0).line());
    }

    @Test
    void ends_with_the_death_of_its_node() {
      limit(QUEUE, 1);
      ids(5);
      List<Claimed> line = takeAhead(node, 1, 2);

      store
          .recovery()
          .rescue(
              line.stream().map(job -> rescue(job, new Transition.Release("gone"), true)).toList(),
              "b");

      assertThat(takeAhead(register("b"), 5, 0)).hasSize(1);
    }

    @Test
    void holds_one_group_where_groups_are_limited() {
      queue.queues().configure(QUEUE, all -> all.concurrencyPerGroup(1));
      JobId acme = enqueue(mail().group("acme"));
      List<JobId> small = List.of(enqueue(mail().group("small")), enqueue(mail().group("small")));

      List<Claimed> claimed = takeAhead(node, 10, 10);

      assertThat(byLine(claimed).values()).containsExactlyInAnyOrder(List.of(acme), small);
    }

    @Test
    void counts_as_one_though_its_jobs_are_of_several_groups() {
      limit(QUEUE, 2);
      for (String group : List.of("acme", "small", "other")) {
        enqueue(mail().group(group));
      }
      List<JobId> more = ids(3);
      List<Claimed> line = takeAhead(node, 1, 2);
      assertThat(byLine(line)).hasSize(1);

      assertThat(ids(takeAhead(node, 0, 1))).containsExactly(more.get(0));
      assertThat(ids(takeAhead(register("b"), 5, 0))).containsExactly(more.get(1));
    }

    @Test
    void of_several_groups_grows_no_more_once_those_are_limited() {
      limit(QUEUE, 2);
      enqueue(mail().group("acme"));
      enqueue(mail().group("small"));
      takeAhead(node, 1, 1);
      enqueue(mail().group("acme"));

      queue.queues().configure(QUEUE, all -> all.concurrencyPerGroup(1));

      assertThat(takeAhead(node, 0, 5)).isEmpty();
    }

    @Test
    void lets_no_job_be_overtaken_whose_turn_it_is() {
      queue.queues().configure(QUEUE, all -> all.concurrencyPerGroup(1).concurrency(1));
      JobId first = enqueue(mail().group("acme").priority(3));
      enqueue(mail().group("small").priority(2));
      enqueue(mail().group("acme").priority(1));

      assertThat(ids(takeAhead(node, 10, 10))).containsExactly(first);
    }

    @Test
    void is_not_for_what_is_limited_by_its_starts_or_its_type() {
      limit(QUEUE, 1);
      queue.queues().configure(QUEUE, all -> all.rate(new Rate(5, SECOND)));
      ids(5);
      assertThat(takeAhead(node, 10, 10)).hasSize(1);
      limit("typed", 1);
      queue.queues().limitType("b", 1);
      enqueue(NewJob.of("b", 1).on("typed"));
      enqueue(NewJob.of("b", 1).on("typed"));

      assertThat(takeAhead(node, 10, 10)).hasSize(1);
    }

    @Test
    void grows_no_more_when_the_limit_is_lowered_below_what_runs() {
      limit(QUEUE, 3);
      ids(10);
      takeAhead(node, 3, 0);

      limit(QUEUE, 2);

      assertThat(takeAhead(node, 0, 5)).isEmpty();
    }

    @Test
    void explains_why_a_job_does_not_run() {
      limit(QUEUE, 2);
      JobId waits = ids(4).get(3);
      List<Claimed> line = takeAhead(node, 1, 2);
      assertThat(queue.explain(waits).reasons())
          .noneMatch(reason -> reason.code() == Code.LIMIT_REACHED);

      enqueue(mail().priority(9));
      takeAhead(node, 1, 0);

      assertThat(line).hasSize(3);
      assertThat(queue.explain(waits).reasons())
          .anyMatch(reason -> reason.code() == Code.LIMIT_REACHED);
    }
  }

  @Nested
  class A_limited_group {
    private NodeId node;

    @BeforeEach
    void registerNode() {
      node = register("a");
    }

    @Test
    void keeps_no_other_group_waiting() {
      queue.queues().configure(QUEUE, all -> all.concurrencyPerGroup(1));
      IntStream.range(0, 50).forEach(i -> enqueue(mail().group("acme").priority(5)));
      JobId small = enqueue(mail().group("small"));
      JobId alone = enqueue(mail());

      List<JobId> first = ids(take(store, node, 10));

      assertThat(first).hasSize(3).contains(small, alone);
      assertThat(take(store, node, 10)).isEmpty();
    }

    @Test
    void may_be_limited_while_jobs_wait() {
      List<JobId> all = new ArrayList<>();
      for (int i = 0; i < 2_500; i++) {
        all.add(enqueue(mail().group("g" + i % 3)));
      }
      queue.queues().configure(QUEUE, settings -> settings.concurrencyPerGroup(2));

      List<Claimed> claimed = take(store, node, 100);
      claimed = new ArrayList<>(claimed);
      claimed.addAll(take(store, node, 100));

      assertThat(ids(claimed)).containsExactlyInAnyOrderElementsOf(all.subList(0, 6));
      queue.queues().configure(QUEUE, settings -> settings.concurrencyPerGroup(null));
      Set<JobId> rest = new HashSet<>();
      List<JobId> more = ids(take(store, node, 1_000));
      while (!more.isEmpty()) {
        rest.addAll(more);
        more = ids(take(store, node, 1_000));
      }
      assertThat(rest).hasSize(2_494);
    }
  }

  @Nested
  class A_limited_type {
    @Test
    void counts_in_all_queues_together_and_leaves_other_types_alone() {
      queue.queues().limitType("a", 2);
      IntStream.range(0, 3).forEach(i -> enqueue(NewJob.of("a", i)));
      IntStream.range(0, 3).forEach(i -> enqueue(NewJob.of("a", i).on("letters")));
      JobId free = enqueue(NewJob.of("b", 1));
      NodeId node = register("a");

      List<Claimed> claimed = new ArrayList<>(take(store, node, 10));
      claimed.addAll(take(other(), node, 10));

      assertThat(claimed.stream().filter(job -> job.type().equals("a"))).hasSize(2);
      assertThat(ids(claimed)).hasSize(3).contains(free);
      assertThat(queue.queues().typeLimits()).isEqualTo(Map.of("a", 2));

      queue.queues().limitType("a", null);
      assertThat(queue.queues().typeLimits()).isEmpty();
      assertThat(take(store, node, 10)).hasSize(4);
    }
  }

  @Nested
  class A_rate {
    @Test
    void is_never_exceeded_in_any_period_and_reached_but_for_a_twentieth() {
      queue.queues().configure(QUEUE, all -> all.rate(new Rate(5, Duration.ofSeconds(10))));
      ids(40);
      NodeId node = register("a");
      List<Long> starts = new ArrayList<>();
      SplittableRandom steps = new SplittableRandom(5);
      long began = time.now().toEpochMilli();
      while (time.now().toEpochMilli() - began < 60_000) {
        for (Claimed claimed : take(store, node, 3)) {
          starts.add(time.now().toEpochMilli());
          acknowledge(claimed, complete());
        }
        time.advance(Duration.ofMillis(50 + steps.nextInt(300)));
      }

      for (int i = 5; i < starts.size(); i++) {
        assertThat(starts.get(i) - starts.get(i - 5)).isGreaterThanOrEqualTo(10_000);
      }
      assertThat(starts.size()).isGreaterThanOrEqualTo(28);
    }

    @Test
    void is_held_up_for_one_period_at_most_by_a_clock_that_was_set_back() {
      queue.queues().configure(QUEUE, all -> all.rate(new Rate(2, Duration.ofSeconds(10))));
      NodeId node = register("a");
      IntStream.range(0, 6).forEach(i -> enqueue(mail()));
      assertThat(take(store, node, 10)).hasSize(2);

      for (Duration step : List.of(Duration.ofHours(-1), Duration.ofDays(-1))) {
        time.stepWallClock(step);
        assertThat(take(store, node, 10)).as("no burst after a step of %s", step).isEmpty();
        time.advance(Duration.ofSeconds(11));
        assertThat(take(store, node, 10)).as("after a step of %s", step).hasSize(2);
      }
    }

    @Test
    void tells_when_the_next_may_start() {
      queue.queues().configure(QUEUE, all -> all.rate(new Rate(1, Duration.ofMinutes(1))));
      JobId waits = ids(2).get(1);
      take(store, register("a"), 5);

      assertThat(queue.explain(waits).reasons())
          .extracting(Explanation.Reason::code)
          .contains(Code.RATE_LIMITED);
    }
  }

  @Nested
  @Tag("R-16")
  class A_queue_in_manual_mode {
    private NodeId node;

    @BeforeEach
    void registerNode() {
      node = register("a");
    }

    @Test
    void runs_one_job_for_each_command() {
      queue.queues().configure(QUEUE, all -> all.manual(true));
      List<JobId> all = ids(3);
      assertThat(take(store, node, 5)).isEmpty();

      RunNext next = queue.queues().runNext(QUEUE, "ada");

      assertThat(next.started()).isTrue();
      assertThat(next.jobIds()).containsExactly(all.get(0));
      assertThat(next.pending()).isEqualTo(3);
      assertThat(ids(take(store, node, 5))).containsExactly(all.get(0));
      assertThat(take(other(), node, 5)).isEmpty();
    }

    @Test
    void refuses_while_one_runs_or_was_let_go() {
      queue.queues().configure(QUEUE, all -> all.manual(true));
      ids(3);
      assertThat(queue.queues().runNext(QUEUE, "ada").started()).isTrue();
      assertThat(queue.queues().runNext(QUEUE, "ada").started()).isFalse();
      Claimed runs = take(store, node, 5).get(0);

      RunNext refused = queue.queues().runNext(QUEUE, "ada");

      assertThat(refused.started()).isFalse();
      assertThat(refused.jobIds()).containsExactly(runs.lease().job());
      acknowledge(runs, complete());
      assertThat(queue.queues().runNext(QUEUE, "ada").started()).isTrue();
    }

    @Test
    void forgets_whom_it_let_go_when_it_is_changed() {
      queue.queues().configure(QUEUE, all -> all.manual(true));
      ids(2);
      queue.queues().runNext(QUEUE, "ada");

      queue.queues().configure(QUEUE, all -> all.order(ClaimOrder.FIFO));

      assertThat(take(store, node, 5)).isEmpty();
      assertThat(queue.queues().runNext(QUEUE, "ada").started()).isTrue();
    }

    @Test
    void wakes_its_nodes_when_a_job_is_let_go() {
      queue.queues().configure(QUEUE, all -> all.manual(true));
      ids(1);
      Set<Signal> heard = ConcurrentHashMap.newKeySet();
      try (JobStore.Subscription listening = subscribe(heard::add)) {
        queue.queues().runNext(QUEUE, "ada");
      }

      assertThat(heard).contains(Signal.WORK);
    }

    @Test
    void says_so_when_no_job_waits() {
      queue.queues().configure(QUEUE, all -> all.manual(true));

      assertThat(queue.queues().runNext(QUEUE, "ada").started()).isFalse();
    }

    @Test
    void is_what_a_queue_must_be_in() {
      assertThatThrownBy(() -> queue.queues().runNext(QUEUE, "ada"))
          .isInstanceOf(ConflictException.class)
          .hasMessageContaining("not in manual mode");
      limit(QUEUE, 1);
      assertThatThrownBy(() -> queue.queues().runNext(QUEUE, "ada"))
          .isInstanceOf(ConflictException.class)
          .hasMessageContaining("not in manual mode");
    }
  }

  @Nested
  class Limits_under_stress {
    @Test
    void are_exact_with_two_stores_that_claim_end_and_lose_jobs_at_once() {
      limit(QUEUE, 3);
      queue.queues().configure("grouped", all -> all.concurrencyPerGroup(2));
      queue.queues().limitType("a", 4);
      List<NewJob> asked = new ArrayList<>();
      for (int i = 0; i < 240; i++) {
        NewJob job = NewJob.of(i % 2 == 0 ? "a" : "b", i);
        asked.add(i % 3 == 0 ? job.on("grouped").group("g" + i % 4) : job);
      }
      queue.enqueue(asked);
      Tally tally = new Tally();
      JobStore second = other();
      NodeId node = register("a");

      List<Callable<Integer>> workers =
          IntStream.range(0, THREADS)
              .<Callable<Integer>>mapToObj(
                  i -> () -> work(i % 2 == 0 ? store : second, node, tally, i))
              .toList();
      atOnce(workers);

      assertThat(tally.breaches).as("more at once than may").hasValue(0);
      assertThat(store.insights().status().counts().get(JobState.COMPLETED)).isEqualTo(240);
    }

    private int work(JobStore handle, NodeId node, Tally tally, int seed) {
      SplittableRandom chance = new SplittableRandom(seed);
      int idle = 0;
      while (idle < 200 && tally.done.get() < 240) {
        List<Claimed> jobs = take(handle, node, 1 + chance.nextInt(3));
        idle = jobs.isEmpty() ? idle + 1 : 0;
        jobs.forEach(tally::begins);
        for (Claimed job : jobs) {
          tally.ends(job);
          boolean crashes = chance.nextInt(5) == 0;
          if (crashes) {
            handle
                .recovery()
                .rescue(List.of(rescue(job, new Transition.Release("gone"), false)), "nemesis");
          } else {
            Lease lease = job.lease();
            Acknowledgement end =
                new Acknowledgement(lease, complete(), Duration.ZERO, HandlerOutput.none(lease));
            acknowledge(handle, end);
            tally.done.incrementAndGet();
          }
        }
      }
      return idle;
    }
  }

  /** Counts running jobs, from before a job may run elsewhere until after it no longer may. */
  private static final class Tally {
    private final Map<String, Integer> running = new HashMap<>(); // guarded by this
    private final AtomicInteger breaches = new AtomicInteger();
    private final AtomicInteger done = new AtomicInteger();

    private synchronized void begins(Claimed job) {
      check(job.queue().equals(QUEUE), "queue", 3);
      check(job.type().equals("a"), "type", 4);
    }

    private void check(boolean counts, String what, int most) {
      if (counts && running.merge(what, 1, Integer::sum) > most) {
        breaches.incrementAndGet();
      }
    }

    private synchronized void ends(Claimed job) {
      if (job.queue().equals(QUEUE)) {
        running.merge("queue", -1, Integer::sum);
      }
      if (job.type().equals("a")) {
        running.merge("type", -1, Integer::sum);
      }
    }
  }
}
