package dev.holdfast.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.Finding;
import dev.holdfast.Finding.Gravity;
import dev.holdfast.Holdfast;
import dev.holdfast.Job;
import dev.holdfast.JobEvent;
import dev.holdfast.JobFilter;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.NewJob;
import dev.holdfast.NodeId;
import dev.holdfast.Page;
import dev.holdfast.PageCursor;
import dev.holdfast.PageRequest;
import dev.holdfast.RecoveryPolicy;
import dev.holdfast.error.ConflictException;
import dev.holdfast.error.HoldfastException;
import dev.holdfast.spi.Acknowledgement;
import dev.holdfast.spi.Backups;
import dev.holdfast.spi.Backups.RestoreRequest;
import dev.holdfast.spi.Backups.Restored;
import dev.holdfast.spi.Claim;
import dev.holdfast.spi.Exchange;
import dev.holdfast.spi.HandlerOutput;
import dev.holdfast.spi.Lease;
import dev.holdfast.spi.NodeInfo;
import dev.holdfast.spi.ReviewStore;
import dev.holdfast.spi.ReviewStore.Decision;
import dev.holdfast.spi.ReviewStore.Uncertain;
import dev.holdfast.spi.ServedWork;
import dev.holdfast.spi.Transition;
import dev.holdfast.spi.Upkeep.BackupName;
import dev.holdfast.spi.Upkeep.BackupRequest;
import dev.holdfast.spi.server.LeaseKey;
import dev.holdfast.testkit.process.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Queues that are made of backups. */
@Tag("R-51")
class RestoreTest {
  private static final int BACKUPS = 20;
  private static final Optional<JobId> FIRST = Optional.empty();
  private static final PageRequest PAGE = PageRequest.first(500);

  @TempDir Path folder;
  private final Backups backups = Backups.find();

  private Holdfast open(String name) {
    return Holdfast.open(folder.resolve(name).toString());
  }

  private static Path backup(Holdfast queue, String name) {
    return queue.embedding().upkeep().backup(BackupRequest.named(new BackupName(name))).file();
  }

  private Restored restore(Path backup, String name) {
    return backups.restore(
        new RestoreRequest(backup, folder.resolve(name).toString(), true, "ops", Instant.now()));
  }

  private static NodeId register(Holdfast queue) {
    NodeInfo node =
        new NodeInfo(new NodeId(UUID.randomUUID()), "n", "elsewhere", 1, 1, "b", "p", "1");
    queue
        .embedding()
        .store()
        .nodes()
        .registerRemote(
            node,
            new ServedWork(List.of(), Map.of("t", RecoveryPolicy.RESUME), 1),
            Duration.ofMinutes(10));
    return node.id();
  }

  private static List<Lease> claim(Holdfast queue, NodeId node, int most) {
    return exchange(queue, List.of(), node, most).claimed().stream()
        .map(claimed -> claimed.lease())
        .toList();
  }

  private static Exchange exchange(
      Holdfast queue, List<Acknowledgement> ends, NodeId node, int most) {
    return queue.embedding().store().exchange(ends, new Claim(node, List.of(), Set.of("t"), most));
  }

  private static Job job(Holdfast queue, JobId id) {
    return queue.find(id).orElseThrow();
  }

  private static List<Uncertain> uncertain(Holdfast queue) {
    return queue.embedding().reviews().uncertain(FIRST, 1_000);
  }

  private static void assertIsWell(Holdfast queue) {
    assertThat(queue.queue().maintenance().examine())
        .filteredOn(finding -> finding.gravity() == Gravity.ERROR)
        .isEmpty();
  }

