package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.holdfast.ClaimOrder;
import dev.holdfast.Enqueued;
import dev.holdfast.JobId;
import dev.holdfast.JobUpdate;
import dev.holdfast.NewJob;
import dev.holdfast.NodeId;
import dev.holdfast.engine.queue.StoreQueue;
import dev.holdfast.spi.Claim;
import dev.holdfast.spi.Claimed;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.Ranking;
import dev.holdfast.spi.Situation;
import dev.holdfast.spi.Transition;
import dev.holdfast.spi.record.JobRecord;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A chapter of {@link JobStoreContract}: the order in which the jobs of a queue are claimed. */
abstract class StoreContractOfOrders extends StoreFixture {
  private void switchTo(ClaimOrder order) {
    queue.queues().configure(QUEUE, was -> was.order(order));
  }

  private List<JobId> enqueueAll(List<NewJob> jobs) {
    return queue.enqueue(jobs).stream().map(Enqueued::id).toList();
  }

  private static NewJob of(String group) {
    return mail().group(group);
  }

  private static List<NewJob> times(int count, NewJob job) {
    return IntStream.range(0, count).mapToObj(i -> job).toList();
  }

  @Nested
  @Tag("R-13")
  class First_in_first_out {
    @Test
    void goes_by_the_time_of_being_due_alone() {
      switchTo(ClaimOrder.FIFO);
      NodeId node = register("a");
      JobId later = enqueue(mail().priority(9).in(SECOND));
      JobId first = enqueue(mail().priority(-5));
      time.advance(SECOND.dividedBy(2));
      JobId second = enqueue(mail().priority(7));
      time.advance(SECOND);
      store.promote(10);

      assertThat(ids(claim(node, 2))).containsExactly(first, second);
      assertThat(ids(claim(node, 2))).containsExactly(later);
    }
  }

  @Nested
  @Tag("R-13")
  class Last_in_first_out {
    @Test
    void goes_from_the_newest_to_the_oldest() {
      switchTo(ClaimOrder.LIFO);
      NodeId node = register("a");
      List<JobId> ofOneCall = ids(3);
      time.advance(SECOND.dividedBy(1_000));
      JobId newer = enqueue(mail().priority(-9));

      assertThat(ids(claim(node, 2))).containsExactly(newer, ofOneCall.get(2));
      time.advance(SECOND.dividedBy(1_000));
      JobId newest = enqueue(mail());
      assertThat(ids(claim(node, 5))).containsExactly(newest, ofOneCall.get(1), ofOneCall.get(0));
    }

    @Test
    void counts_the_time_when_a_job_could_run() {
      switchTo(ClaimOrder.LIFO);
      NodeId node = register("a");
      JobId delayed = enqueue(mail().in(SECOND));
      time.advance(SECOND.dividedBy(2));
      JobId atOnce = enqueue(mail());
      time.advance(SECOND);
      store.promote(10);

      assertThat(ids(claim(node, 2))).containsExactly(delayed, atOnce);
    }
  }

  @Nested
  @Tag("R-13")
  class Turns_of_groups {
    @Test
    void let_no_group_wait_for_all_of_another() {
      switchTo(ClaimOrder.FAIR);
      NodeId node = register("a");
      enqueueAll(times(2_000, of("many")));
      time.advance(SECOND);
      JobId single = enqueue(of("few"));

      assertThat(ids(claim(node, 2))).contains(single);
    }

    @Test
    @Tag("slow")
    void let_no_group_wait_for_a_hundred_thousand_of_another() {
      switchTo(ClaimOrder.FAIR);
      NodeId node = register("a");
      enqueueAll(times(100_000, of("many")));
      ids(claim(node, 100));
      time.advance(SECOND);
      JobId single = enqueue(of("few"));

      assertThat(ids(claim(node, 2))).contains(single);
    }

    @Test
    void alternate_between_groups_and_keep_the_order_within_each() {
      switchTo(ClaimOrder.FAIR);
      NodeId node = register("a");
      List<JobId> many = enqueueAll(times(6, of("many")));
      List<JobId> few = enqueueAll(times(3, of("few").priority(-9)));
      List<JobId> none = enqueueAll(times(2, mail()));

      List<JobId> claimed = ids(claim(node, 20));

      assertThat(claimed.subList(0, 3))
          .containsExactlyInAnyOrder(many.get(0), few.get(0), none.get(0));
      assertThat(claimed.subList(3, 6))
          .containsExactlyInAnyOrder(many.get(1), few.get(1), none.get(1));
      assertThat(claimed.subList(8, 11)).containsExactly(many.get(3), many.get(4), many.get(5));
    }

