package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.JobId;
import dev.holdfast.NodeId;
import dev.holdfast.spi.Claim;
import dev.holdfast.spi.Claimed;
import dev.holdfast.spi.Rescue;
import dev.holdfast.spi.Situation;
import dev.holdfast.spi.Transition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A chapter of {@link JobStoreContract}. Jobs that one more crash would fail. */
@Tag("R-32")
abstract class StoreContractOfLastChances extends StoreFixture {
  private static final int CRASHES = RULES.maxCrashes() - 1;
  private static final int SLOTS = 10;

  /** A store may know the first job of each lane from memory, for less than this. */
  private static final Duration UNTIL_LANES_ARE_READ = SECOND;

  private NodeId node;

  @BeforeEach
  void registerNode() {
    node = register("a");
  }

  /** Jobs whose process has died this often, pending again at their old places. */
  private List<JobId> crashed(int jobs, int times) {
    List<JobId> ids = ids(jobs);
    for (int crash = 0; crash < times; crash++) {
      crashAll(Set.copyOf(ids));
    }
    return ids;
  }

  private void crashAll(Set<JobId> ids) {
    List<Rescue> rescues = new ArrayList<>();
    for (int i = 0; i < ids.size(); i++) {
      Claimed claimed = claimOne(node);
      assertThat(ids).contains(claimed.lease().job());
      rescues.add(rescue(claimed, new Transition.Release("its process died"), true));
    }
    assertThat(store.recovery().rescue(rescues, "b")).hasSize(ids.size());
  }

  private List<JobId> claimed(NodeId by, int limit) {
    return ids(claim(by, limit));
  }

  private List<JobId> onLastChance(List<Claimed> claimed) {
    return claimed.stream()
        .filter(job -> job.crashes() == CRASHES)
        .map(job -> job.lease().job())
        .toList();
  }

  @Nested
  class In_front_of_others {
    @Test
    void run_one_at_a_time_on_each_node_and_keep_no_healthy_job_waiting() {
      List<JobId> last = crashed(40, CRASHES);
      List<JobId> healthy = ids(100);
      Set<JobId> ended = new HashSet<>();
      List<Claimed> running = new ArrayList<>();

      List<Claimed> first = claim(node, SLOTS);
      assertThat(first).hasSize(SLOTS);
      assertThat(onLastChance(first)).containsExactly(last.get(0));
      running.addAll(first);
      while (!running.isEmpty()) {
        assertThat(onLastChance(running)).hasSizeLessThanOrEqualTo(1);
        Claimed oldest = running.remove(0);
        running.addAll(
            exchange(List.of(end(oldest, complete())), claimOf(node, SLOTS - running.size()))
                .claimed());
        ended.add(oldest.lease().job());
      }

      assertThat(ended).hasSize(140).containsAll(last).containsAll(healthy);
    }

    @Test
    void run_on_several_nodes_at_once() {
      List<JobId> last = crashed(3, CRASHES);
      NodeId other = register("b");

      assertThat(claimed(node, SLOTS)).containsExactly(last.get(0));
      assertThat(claimed(other, SLOTS)).containsExactly(last.get(1));
      assertThat(claimed(node, SLOTS)).isEmpty();
      assertThat(store.insights().situation(last.get(2)).orElseThrow().lastChances())
          .as("what keeps the third")
          .containsExactlyInAnyOrder(
              new Situation.LastChance(node, Optional.of(last.get(0))),
              new Situation.LastChance(other, Optional.of(last.get(1))));
      JobId healthy = enqueue(mail());
      assertThat(store.insights().situation(healthy).orElseThrow().lastChances()).isEmpty();
    }

    @Test
    void are_claimed_in_their_turn() {
      JobId last = crashed(1, CRASHES).get(0);
      JobId urgent = enqueue(mail().priority(5));
      JobId healthy = enqueue(mail());

      assertThat(claimed(node, 1)).containsExactly(urgent);
      time.advance(UNTIL_LANES_ARE_READ);
      assertThat(claimed(node, 1)).containsExactly(last);
      assertThat(claimed(node, 1)).containsExactly(healthy);
    }

    @Test
    void run_one_at_a_time_under_a_limit_too() {
      List<JobId> last = crashed(5, CRASHES);
      List<JobId> healthy = ids(20);
      queue.queues().configure(QUEUE, settings -> settings.concurrency(8));

      List<Claimed> first = claim(node, SLOTS);

      assertThat(first).hasSize(8);
      assertThat(onLastChance(first)).containsExactly(last.get(0));
      assertThat(ids(first)).containsAll(healthy.subList(0, 7));
    }

    @Test
    void are_told_from_healthy_ones_by_groups_that_are_limited() {
      List<JobId> last = crashed(5, CRASHES);
      queue.queues().configure(QUEUE, settings -> settings.concurrencyPerGroup(8));

      assertThat(claimed(node, SLOTS)).containsExactly(last.get(0));
    }
  }

  @Nested
  class Are_no_more {
    @Test
    void those_that_an_operator_has_put_back() {
      List<JobId> ids = crashed(5, CRASHES);
      for (int i = 0; i < 5; i++) {
        Claimed one = claimOne(node);
        acknowledge(one, new Transition.Fail(BOOM));
      }
      queue.retry(ids, "ada");

      assertThat(claimed(node, SLOTS)).containsExactlyInAnyOrderElementsOf(ids);
    }

    @Test
    void those_whose_crash_was_a_lapse() {
      List<JobId> ids = crashed(2, CRASHES - 1);
      List<Claimed> held = claim(node, 2);
      assertThat(held).hasSize(2);
      acknowledge(held.get(0), new Transition.Release("back"));
      acknowledge(held.get(1), new Transition.Release("back"));

      assertThat(claimed(node, SLOTS)).containsExactlyInAnyOrderElementsOf(ids);
    }
  }

  @Nested
  class Remain_so {
    @Test
    void when_they_were_given_back() {
      crashed(2, CRASHES);
      acknowledge(claimOne(node), new Transition.Release("back"));

      assertThat(claimed(node, SLOTS)).hasSize(1);
    }

    @Test
    void when_they_come_back_from_a_delay() {
      crashed(2, CRASHES);
      acknowledge(claimOne(node), new Transition.Snooze(SECOND));
      time.advance(SECOND);
      assertThat(store.promote(SLOTS).promoted()).isEqualTo(1);

      assertThat(claimed(node, SLOTS)).hasSize(1);
    }

    @Test
    void when_they_were_moved() {
      List<JobId> ids = crashed(3, CRASHES);
      queue.move(ids, "letters");

      assertThat(claimed(node, SLOTS)).hasSize(1);
    }
  }

  @Nested
  class Are_those {
    @Test
    void that_the_limit_of_their_type_makes_so() {
      List<JobId> ids = crashed(3, CRASHES - 1); // more than the default allows

      assertThat(claimed(node, SLOTS)).containsExactlyInAnyOrderElementsOf(ids);
    }

    @Test
    void that_a_worker_of_any_type_would_take_too() {
      crashed(3, CRASHES);
      Claim all = new Claim(node, List.of(), Set.of("*"), SLOTS);

      assertThat(exchange(List.of(), all).claimed()).hasSize(1);
    }
  }
}