  @Nested
  class A_restored_queue {
    @Test
    void runs_nothing_that_had_not_finished_before_a_review() {
      List<JobId> ids = new ArrayList<>();
      Path file;
      try (Holdfast old = open("old.db")) {
        ids.add(old.enqueue(NewJob.of("t", 1)).id());
        ids.add(old.enqueue(NewJob.of("t", 2).in(Duration.ofDays(1))).id());
        ids.add(old.enqueue(NewJob.of("t", 3)).id());
        ids.add(old.enqueue(NewJob.of("t", 4).after(ids.get(2))).id());
        ids.add(old.enqueue(NewJob.of("t", 5)).id());
        old.queue().cancel(List.of(ids.get(4)), "test");
        NodeId node = register(old);
        assertThat(claim(old, node, 1)).extracting(Lease::job).containsExactly(ids.get(0));
        file = backup(old, "a");
      }

      assertThat(restore(file, "new.db").uncertain()).isEqualTo(4);

      try (Holdfast queue = open("new.db")) {
        assertThat(queue.queue().status().problems())
            .extracting(Finding::code)
            .contains("unreviewed-jobs", "queues-paused");
        queue.queue().queues().resume("default");
        assertIsWell(queue);
        assertThat(claim(queue, register(queue), 10)).isEmpty();
        assertThat(uncertain(queue))
            .extracting(Uncertain::was)
            .containsExactly(
                JobState.RUNNING, JobState.SCHEDULED, JobState.PENDING, JobState.BLOCKED);
        assertThat(job(queue, ids.get(0)).attempt()).isZero();
        assertThat(job(queue, ids.get(4)).state()).isEqualTo(JobState.CANCELLED);
        assertThat(queue.queue().explain(ids.get(3)).reasons().get(0).text())
            .contains("have not ended (1)");
        assertThat(queue.queue().explain(ids.get(0)).reasons().get(0).text())
            .contains("restored from a backup");
        assertThat(queue.queue().events(ids.get(0)))
            .extracting(JobEvent::to)
            .containsExactly(JobState.PENDING, JobState.RUNNING, JobState.BLOCKED);
      }
    }

    @Test
    void lets_jobs_go_on_as_they_would_have_then() {
      List<JobId> ids = new ArrayList<>();
      Path file;
      try (Holdfast old = open("old.db")) {
        ids.add(old.enqueue(NewJob.of("t", 1)).id());
        ids.add(old.enqueue(NewJob.of("t", 2).in(Duration.ofDays(1))).id());
        ids.add(old.enqueue(NewJob.of("t", 3).after(ids.get(0))).id());
        file = backup(old, "a");
      }
      restore(file, "new.db");

      try (Holdfast queue = open("new.db")) {
        queue.queue().queues().resume("default");
        ReviewStore reviews = queue.embedding().reviews();
        assertThat(reviews.review(ids, Decision.RESUME, "ada")).allMatch(change -> change.done());

        assertThat(ids.stream().map(id -> job(queue, id).state()))
            .containsExactly(JobState.PENDING, JobState.SCHEDULED, JobState.BLOCKED);
        assertThat(uncertain(queue)).isEmpty();
        assertThat(reviews.review(ids, Decision.DONE, "ada")).noneMatch(change -> change.done());
        assertIsWell(queue);
        NodeId node = register(queue);
        List<Lease> first = claim(queue, node, 10);
        assertThat(first).extracting(Lease::job).containsExactly(ids.get(0));
        assertThat(exchange(queue, List.of(completed(first.get(0))), node, 10).claimed())
            .extracting(claimed -> claimed.lease().job())
            .containsExactly(ids.get(2));
      }
    }

    private Acknowledgement completed(Lease lease) {
      return new Acknowledgement(
          lease,
          new Transition.Complete(Optional.empty()),
          Duration.ofMillis(1),
          HandlerOutput.none(lease));
    }

    @Test
    void takes_the_word_of_an_operator_that_a_job_is_done_or_not_wanted() {
      Path file;
      List<JobId> ids = new ArrayList<>();
      try (Holdfast old = open("old.db")) {
        ids.add(old.enqueue(NewJob.of("t", 1)).id());
        ids.add(old.enqueue(NewJob.of("t", 2)).id());
        ids.add(old.enqueue(NewJob.of("t", 3).after(ids.get(0))).id());
        ids.add(old.enqueue(NewJob.of("t", 4).after(ids.get(1))).id());
        file = backup(old, "a");
      }
      restore(file, "new.db");

      try (Holdfast queue = open("new.db")) {
        ReviewStore reviews = queue.embedding().reviews();
        reviews.review(List.of(ids.get(0)), Decision.DONE, "ada");
        reviews.review(List.of(ids.get(1)), Decision.DISCARD, "ada");
        reviews.review(List.of(ids.get(2)), Decision.RESUME, "ada");

        assertThat(ids.stream().map(id -> job(queue, id).state()))
            .containsExactly(
                JobState.COMPLETED, JobState.CANCELLED, JobState.PENDING, JobState.CANCELLED);
        assertThat(queue.queue().events(ids.get(0)))
            .last()
            .satisfies(end -> assertThat(end.by()).isEqualTo("ada"))
            .satisfies(end -> assertThat(end.why()).contains("review"));
        assertThat(uncertain(queue)).isEmpty();
        assertIsWell(queue);
      }
    }

