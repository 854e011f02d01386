package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.JobId;
import dev.holdfast.JobQueue;
import dev.holdfast.NewJob;
import dev.holdfast.NodeId;
import dev.holdfast.Retention;
import dev.holdfast.spi.Claim;
import dev.holdfast.spi.Claimed;
import dev.holdfast.spi.JobStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A chapter of {@link JobStoreContract}. What a claim takes of a queue with jobs of many kinds. */
abstract class StoreContractOfLanes extends StoreFixture {
  private static final Set<String> TYPES = Set.of("a", "b", "c");

  private List<Claimed> claim(
      JobStore handle, NodeId node, Map<String, Object> capabilities, int limit) {
    return handle
        .exchange(List.of(), new Claim(node, List.of(), TYPES, capabilities, limit))
        .claimed();
  }

  @Nested
  @Tag("R-13")
  class A_queue_among_many {
    @Test
    void is_found_by_the_first_claim_of_a_new_process() {
      NodeId node = register("a");
      IntStream.range(0, 40).forEach(i -> enqueue(NewJob.of("a", i).on("q" + i)));

      for (String name : List.of("q7", "q20", "q33")) {
        Claim claim = new Claim(node, List.of(name), TYPES, 10);
        assertThat(other().exchange(List.of(), claim).claimed()).hasSize(1);
      }
    }
  }

  @Nested
  @Tag("R-13")
  class A_queue_of_many_types {
    private NodeId node;

    @BeforeEach
    void registerNode() {
      node = register("a");
    }

    @Test
    void keeps_one_order_over_all_of_them() {
      List<JobId> low = enqueueEach(0);
      List<JobId> high = enqueueEach(5);

      assertThat(ids(claim(store, node, Map.of(), 4)))
          .containsExactly(high.get(0), high.get(1), high.get(2), low.get(0));
      assertThat(ids(claim(store, node, Map.of(), 4))).containsExactly(low.get(1), low.get(2));
    }

    private List<JobId> enqueueEach(int priority) {
      List<JobId> all = new ArrayList<>();
      for (String type : List.of("c", "a", "b")) {
        all.add(enqueue(NewJob.of(type, 1).priority(priority)));
      }
      return all;
    }

    @Test
    void gives_each_job_to_one_of_two_stores_that_claim_at_once() {
      JobStore other = other();
      List<NewJob> asked = new ArrayList<>();
      IntStream.range(0, 600).forEach(i -> asked.add(NewJob.of("" + (char) ('a' + i % 3), i)));
      queue.enqueue(asked);

      List<Callable<List<JobId>>> claimers =
          IntStream.range(0, THREADS)
              .<Callable<List<JobId>>>mapToObj(i -> () -> claimAll(i % 2 == 0 ? store : other))
              .toList();
      List<JobId> taken = new ArrayList<>();
      atOnce(claimers).forEach(taken::addAll);
      taken.addAll(claimAll(store));

      assertThat(taken).hasSize(600).doesNotHaveDuplicates();
    }

    private List<JobId> claimAll(JobStore handle) {
      List<JobId> taken = new ArrayList<>();
      List<JobId> more = ids(claim(handle, node, Map.of(), 20));
      while (!more.isEmpty()) {
        taken.addAll(more);
        more = ids(claim(handle, node, Map.of(), 20));
      }
      return taken;
    }

    @Test
    void does_not_keep_a_claim_from_types_behind_those_that_it_leaves() {
      IntStream.range(0, 300).forEach(i -> enqueue(NewJob.of("other", i).priority(9)));
      JobId wanted = enqueue(NewJob.of("a", 1));

      assertThat(ids(claim(store, node, Map.of(), 10))).containsExactly(wanted);
    }

    @Test
    void finds_a_moved_job_in_its_new_queue_and_in_its_order() {
      JobId stays = enqueue(NewJob.of("a", 1));
      JobId moved = enqueue(NewJob.of("b", 1).on("aside").priority(1));
      queue.move(List.of(moved), NewJob.DEFAULT_QUEUE);

      Claim claim = new Claim(node, List.of(NewJob.DEFAULT_QUEUE), TYPES, 10);
      assertThat(ids(exchange(List.of(), claim).claimed())).containsExactly(moved, stays);
    }

    @Test
    void counts_jobs_of_all_types_before_a_job() {
      enqueue(NewJob.of("a", 1).priority(1));
      enqueue(NewJob.of("b", 1).priority(1));
      enqueue(NewJob.of("b", 1).on("aside").priority(1));
      JobId moved = enqueue(NewJob.of("c", 1).on("aside").priority(1));
      queue.move(List.of(moved), NewJob.DEFAULT_QUEUE);
      JobId last = enqueue(NewJob.of("a", 1));

      assertThat(store.insights().situation(last).orElseThrow().ahead()).isEqualTo(3);
    }

    @Test
    void may_have_more_kinds_than_one_claim_looks_at() {
      Set<JobId> all = new HashSet<>();
      for (int i = 0; i < 300; i++) {
        all.add(enqueue(NewJob.of("a", i).requires(Map.of("slot", i % 150))));
      }

      Set<JobId> taken = new HashSet<>();
      for (int slot = 0; slot < 150; slot++) {
        taken.addAll(ids(claim(store, node, Map.of("slot", slot), 10)));
      }

      assertThat(taken).isEqualTo(all);
    }
  }

  @Nested
  @Tag("R-14")
  class What_a_job_requires {
    private NodeId node;

    @BeforeEach
    void registerNode() {
      node = register("a");
    }

    @Test
    void keeps_it_from_workers_that_lack_it() {
      JobId id = enqueue(NewJob.of("a", 1).requires(Map.of("memory", Map.of(">=", 16))));

      assertThat(claim(store, node, Map.of(), 1)).isEmpty();
      assertThat(claim(store, node, Map.of("memory", 8), 1)).isEmpty();
      assertThat(ids(claim(store, node, Map.of("memory", 16), 1))).containsExactly(id);
    }