    @Test
    void are_not_won_by_enqueuing_one_by_one() {
      switchTo(ClaimOrder.FAIR);
      NodeId node = register("a");
      for (int i = 0; i < 20; i++) {
        enqueue(of("many"));
      }
      JobId single = enqueue(of("few"));

      assertThat(ids(claim(node, 2))).contains(single);
    }

    @Test
    void give_no_credit_for_a_time_without_jobs() {
      switchTo(ClaimOrder.FAIR);
      NodeId node = register("a");
      enqueueAll(times(100, of("busy")));
      claim(node, 50);
      enqueueAll(times(10, of("idle")));

      List<Claimed> next = claim(node, 10);

      long idle =
          next.stream()
              .map(one -> job(one.lease().job()))
              .filter(job -> job.group().orElse("").equals("idle"))
              .count();
      assertThat(idle).isBetween(4L, 6L);
    }

    @Test
    void are_kept_when_all_was_done_for_a_while() {
      switchTo(ClaimOrder.FAIR);
      NodeId node = register("a");
      enqueueAll(times(50, of("many")));
      claim(node, 50);
      enqueueAll(times(20, of("few")));
      JobId again = enqueue(of("many"));

      assertThat(ids(claim(node, 2))).contains(again);
    }

    @Test
    void stay_with_a_job_that_is_given_back() {
      switchTo(ClaimOrder.FAIR);
      NodeId node = register("a");
      enqueueAll(times(10, of("many")));
      List<Claimed> held = claim(node, 5);
      enqueueAll(times(10, of("few")));

      acknowledge(held.get(0), new Transition.Release(""));

      assertThat(store.queues().reRank(1_000)).as("it has kept its turn").isZero();
      assertThat(ids(claim(node, 1))).containsExactly(held.get(0).lease().job());
    }
  }

  @Nested
  @Tag("R-13")
  class The_lot {
    /** Keeps the same number of jobs of each priority waiting. */
    @Test
    void favours_jobs_by_their_weights() {
      switchTo(ClaimOrder.WEIGHTED_RANDOM);
      NodeId node = register("a");
      Map<JobId, Integer> priorities = new HashMap<>();
      for (int priority = 0; priority < 4; priority++) {
        refill(priorities, Collections.nCopies(250, priority));
      }
      int[] won = new int[4];
      for (int claims = 0; claims < 10_000; claims += 10) {
        List<Integer> drawn = ids(claim(node, 10)).stream().map(priorities::get).toList();
        drawn.forEach(priority -> won[priority]++);
        refill(priorities, drawn);
      }

      for (int priority = 0; priority < 4; priority++) {
        assertThat(won[priority] / 1_000.0)
            .as("claims of priority %d, for 1,000 of its weight", priority)
            .isCloseTo(Ranking.weight(priority), withinPercentage(5));
      }
    }

    private void refill(Map<JobId, Integer> priorities, List<Integer> asked) {
      List<JobId> ids = enqueueAll(asked.stream().map(mail()::priority).toList());
      for (int i = 0; i < ids.size(); i++) {
        priorities.put(ids.get(i), asked.get(i));
      }
    }

    @Test
    void comes_to_everybody() {
      switchTo(ClaimOrder.WEIGHTED_RANDOM);
      NodeId node = register("a");
      JobId weak = enqueue(mail().priority(-9));
      boolean isDone = false;
      for (int i = 0; i < 2_000 && !isDone; i++) {
        enqueueAll(times(2, mail().priority(9)));
        isDone = ids(claim(node, 2)).contains(weak);
      }

      assertThat(isDone).as("the weakest was drawn within 2,000 claims").isTrue();
    }
  }

  @Nested
  @Tag("R-13")
  class A_switch_of_the_order {
    @ParameterizedTest
    @EnumSource(ClaimOrder.class)
    void is_obeyed_by_what_waits_already(ClaimOrder order) {
      NodeId node = register("a");
      List<JobId> low = enqueueAll(times(1_500, of("many")));
      time.advance(SECOND);
      JobId last = enqueue(of("few").priority(9));
      switchTo(ClaimOrder.LIFO);
      switchTo(order);

      List<JobId> first = ids(claim(node, 2));

      switch (order) {
        case PRIORITY -> assertThat(first).containsExactly(last, low.get(0));
        case FIFO -> assertThat(first).containsExactly(low.get(0), low.get(1));
        case LIFO -> assertThat(first).containsExactly(last, low.get(1_499));
        case FAIR -> assertThat(first).contains(last);
        case WEIGHTED_RANDOM -> assertThat(first).hasSize(2);
      }
      assertThat(ids(claim(node, 1_000))).hasSize(1_000);
      assertThat(claim(node, 1_000)).hasSize(499);
      assertThat(store.queues().reRank(1_000)).isZero();
    }

