package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.holdfast.Finding;
import dev.holdfast.Job;
import dev.holdfast.JobFilter;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.NodeId;
import dev.holdfast.PageRequest;
import dev.holdfast.error.ConflictException;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.spi.Claimed;
import dev.holdfast.spi.Lease;
import dev.holdfast.spi.Rescue;
import dev.holdfast.spi.Transition;
import dev.holdfast.spi.Upkeep;
import dev.holdfast.spi.Upkeep.Backup;
import dev.holdfast.spi.Upkeep.BackupName;
import dev.holdfast.spi.Upkeep.BackupRequest;
import dev.holdfast.spi.Upkeep.Checkpoint;
import dev.holdfast.spi.Upkeep.Checkpointed;
import dev.holdfast.spi.Upkeep.StoredBackup;
import dev.holdfast.spi.upkeep.DatabaseStats;
import dev.holdfast.spi.upkeep.JobAges;
import dev.holdfast.spi.upkeep.Optimized;
import dev.holdfast.spi.upkeep.Relation;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A chapter of {@link JobStoreContract}: upkeep of the database. Operations that a store does not
 * need are rejected with a message.
 */
abstract class StoreContractOfUpkeep extends StoreFixture {

  @Nested
  @Tag("R-52")
  class The_upkeep_of_the_database {
    private List<Job> jobs() {
      return store.list(JobFilter.all(), PageRequest.first(100));
    }

    @Test
    void changes_no_job_and_needs_no_reopening() {
      NodeId node = register("a");
      List<JobId> ids = ids(3);
      store.cancel(List.of(ids.get(2)), "ops");
      List<Job> before = jobs();

      try {
        store.maintenance().upkeep().analyze();
        Upkeep.Vacuumed vacuumed = store.maintenance().upkeep().vacuum();
        other().maintenance().upkeep().analyze();
        assertThat(vacuumed.bytesAfter()).isNotNegative();
      } catch (InvalidRequestException refused) {
        assertThat(refused.getMessage()).contains("pooler");
      }

      assertThat(jobs()).isEqualTo(before);
      assertThat(claimOne(node).lease().job()).isEqualTo(ids.get(0));
    }

    @Test
    void makes_a_checkpoint_of_each_kind_or_says_who_does() {
      List<JobId> unused = ids(3);
      for (Checkpoint how : Checkpoint.values()) {
        try {
          Checkpointed done = store.maintenance().upkeep().checkpoint(how);
          assertThat(done.moved()).isBetween(0L, done.pages());
        } catch (InvalidRequestException refused) {
          assertThat(refused.getMessage()).isNotBlank();
        }
      }
      assertThat(jobs()).hasSize(3);
    }

    @Test
    void optimizes_while_a_node_works_and_changes_no_job() {
      NodeId node = register("a");
      List<JobId> ids = ids(3);
      List<Job> before = jobs();

      try {
        Optimized done = store.maintenance().upkeep().optimize();
        assertThat(done.after().bytes()).isNotNegative();
      } catch (InvalidRequestException refused) {
        assertThat(refused.getMessage()).contains("pooler");
      }

      assertThat(jobs()).isEqualTo(before);
      assertThat(claimOne(node).lease().job()).isEqualTo(ids.get(0));
    }

    @Test
    void rebuilds_only_when_no_node_lives_and_no_job_runs() {
      Upkeep upkeep = store.maintenance().upkeep();
      assumeThat(upkeep.bytesToRebuild()).as("a database that can be rebuilt").isPositive();
      NodeId node = register("a");
      List<JobId> unused = ids(1);
      assertThatThrownBy(upkeep::rebuild)
          .isInstanceOf(ConflictException.class)
          .hasMessageContaining("'a'")
          .hasMessageContaining("bytes of free space");

      Claimed running = claimOne(node);
      store.nodes().deregister(node);
      assertThatThrownBy(upkeep::rebuild)
          .isInstanceOf(ConflictException.class)
          .hasMessageContaining("RUNNING");

      List<Lease> rescued =
          store
              .recovery()
              .rescue(
                  List.of(
                      Rescue.regardless(
                          running.lease(), new Transition.Release("gone"), false, "gone")),
                  "ops");
      assertThat(rescued).hasSize(1);
      List<Job> before = jobs();
      try {
        assertThat(upkeep.rebuild().after().bytes()).isPositive();
      } catch (InvalidRequestException refused) {
        assertThat(refused.getMessage()).contains("pooler");
      }
      assertThat(jobs()).isEqualTo(before);
    }

    @Test
    void shows_sizes_and_the_jobs_by_state_and_age() {
      Upkeep upkeep = store.maintenance().upkeep();
      assumeThat(upkeep.bytesToRebuild()).as("a database with sizes").isPositive();
      List<JobId> old = ids(1);
      time.advance(Duration.ofHours(3));
      List<JobId> unused = ids(2);
      store.cancel(old, "ops");

      DatabaseStats stats = upkeep.stats();

      assertThat(stats.relations())
          .anySatisfy(
              one -> {
                assertThat(one.name()).isEqualTo("jobs_pending");
                assertThat(one.table()).isEqualTo("jobs");
                assertThat(one.isEstimated()).isFalse();
                assertThat(one.bytes()).isPositive();
              });
      assertThat(stats.relations())
          .isSortedAccordingTo(Comparator.comparingLong(Relation::bytes).reversed());
      long used = stats.space().bytes() - stats.space().freeBytes().orElse(0L);
      assertThat(stats.relations().stream().mapToLong(Relation::bytes).sum()).isEqualTo(used);
      assertThat(stats.jobs())
          .contains(
              new JobAges(JobState.PENDING, 2, 2, 0, 0, 0),
              new JobAges(JobState.CANCELLED, 1, 0, 1, 0, 0),
              new JobAges(JobState.COMPLETED, 0, 0, 0, 0, 0));
    }

    @Test
    void finds_no_damage_in_a_sound_database() {
      List<JobId> unused = ids(3);
      assertThat(store.maintenance().upkeep().verify())
          .extracting(Finding::gravity)
          .doesNotContain(Finding.Gravity.ERROR, Finding.Gravity.WARNING);
    }

    @Test
    @Tag("R-51")
    void makes_a_backup_or_says_who_does() {
      List<JobId> unused = ids(3);
      BackupName name = BackupName.at(time.now());
      try {
        Backup backup =
            store.maintenance().upkeep().backup(BackupRequest.named(name).keep(Optional.of(1)));
        assertThat(backup.file()).isRegularFile();
        assertThat(backup.file().toFile().length()).isEqualTo(backup.bytes()).isPositive();
        assertThat(store.maintenance().upkeep().backups())
            .extracting(StoredBackup::name)
            .containsExactly(name);
      } catch (InvalidRequestException refused) {
        assertThat(refused.getMessage()).containsAnyOf("pg_dump", "holdfast export");
      }
    }

    @Test
    @Tag("R-51")
    void knows_no_name_that_leads_elsewhere() {
      for (String name :
          List.of(
              "",
              ".",
              "..",
              "a/b",
              "../a",
              "a.db",
              "A",
              "-a",
              "a b",
              "ä",
              "a\u0000",
              "a".repeat(65))) {
        assertThatThrownBy(() -> new BackupName(name))
            .as(name)
            .isInstanceOf(InvalidRequestException.class)
            .hasMessageContaining("a-z, 0-9");
      }
      assertThat(new BackupName("a".repeat(64)).text()).hasSize(64);
    }
  }
}