    @Test
    void refuses_what_the_old_one_gave_out() {
      try (Holdfast old = open("old.db")) {
        JobId id = old.enqueue(NewJob.of("t", 1)).id();
        NodeId node = register(old);
        Lease lease = claim(old, node, 1).get(0);
        old.embedding()
            .server()
            .leaseKeys()
            .rotate(
                new LeaseKey("k", "0".repeat(64), Instant.now(), Optional.empty()),
                Duration.ZERO,
                Duration.ZERO);
        restore(backup(old, "a"), "new.db");

        try (Holdfast queue = open("new.db")) {
          queue.queue().queues().resume("default");
          assertThat(exchange(queue, List.of(completed(lease)), node, 0).stale()).hasSize(1);
          queue.embedding().reviews().review(List.of(id), Decision.RESUME, "ada");
          assertThat(exchange(queue, List.of(completed(lease)), node, 0).stale()).hasSize(1);
          Lease newer = claim(queue, register(queue), 1).get(0);
          assertThat(newer.token()).isGreaterThan(lease.token() + (1L << 32));
          assertThat(exchange(queue, List.of(completed(lease)), node, 0).stale()).hasSize(1);
          assertThat(job(queue, id).state()).isEqualTo(JobState.RUNNING);
          assertThat(queue.embedding().server().leaseKeys().list()).isEmpty();
        }
      }
    }

    @Test
    void starts_with_everything_paused() {
      Path file;
      try (Holdfast old = open("old.db")) {
        old.enqueue(NewJob.of("t", 1).on("mail"));
        file = backup(old, "a");
      }
      restore(file, "new.db");

      try (Holdfast queue = open("new.db")) {
        assertThat(queue.queue().queues().list())
            .allMatch(summary -> summary.paused().isPresent())
            .hasSize(2);
      }
    }

    @Test
    void is_not_exported_before_its_review() {
      Path file;
      try (Holdfast old = open("old.db")) {
        old.enqueue(NewJob.of("t", 1));
        file = backup(old, "a");
      }
      restore(file, "new.db");
      try (Holdfast queue = open("new.db")) {
        assertThatThrownBy(() -> queue.embedding().archive().stamps(FIRST, 10))
            .isInstanceOf(ConflictException.class)
            .hasMessageContaining("holdfast review");
      }
    }

    @Test
    void is_a_prefix_of_what_was_enqueued_whenever_the_backup_was_made()
        throws InterruptedException {
      List<Path> made = new ArrayList<>();
      AtomicBoolean isOver = new AtomicBoolean();
      try (Holdfast old = open("old.db")) {
        old.handle("t", Integer.class, (number, context) -> null);
        old.start();
        Thread writer =
            new Thread(
                () -> {
                  for (int n = 0; !isOver.get(); n++) {
                    old.enqueue(NewJob.of("t", n));
                  }
                });
        writer.start();
        try {
          for (int n = 0; n < BACKUPS; n++) {
            made.add(backup(old, "b" + n));
          }
          Eventually.is(
              "a job is done", () -> old.queue().status().counts().containsKey(JobState.COMPLETED));
        } finally {
          isOver.set(true);
          writer.join();
        }
      }
      for (Path file : made) {
        String name = file.getFileName().toString();
        Restored restored = restore(file, name);
        try (Holdfast queue = open(name)) {
          assertIsWell(queue);
          assertThat(payloads(queue))
              .containsExactlyInAnyOrderElementsOf(
                  IntStream.range(0, (int) restored.jobs()).mapToObj(Integer::toString).toList());
          Map<JobState, Long> counts = queue.queue().status().counts();
          assertThat(counts.get(JobState.BLOCKED)).isEqualTo(restored.uncertain());
          assertThat(counts.get(JobState.COMPLETED))
              .isEqualTo(restored.jobs() - restored.uncertain());
        }
      }
    }

    private static List<String> payloads(Holdfast queue) {
      List<String> payloads = new ArrayList<>();
      Optional<PageCursor> next = Optional.empty();
      do {
        Page<Job> page = queue.queue().list(JobFilter.all(), next.map(PAGE::after).orElse(PAGE));
        page.items().forEach(job -> payloads.add(job.payload()));
        next = page.next();
      } while (next.isPresent());
      return payloads;
    }
  }

