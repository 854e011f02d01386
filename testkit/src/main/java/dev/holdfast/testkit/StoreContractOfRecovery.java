package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.Failure;
import dev.holdfast.Job;
import dev.holdfast.JobFilter;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.MonitorConfig.Action;
import dev.holdfast.NodeId;
import dev.holdfast.RecoveryPolicy;
import dev.holdfast.check.Limits;
import dev.holdfast.engine.queue.StoreQueue;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.spi.Claimed;
import dev.holdfast.spi.Death;
import dev.holdfast.spi.Lapse;
import dev.holdfast.spi.Lease;
import dev.holdfast.spi.LeaseRules;
import dev.holdfast.spi.NodeInfo;
import dev.holdfast.spi.Orphan;
import dev.holdfast.spi.Rescue;
import dev.holdfast.spi.ServedWork;
import dev.holdfast.spi.Transition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A chapter of {@link JobStoreContract}. What people recover by hand. */
abstract class StoreContractOfRecovery extends StoreFixture {
  /** The queue as a process sees it that is no node. */
  private StoreQueue outside() {
    return queueOver(other(), random);
  }

  @Nested
  @Tag("R-28")
  class Recovering_what_dead_nodes_left {
    @Test
    void goes_by_what_the_dead_node_had_said() {
      NodeId node = register("a");
      List<JobId> ids = ids(2);
      claim(node, 2);
      presences.get(0).begins(0, ids.get(0));
      die(node);

      assertThat(outside().maintenance().recoverDead(null, "ada"))
          .containsExactlyInAnyOrderElementsOf(ids);

      assertThat(job(ids.get(0)).state()).isEqualTo(JobState.INTERRUPTED);
      assertThat(job(ids.get(0)).crashes()).isEqualTo(1);
      assertThat(job(ids.get(1)).state()).isEqualTo(JobState.PENDING);
      assertThat(job(ids.get(1)).crashes()).isZero();
      assertThat(lastEvent(ids.get(0)).by()).isEqualTo("ada");
    }

    @Test
    @Tag("R-34")
    void applies_one_policy_to_all_of_them_if_there_is_one() {
      for (RecoveryPolicy word : RecoveryPolicy.values()) {
        NodeId node = register("a");
        List<JobId> ids = ids(2);
        assertThat(ids(claim(node, 2))).isEqualTo(ids);
        presences.get(presences.size() - 1).begins(0, ids.get(0));
        die(node);

        assertThat(outside().maintenance().recoverDead(word, "ada"))
            .containsExactlyInAnyOrderElementsOf(ids);

        JobState expected =
            switch (word) {
              case RESUME -> JobState.PENDING;
              case HOLD -> JobState.INTERRUPTED;
              case FAIL -> JobState.FAILED;
            };
        assertThat(ids).allSatisfy(id -> assertThat(job(id).state()).isEqualTo(expected));
        assertThat(job(ids.get(0)).crashes()).isEqualTo(word == RecoveryPolicy.RESUME ? 0 : 1);
        assertThat(job(ids.get(1)).crashes()).isZero();
        ids.forEach(StoreContractOfRecovery.this::path);
        store.cancel(ids, "test");
      }
    }

    @Test
    void believes_a_lease_that_has_run_out_at_once() {
      NodeId node = register("a");
      JobId id = enqueue(mail());
      claimOne(node);
      assertThat(outside().maintenance().recoverDead(null, "ada")).isEmpty();

      time.advance(LEASE.plus(SECOND));

      assertThat(outside().maintenance().recoverDead(null, "ada")).containsExactly(id);
      assertThat(store.nodes().seen()).isEmpty();
    }

    @Test
    void takes_all_strays_however_many_there_are() {
      List<JobId> ids = ids(1_200);
      claim(new NodeId(new UUID(9, 9)), 1_000);
      claim(new NodeId(new UUID(9, 9)), 200);

      assertThat(outside().maintenance().recoverDead(null, "ada"))
          .containsExactlyInAnyOrderElementsOf(ids);
    }
  }

  @Nested
  @Tag("R-32")
  class A_rescue_from_a_node_that_only_missed_its_heartbeats {
    private NodeId node;
    private JobId id;

    @BeforeEach
    void claim() {
      node = register("a");
      id = enqueue(mail());
    }

    private Claimed lapse(Transition transition) {
      Claimed claimed = claimOne(node);
      Death silent = Death.lapsed(node, "silent", heartbeats());
      Rescue rescue = Rescue.after(silent, claimed.lease(), transition, true);
      assertThat(store.recovery().rescue(List.of(rescue), "b")).containsExactly(claimed.lease());
      return claimed;
    }

    private long heartbeats() {
      return store.nodes().seen().stream()
          .filter(seen -> seen.id().equals(node))
          .findFirst()
          .get()
          .heartbeats();
    }

