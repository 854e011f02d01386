package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.NodeId;
import dev.holdfast.RecoveryRecord;
import dev.holdfast.RecoveryRecord.Cause;
import dev.holdfast.RecoveryRecord.Jobs;
import dev.holdfast.Retention;
import dev.holdfast.spi.Claimed;
import dev.holdfast.spi.Death;
import dev.holdfast.spi.Rescue;
import dev.holdfast.spi.Transition;
import dev.holdfast.spi.server.AlertRule;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A chapter of {@link JobStoreContract}: recoveries as facts. */
abstract class StoreContractOfRecoveries extends StoreFixture {
  @Nested
  @Tag("R-35")
  @Tag("R-37")
  class Recoveries {
    private NodeId node;

    @BeforeEach
    void registerNode() {
      node = register("a");
    }

    private List<RecoveryRecord> all() {
      return store.recovery().recoveries(Optional.empty(), 100);
    }

    private void rescue(Death death, Transition transition, boolean crashed) {
      Claimed claimed = claimOne(node);
      assertThat(
              store
                  .recovery()
                  .rescue(List.of(Rescue.after(death, claimed.lease(), transition, crashed)), "b"))
          .hasSize(1);
    }

    @Test
    void are_kept_with_what_became_of_the_jobs() {
      var unused = ids(3);
      time.advance(Duration.ofSeconds(3));
      Instant at = time.now();
      Death death = Death.proven(node, "its process is gone");
      rescue(death, new Transition.Release("gone"), true);
      rescue(death, new Transition.Release("gone"), false);
      time.advance(SECOND);
      rescue(death, new Transition.Hold("gone"), true);
      store.recovery().deregister(death);

      assertThat(all()).hasSize(1);
      RecoveryRecord found = all().get(0);
      assertThat(found.at()).isEqualTo(at);
      assertThat(found.node()).isEqualTo(node);
      assertThat(found.nodeName()).contains("a");
      assertThat(found.host()).contains("host-a");
      assertThat(found.cause()).isEqualTo(Cause.CRASH);
      assertThat(found.why()).isEqualTo("its process is gone");
      assertThat(found.noticedAfter()).contains(Duration.ofSeconds(3));
      assertThat(found.jobs()).isEqualTo(new Jobs(1, 1, 0, 1, 0));
      assertThat(found.by()).isEqualTo("b");
    }

    @Test
    void are_kept_of_nodes_that_held_nothing_too() {
      store.recovery().deregister(Death.proven(node, "its process is gone"));

      assertThat(all()).extracting(RecoveryRecord::jobs).containsExactly(Jobs.NONE);
    }

    @Test
    void are_listed_page_by_page_the_newest_first() {
      NodeId other = register("c");
      store.recovery().deregister(Death.proven(node, "its process is gone"));
      store.recovery().deregister(Death.proven(other, "its process is gone"));

      List<RecoveryRecord> first = store.recovery().recoveries(Optional.empty(), 1);
      assertThat(first.get(0).node()).isEqualTo(other);
      assertThat(store.recovery().recoveries(Optional.of(first.get(0).number()), 10))
          .extracting(RecoveryRecord::node)
          .containsExactly(node);
    }

    @Test
    void are_forgotten_after_thirty_days() {
      store.recovery().deregister(Death.proven(node, "its process is gone"));
      time.advance(Duration.ofDays(31));
      var unused = store.maintenance().sweep(Retention.defaults(), Optional.empty(), 100);

      assertThat(all()).isEmpty();
    }

    @Test
    void raise_an_alert_and_are_part_of_the_health() {
      AlertRule rule =
          new AlertRule(
              "dying",
              AlertRule.Kind.RECOVERIES,
              Optional.empty(),
              Optional.empty(),
              Duration.ofHours(1),
              1,
              1);
      store.server().alerts().put(rule, "ops");
      assertThat(store.server().alerts().watch(SECOND)).isEmpty();
      store.recovery().deregister(Death.proven(node, "its process is gone"));
      time.advance(Duration.ofSeconds(2));

      assertThat(store.server().alerts().watch(SECOND)).hasSize(1);
      assertThat(store.insights().status(Duration.ofHours(1)).recent().recoveries()).isEqualTo(1);
      time.advance(Duration.ofHours(2));
      assertThat(store.server().alerts().watch(SECOND)).hasSize(1);
    }
  }
}