    @Test
    void is_explained_by_the_new_order() {
      register("a");
      JobId first = enqueue(mail());
      time.advance(SECOND);
      enqueueAll(times(3, mail().priority(5)));
      assertThat(store.insights().situation(first).map(Situation::ahead)).contains(3);

      switchTo(ClaimOrder.FIFO);

      assertThat(store.insights().situation(first).map(Situation::ahead)).contains(0);
    }

    @Test
    void goes_round_all_bands() {
      NodeId node = register("a");
      JobId low = enqueue(mail());
      JobId high = enqueue(mail().priority(1));
      for (int i = 0; i <= 2 * Ranking.BANDS; i++) {
        switchTo(ClaimOrder.FIFO);
        switchTo(ClaimOrder.PRIORITY);
      }

      assertThat(ids(claim(node, 10))).containsExactly(high, low);
    }

    @Test
    void keeps_jobs_of_all_types_in_their_order() {
      NodeId node = register("a");
      List<JobId> all = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        all.add(enqueue(NewJob.of(i % 2 == 0 ? "a" : "b", i).group("one")));
        time.advance(SECOND);
      }

      switchTo(ClaimOrder.FAIR);

      Claim both = new Claim(node, List.of(), Set.of("a", "b"), 20);
      assertThat(ids(exchange(List.of(), both).claimed())).containsExactlyElementsOf(all);
    }

    @Test
    void does_not_happen_when_something_else_is_changed() {
      NodeId node = register("a");
      switchTo(ClaimOrder.FIFO);
      List<JobId> all = new ArrayList<>();
      for (int i = 0; i < 2 * Ranking.BANDS; i++) {
        all.add(enqueue(mail()));
        time.advance(SECOND);
        int most = 100 + i;
        queue.queues().configure(QUEUE, settings -> settings.concurrency(most));
      }

      assertThat(ids(claim(node, 100))).containsExactlyElementsOf(all);
    }

    /** Simulates a switch that another process learns of a moment later. */
    @Test
    void puts_right_what_a_process_did_that_did_not_know_of_it() {
      NodeId node = register("a");
      StoreQueue elsewhere = queueOver(other(), new SplittableRandom(7));
      elsewhere.enqueue(mail());
      switchTo(ClaimOrder.LIFO);
      time.advance(SECOND.dividedBy(1_000));
      List<JobId> stale =
          elsewhere.enqueue(times(5, mail().priority(3))).stream().map(Enqueued::id).toList();
      time.advance(SECOND);
      JobId newest = enqueue(mail().priority(-1));

      store.queues().reRank(1_000);

      List<JobId> claimed = ids(claim(node, 10));
      assertThat(claimed.get(0)).isEqualTo(newest);
      assertThat(claimed.subList(1, 6)).containsExactlyInAnyOrderElementsOf(stale);
      assertThat(store.queues().reRank(1_000)).isZero();
    }

    @Test
    void ranks_what_comes_back_into_it() {
      NodeId node = register("a");
      JobId id = enqueue(mail().priority(5));
      Claimed held = claimOne(node);
      switchTo(ClaimOrder.FIFO);
      acknowledge(held, new Transition.Fail(BOOM));
      JobId waiting = enqueue(mail());
      time.advance(SECOND);

      store.retry(List.of(id), "ops");

      assertThat(ids(claim(node, 10))).containsExactly(waiting, id);
    }

    @Test
    void ranks_what_is_replaced_in_it() {
      NodeId node = register("a");
      switchTo(ClaimOrder.FIFO);
      JobId first = enqueue(mail());
      time.advance(SECOND);
      JobId second = enqueue(mail());

      queue.replace(second, JobUpdate.of().priority(9), "ada");

      assertThat(store.queues().reRank(1_000)).as("it stands in its order").isZero();
      assertThat(ids(claim(node, 10))).containsExactly(first, second);
    }

