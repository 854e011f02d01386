package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.Failure;
import dev.holdfast.InvalidRequestException;
import dev.holdfast.Job;
import dev.holdfast.JobFilter;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.Limits;
import dev.holdfast.MonitorConfig.Action;
import dev.holdfast.NodeId;
import dev.holdfast.RecoveryPolicy;
import dev.holdfast.engine.StoreQueue;
import dev.holdfast.spi.Claimed;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A chapter of {@link JobStoreContract}. What people recover by hand. */
abstract class StoreContractOfRecovery extends StoreContractOfOperators {
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

      assertThat(outside().recoverDead(Optional.empty(), "ada"))
          .containsExactlyInAnyOrderElementsOf(ids);

      assertThat(job(ids.get(0)).state()).isEqualTo(JobState.INTERRUPTED);
      assertThat(job(ids.get(0)).crashes()).isEqualTo(1);
      assertThat(job(ids.get(1)).state()).isEqualTo(JobState.PENDING);
      assertThat(job(ids.get(1)).crashes()).isZero();
      assertThat(lastEvent(ids.get(0)).by()).isEqualTo("ada");
    }

    @Test
    @Tag("R-34")
    void goes_by_one_word_for_all_of_them_if_there_is_one() {
      for (RecoveryPolicy word : RecoveryPolicy.values()) {
        NodeId node = register("a");
        List<JobId> ids = ids(2);
        assertThat(ids(claim(node, 2))).isEqualTo(ids);
        presences.get(presences.size() - 1).begins(0, ids.get(0));
        die(node);

        assertThat(outside().recoverDead(Optional.of(word), "ada"))
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
      assertThat(outside().recoverDead(Optional.empty(), "ada")).isEmpty();

      time.advance(LEASE.plus(SECOND));

      assertThat(outside().recoverDead(Optional.empty(), "ada")).containsExactly(id);
      assertThat(store.nodes()).isEmpty();
    }

    @Test
    void takes_all_strays_however_many_there_are() {
      List<JobId> ids = ids(1_200);
      claim(new NodeId(new UUID(9, 9)), 1_000);
      claim(new NodeId(new UUID(9, 9)), 200);

      assertThat(outside().recoverDead(Optional.empty(), "ada"))
          .containsExactlyInAnyOrderElementsOf(ids);
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
      return outside().recoverStuck(longerThan, filter, action, limit, "ada");
    }
  }
}