    @Test
    void charges_a_lapse_in_place_of_a_crash_after_any_transition() {
      for (Transition transition : everyTransition()) {
        if (transition.kind() != Transition.Kind.COMPLETE) {
          JobId charged = lapse(transition).lease().job();

          assertThat(job(charged).crashes()).isZero();
          assertThat(job(charged).lapses()).isEqualTo(1);
          store.cancel(List.of(charged), "test");
          enqueue(mail());
        }
      }
    }

    @Test
    void is_open_until_it_is_settled() {
      Claimed claimed = lapse(new Transition.Release("silent"));

      Lapse open = new Lapse(claimed.lease(), heartbeats(), false, LEASE);
      assertThat(store.recovery().lapses(Optional.empty(), 10)).containsExactly(open);
      assertThat(other().recovery().settle(List.of(open))).containsExactly(open);

      assertThat(store.recovery().lapses(Optional.empty(), 10)).isEmpty();
      assertThat(job(id).crashes()).isEqualTo(1);
      assertThat(job(id).lapses()).isZero();
      assertThat(store.recovery().settle(List.of(open))).isEmpty();
      assertThat(job(id).crashes()).isEqualTo(1);
    }

    @Test
    void comes_in_parts_in_the_order_of_the_jobs() {
      List<Lease> all = new ArrayList<>();
      all.add(lapse(new Transition.Hold("silent")).lease());
      for (int i = 0; i < 4; i++) {
        enqueue(mail());
        all.add(lapse(new Transition.Hold("silent")).lease());
      }

      List<Lease> seen = new ArrayList<>();
      List<Lapse> part = store.recovery().lapses(Optional.empty(), 2);
      while (!part.isEmpty()) {
        assertThat(part).hasSizeLessThanOrEqualTo(2);
        part.forEach(lapse -> seen.add(lapse.lease()));
        assertThat(seen).hasSizeLessThanOrEqualTo(all.size());
        part = store.recovery().lapses(Optional.of(seen.get(seen.size() - 1)), 2);
      }
      assertThat(seen)
          .containsExactlyElementsOf(
              all.stream().sorted(Comparator.comparing(Lease::job)).toList());
    }

    @Test
    void stays_a_lapse_when_the_node_has_come_back() {
      Claimed claimed = lapse(new Transition.Release("silent"));
      long before = heartbeats();
      beat(node);

      assertThat(store.recovery().lapses(Optional.empty(), 10))
          .containsExactly(new Lapse(claimed.lease(), before, true, LEASE));
      assertThat(store.recovery().settle(List.of(new Lapse(claimed.lease(), before, false, LEASE))))
          .isEmpty();

      assertThat(store.recovery().lapses(Optional.empty(), 10)).isEmpty();
      assertThat(job(id).crashes()).isZero();
      assertThat(job(id).lapses()).isEqualTo(1);
    }

    @Test
    void becomes_a_lapse_again_when_the_node_comes_back_after_all() {
      Lease lease = lapse(new Transition.Release("silent")).lease();
      long before = heartbeats();
      store.recovery().settle(List.of(new Lapse(lease, before, false, LEASE)));
      assertThat(job(id).crashes()).isEqualTo(1);

      beat(node);
      Lapse late = new Lapse(lease, before, true, LEASE);
      assertThat(store.recovery().lapses(Optional.empty(), 10)).containsExactly(late);
      assertThat(other().recovery().settle(List.of(late))).containsExactly(late);

      assertThat(store.recovery().lapses(Optional.empty(), 10)).isEmpty();
      assertThat(job(id).crashes()).isZero();
      assertThat(job(id).lapses()).isEqualTo(1);
    }

    @Test
    void stays_a_lapse_when_the_node_has_come_back_to_end_cleanly() {
      Claimed claimed = lapse(new Transition.Release("silent"));
      long before = heartbeats();
      store.recovery().deregister(Death.lapsed(node, "silent", before));
      store.nodes().deregister(node);

      assertThat(store.recovery().lapses(Optional.empty(), 10))
          .containsExactly(new Lapse(claimed.lease(), before, true, LEASE));
    }

    @Test
    void comes_with_the_next_orphan_of_the_job_while_it_is_open() {
      Claimed first = lapse(new Transition.Release("silent"));
      claimOne(node);
      Death again = Death.lapsed(node, "silent", heartbeats());

      assertThat(store.recovery().orphans(List.of(again), 10))
          .extracting(Orphan::history)
          .containsExactly(new Orphan.History(0, 1, 1));
      store.recovery().settle(List.of(new Lapse(first.lease(), heartbeats(), false, LEASE)));
      assertThat(store.recovery().orphans(List.of(again), 10))
          .extracting(Orphan::history)
          .containsExactly(new Orphan.History(1, 0, 0));
    }

    @Test
    void is_forgotten_when_an_operator_runs_the_job_again() {
      Claimed claimed = lapse(new Transition.Hold("silent"));

      store.retry(List.of(id), "ops");

      assertThat(store.recovery().lapses(Optional.empty(), 10)).isEmpty();
      assertThat(job(id).lapses()).isZero();
      assertThat(store.recovery().settle(List.of(new Lapse(claimed.lease(), 0, false, LEASE))))
          .isEmpty();
    }