  @Nested
  class The_target {
    private Path file = Path.of("");

    private void makeBackup() {
      try (Holdfast old = open("old.db")) {
        old.enqueue(NewJob.of("t", 1));
        file = backup(old, "a");
      }
    }

    private List<String> files() throws IOException {
      try (Stream<Path> all = Files.list(folder)) {
        return all.map(path -> path.getFileName().toString())
            .filter(name -> name.startsWith("new.db"))
            .sorted()
            .toList();
      }
    }

    @Test
    void is_not_replaced_while_it_is_in_use() {
      makeBackup();
      try (Holdfast inUse = open("new.db")) {
        inUse.enqueue(NewJob.of("t", 7));
        assertThatThrownBy(() -> restore(file, "new.db"))
            .isInstanceOf(ConflictException.class)
            .hasMessageContaining("a process uses");
        inUse.enqueue(NewJob.of("t", 8));
        assertThat(inUse.queue().list(JobFilter.all(), PAGE).items()).hasSize(2);
      }
    }

    @Test
    void is_kept_under_another_name_when_nobody_uses_it() {
      makeBackup();
      try (Holdfast before = open("new.db")) {
        before.enqueue(NewJob.of("t", 7));
        before.enqueue(NewJob.of("t", 8));
      }

      Path kept = restore(file, "new.db").replaced().orElseThrow();

      assertThat(kept.getFileName().toString()).startsWith("new.db.before-restore-");
      try (Holdfast before = Holdfast.open(kept.toString());
          Holdfast queue = open("new.db")) {
        assertThat(before.queue().list(JobFilter.all(), PAGE).items()).hasSize(2);
        assertThat(queue.queue().list(JobFilter.all(), PAGE).items()).hasSize(1);
      }
    }

    @Test
    void is_kept_when_it_is_damaged() throws IOException {
      makeBackup();
      Files.writeString(folder.resolve("new.db"), "damaged");

      assertThat(restore(file, "new.db").replaced().orElseThrow()).hasContent("damaged");
      assertHasTheBackup();
    }

    @Test
    void is_not_mixed_with_the_log_of_a_database_that_was_deleted() throws IOException {
      makeBackup();
      Path log = folder.resolve("new.db-wal");
      Path aside = folder.resolve("aside");
      try (Holdfast deleted = open("new.db")) {
        deleted.enqueue(NewJob.of("t", 7));
        Files.copy(log, aside);
      }
      Files.delete(folder.resolve("new.db"));
      Files.move(aside, log);

      assertThat(restore(file, "new.db").replaced()).isEmpty();

      assertThat(files()).anyMatch(name -> name.matches("new.db.before-restore-.*-wal"));
      assertHasTheBackup();
    }

    private void assertHasTheBackup() {
      try (Holdfast queue = open("new.db")) {
        assertThat(queue.queue().list(JobFilter.all(), PAGE).items()).hasSize(1);
        assertIsWell(queue);
      }
    }

    @Test
    void is_not_a_database_of_another_program() throws IOException, SQLException {
      makeBackup();
      try (Connection other =
              DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("new.db"));
          Statement statement = other.createStatement()) {
        statement.execute("create table mine (a)");
      }
      byte[] before = Files.readAllBytes(folder.resolve("new.db"));

      assertThatThrownBy(() -> restore(file, "new.db"))
          .isInstanceOf(ConflictException.class)
          .hasMessageContaining("another program");
      assertThat(Files.readAllBytes(folder.resolve("new.db"))).isEqualTo(before);
    }

    @Test
    void is_untouched_when_the_backup_is_refused() throws IOException {
      makeBackup();
      byte[] content = Files.readAllBytes(file);
      content[content.length / 2] ^= 1;
      Files.write(file, content);

      assertThatThrownBy(() -> restore(file, "new.db"))
          .isInstanceOf(HoldfastException.class)
          .hasMessageContaining("is damaged");
      assertThat(files()).containsExactly("new.db-holdfast");
    }

    @Test
    void is_cleared_of_what_a_dead_restore_left() throws IOException {
      makeBackup();
      String leftover = "new.db.restore-" + UUID.randomUUID() + ".part";
      Files.writeString(folder.resolve(leftover), "x");
      Files.writeString(folder.resolve(leftover + "-journal"), "x");

      restore(file, "new.db");

      assertThat(files()).containsExactly("new.db", "new.db-holdfast");
    }
  }
}