    @Test
    void ranks_what_is_moved_into_it() {
      NodeId node = register("a");
      switchTo(ClaimOrder.FIFO);
      JobId moved = enqueue(mail().priority(9).on("letters"));
      time.advance(SECOND);
      JobId here = enqueue(mail());
      time.advance(SECOND);
      JobId back = enqueue(mail().priority(1));

      store.move(List.of(moved), QUEUE);
      assertThat(ids(claim(node, 1))).containsExactly(moved);
      store.move(List.of(back), "letters");
      JobId plain = enqueue(mail().on("letters"));

      store.move(List.of(here), "letters");
      assertThat(ids(claim(node, 10))).containsExactly(back, here, plain);
    }

    @Test
    void loses_and_doubles_nothing_while_all_go_on() {
      List<ClaimOrder> orders = List.of(ClaimOrder.values());
      Set<JobId> enqueued = new HashSet<>();
      Set<JobId> seen = new HashSet<>();
      for (int round = 0; round < 10; round++) {
        ClaimOrder order = orders.get((round + 1) % orders.size());
        List<Callable<List<JobId>>> calls = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
          StoreQueue producer = queueOver(other(), new SplittableRandom(round * 10L + i));
          calls.add(() -> produce(producer));
        }
        JobStore claimer = other();
        NodeId node = register("n" + round);
        calls.add(() -> consume(claimer, node));
        calls.add(
            () -> {
              switchTo(order);
              return List.of();
            });

        List<List<JobId>> answers = atOnce(calls);

        enqueued.addAll(answers.get(0));
        enqueued.addAll(answers.get(1));
        assertThat(answers.get(2)).allMatch(seen::add);
      }
      time.advance(SECOND);
      while (store.queues().reRank(1_000) > 0) {}
      for (List<JobId> some = ids(claim(register("last"), 1_000));
          !some.isEmpty();
          some = ids(claim(register("last"), 1_000))) {
        assertThat(some).allMatch(seen::add);
      }
      assertThat(seen).isEqualTo(enqueued);
    }

    private static List<JobId> produce(StoreQueue producer) {
      List<JobId> ids = new ArrayList<>();
      for (int call = 0; call < 10; call++) {
        List<NewJob> jobs = times(7, of("g" + call % 3).priority(call));
        producer.enqueue(jobs).forEach(done -> ids.add(done.id()));
      }
      return ids;
    }

    private static List<JobId> consume(JobStore claimer, NodeId node) {
      List<JobId> ids = new ArrayList<>();
      for (int call = 0; call < 20; call++) {
        ids.addAll(ids(claim(claimer, node, 5)));
      }
      return ids;
    }
  }

  @Nested
  @Tag("R-13")
  class Two_stores_that_claim_at_once {
    @ParameterizedTest
    @EnumSource(
        value = ClaimOrder.class,
        names = {"PRIORITY", "FIFO", "LIFO", "FAIR"})
    void keep_the_order_between_them(ClaimOrder order) {
      switchTo(order);
      for (int i = 0; i < 100; i++) {
        enqueueAll(List.of(of("a").priority(i % 7), of("b"), of("a")));
        time.advance(SECOND.dividedBy(1_000));
      }
      Map<JobId, Integer> expected = new HashMap<>();
      for (JobId id : allInOrder()) {
        expected.put(id, expected.size());
      }
      List<Callable<List<JobId>>> calls = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        JobStore own = other();
        NodeId node = register("n" + i);
        calls.add(() -> drain(own, node));
      }

      List<List<JobId>> taken = atOnce(calls);

      assertThat(taken.stream().mapToInt(List::size).sum()).isEqualTo(300);
      for (List<JobId> mine : taken) {
        assertThat(mine.stream().map(expected::get).toList()).isSorted();
      }
    }

    private List<JobId> allInOrder() {
      JobId first = new JobId(new UUID(0, 0));
      JobId last = new JobId(new UUID(-1, -1));
      Comparator<JobRecord> inOrder =
          Comparator.comparingLong(JobRecord::rank)
              .thenComparing(record -> record.job().runAt())
              .thenComparing(record -> record.job().id());
      return store.maintenance().archive().records(first, last).stream()
          .sorted(inOrder)
          .map(record -> record.job().id())
          .toList();
    }

    private static List<JobId> drain(JobStore own, NodeId node) {
      List<JobId> mine = new ArrayList<>();
      for (List<JobId> some = ids(claim(own, node, 3));
          !some.isEmpty();
          some = ids(claim(own, node, 3))) {
        mine.addAll(some);
      }
      return mine;
    }
  }
}