    @Test
    void goes_with_its_job() {
      Claimed claimed = lapse(new Transition.Hold("silent"));

      store.delete(List.of(id));

      assertThat(store.recovery().lapses(Optional.empty(), 10)).isEmpty();
      assertThat(
              store
                  .recovery()
                  .settle(List.of(new Lapse(claimed.lease(), heartbeats(), false, LEASE))))
          .isEmpty();
    }

    @Test
    @Tag("R-36")
    void can_be_explained_by_the_strictest_rules_of_the_nodes_that_handle_the_type() {
      assertThat(rulesOf(id)).isEqualTo(RULES);

      registerWith(TYPE, Map.of(TYPE, new LeaseRules(8, 2, false)));
      registerWith("other", Map.of("other", new LeaseRules(1, 1, true)));
      assertThat(rulesOf(id)).isEqualTo(new LeaseRules(5, 2, true));

      registerWith(TYPE, Map.of());
      assertThat(rulesOf(id)).isEqualTo(new LeaseRules(3, 2, true));
    }

    @Test
    @Tag("R-36")
    void is_explained_by_the_default_rules_where_no_node_handles_the_type() {
      store.nodes().deregister(node);

      assertThat(rulesOf(id)).isEqualTo(LeaseRules.DEFAULTS);
    }

    private LeaseRules rulesOf(JobId job) {
      return store.insights().situation(job).orElseThrow().rules();
    }

    private void registerWith(String type, Map<String, LeaseRules> rules) {
      ServedWork serves =
          new ServedWork(List.of(), Map.of(type, RecoveryPolicy.RESUME), rules, Map.of(), 1);
      NodeId id = new NodeId(new UUID(random.nextLong(), random.nextLong()));
      presences.add(
          store
              .nodes()
              .register(
                  new NodeInfo(id, "n", "host", 4711, 1, "boot", "pid:[1]", "test"),
                  serves,
                  LEASE));
    }
  }

  @Nested
  @Tag("R-29")
  class Recovering_what_runs_for_long {
    @Test
    void takes_jobs_from_living_nodes_and_fences_them_off() {
      NodeId node = register("a");
      JobId id = enqueue(mail());
      Claimed claimed = claimOne(node);
      time.advance(SECOND.multipliedBy(10));

      assertThat(stuck(Duration.ofSeconds(11), JobFilter.all(), Action.RETRY, 9)).isEmpty();
      assertThat(stuck(Duration.ofSeconds(10), JobFilter.all(), Action.RETRY, 9))
          .containsExactly(id);

      Job job = job(id);
      assertThat(job.state()).isEqualTo(JobState.PENDING);
      assertThat(job.crashes()).isZero();
      assertThat(exchange(List.of(end(claimed, complete())), claimOf(node, 0)).stale())
          .containsExactly(claimed.lease());
    }

    @Test
    void fails_them_if_that_is_asked() {
      JobId id = enqueue(mail());
      claimOne(register("a"));

      assertThat(stuck(Duration.ZERO, JobFilter.all(), Action.FAIL, 9)).containsExactly(id);

      assertThat(job(id).state()).isEqualTo(JobState.FAILED);
      assertThat(job(id).failure().orElseThrow().kind()).isEqualTo(Failure.Kind.OPERATOR);
    }

    @Test
    void takes_those_that_match_and_no_more_than_asked() {
      NodeId node = register("a");
      List<JobId> letters =
          List.of(enqueue(mail().on("letters")), enqueue(mail().on("letters").group("g")));
      ids(2);
      claim(node, 4);
      JobFilter filter = JobFilter.all().queue("letters");

      assertThat(stuck(Duration.ZERO, filter.type("none"), Action.RETRY, 9)).isEmpty();
      assertThat(stuck(Duration.ZERO, filter.group("g"), Action.RETRY, 9))
          .containsExactly(letters.get(1));
      assertThat(stuck(Duration.ZERO, filter, Action.RETRY, 9)).containsExactly(letters.get(0));
      assertThat(stuck(Duration.ZERO, JobFilter.all(), Action.RETRY, 1)).hasSize(1);
    }

    @Test
    void refuses_a_limit_that_is_none() {
      for (int limit : List.of(0, Limits.RECOVER_MAX + 1)) {
        assertThatThrownBy(() -> stuck(Duration.ZERO, JobFilter.all(), Action.RETRY, limit))
            .isInstanceOf(InvalidRequestException.class)
            .hasMessageContaining("a limit must be 1 to 100,000");
      }
    }

    private List<JobId> stuck(Duration longerThan, JobFilter filter, Action action, int limit) {
      return outside().maintenance().recoverStuck(longerThan, filter, action, limit, "ada");
    }
  }
}