    @Test
    void blocks_no_jobs_behind_it() {
      List<NewJob> unmet = new ArrayList<>();
      IntStream.range(0, 2_000)
          .forEach(i -> unmet.add(NewJob.of("a", i).priority(9).requires(Map.of("gpu", true))));
      queue.enqueue(unmet);
      JobId free = enqueue(NewJob.of("a", 1));

      assertThat(ids(claim(store, node, Map.of("gpu", false), 10))).containsExactly(free);
      assertThat(claim(store, node, Map.of("gpu", true), 10)).hasSize(10);
    }

    @Test
    void does_not_change_the_order_of_those_that_a_worker_may_run() {
      List<Integer> priorities = new ArrayList<>(IntStream.range(0, 40).boxed().toList());
      Collections.shuffle(priorities, new Random(7));
      Map<Integer, JobId> byPriority = new TreeMap<>(Collections.reverseOrder());
      for (int priority : priorities) {
        NewJob job = NewJob.of("a", 1).priority(priority);
        byPriority.put(
            priority, enqueue(priority % 2 == 0 ? job.requires(Map.of("gpu", true)) : job));
      }

      assertThat(ids(claim(store, node, Map.of("gpu", true), 40)))
          .containsExactlyElementsOf(byPriority.values());
    }

    @Test
    void stays_when_the_job_is_moved_or_tried_again() {
      JobId id = enqueue(NewJob.of("a", 1).on("aside").requires(Map.of("gpu", true)));
      queue.move(List.of(id), NewJob.DEFAULT_QUEUE);
      queue.cancel(List.of(id), "ops");
      JobQueue.Changed again = queue.retry(List.of(id), "ops").get(0);

      assertThat(again.done()).isTrue();
      assertThat(claim(store, node, Map.of(), 1)).isEmpty();
      assertThat(ids(claim(store, node, Map.of("gpu", true), 1))).containsExactly(id);
    }

    @Test
    void is_kept_in_one_order_however_it_was_given() {
      JobId one = enqueue(NewJob.of("a", 1).requires(Map.of("b", 1, "a", 2, "c", 3)));

      assertThat(job(one).requires()).contains("{\"a\":2,\"b\":1,\"c\":3}");
    }
  }

  @Nested
  @Tag("R-13")
  class A_lane_in_which_nothing_waits {
    private NodeId node;

    @BeforeEach
    void registerNode() {
      node = register("a");
    }

    private void sweep() {
      store.maintenance().sweep(Retention.defaults(), Optional.empty(), 100);
    }

    @Test
    void is_removed_after_a_day_and_the_others_stay() {
      enqueue(NewJob.of("a", 1));
      assertThat(claim(store, node, Map.of(), 1)).hasSize(1);
      enqueue(NewJob.of("b", 1));
      long before = lanes();

      sweep();
      time.advance(Duration.ofHours(23));
      sweep();
      assertThat(lanes()).isEqualTo(before);
      time.advance(Duration.ofHours(2));
      sweep();

      assertThat(lanes()).isEqualTo(Math.max(0, before - 1));
      assertThat(claim(store, node, Map.of(), 2)).hasSize(1);
    }

    @Test
    void is_there_again_for_the_next_job_of_any_process() {
      JobStore other = other();
      enqueue(NewJob.of("a", 1));
      assertThat(claim(other, node, Map.of(), 1)).hasSize(1);
      sweep();
      time.advance(Duration.ofHours(25));
      sweep();

      JobId here = enqueue(NewJob.of("a", 2));
      JobId there = queueOver(other, random).enqueue(NewJob.of("a", 3)).id();

      assertThat(ids(claim(store, node, Map.of(), 2))).containsExactlyInAnyOrder(here, there);
    }

    @Test
    void is_removed_late_if_the_clock_was_set_back() {
      enqueue(NewJob.of("a", 1));
      assertThat(claim(store, node, Map.of(), 1)).hasSize(1);
      sweep();
      time.stepWallClock(Duration.ofDays(-30));
      sweep();
      time.advance(Duration.ofHours(25));
      sweep();

      assertThat(lanes()).isZero();
    }
  }

  @Nested
  @Tag("R-13")
  class More_lanes_than_a_process_remembers {
    /** More than the first claim of a process reads. */
    private static final int LANES = 6_000;

    /** By default more than a process keeps rows in memory; {@code 200000} takes minutes. */
    private static final int MANY_LANES = Integer.getInteger("holdfast.lanes", 51_000);

    @Test
    void keep_none_of_their_jobs_from_being_claimed() {
      takesAll(LANES);
    }

    @Test
    @Tag("slow")
    void keep_none_of_their_jobs_from_being_claimed_whose_rows_are_forgotten() {
      takesAll(MANY_LANES);
    }

    private void takesAll(int lanes) {
      NodeId node = register("a");
      for (int from = 0; from < lanes; from += 10_000) {
        queue.enqueue(
            IntStream.range(from, Math.min(lanes, from + 10_000))
                .mapToObj(i -> NewJob.of("a", i).requires(Map.of("memory", Map.of(">=", i))))
                .toList());
      }
      JobStore other = other();
      int taken = 0;
      int turn = 0;
      for (int more = 1; more > 0; turn++) {
        JobStore handle = turn % 2 == 0 ? store : other;
        more = claim(handle, node, Map.of("memory", lanes), 1_000).size();
        taken += more;
      }
      assertThat(taken).isEqualTo(lanes);
      assertThat(turn).as("claims, each of which takes what it can").isLessThan(lanes / 100);
    }
  }
}
