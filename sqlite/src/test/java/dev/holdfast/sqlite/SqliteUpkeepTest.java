package dev.holdfast.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.Enqueued;
import dev.holdfast.Finding;
import dev.holdfast.Holdfast;
import dev.holdfast.JobFilter;
import dev.holdfast.JobId;
import dev.holdfast.NewJob;
import dev.holdfast.PageRequest;
import dev.holdfast.error.ConflictException;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.spi.Upkeep.Backup;
import dev.holdfast.spi.Upkeep.BackupName;
import dev.holdfast.spi.Upkeep.BackupRequest;
import dev.holdfast.spi.Upkeep.Checkpoint;
import dev.holdfast.spi.Upkeep.Checkpointed;
import dev.holdfast.spi.Upkeep.Vacuumed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteUpkeepTest {
  private static final Optional<Integer> ALL = Optional.empty();

  @TempDir Path folder;
  private Holdfast holdfast;

  @BeforeEach
  void open() {
    holdfast = Holdfast.open(folder.resolve("jobs.db").toString());
  }

  @AfterEach
  void close() {
    holdfast.close();
  }

  private void enqueue(int jobs) {
    List<Enqueued> unused =
        holdfast
            .queue()
            .enqueue(IntStream.range(0, jobs).mapToObj(n -> NewJob.of("t", n)).toList());
  }

  private Backup backup(String name, Optional<Integer> keep) {
    return holdfast
        .embedding()
        .upkeep()
        .backup(BackupRequest.named(new BackupName(name)).keep(keep));
  }

  private static int jobs(Holdfast queue) {
    return queue.queue().list(JobFilter.all(), PageRequest.first(500)).items().size();
  }

  private List<String> backups() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("jobs.db-holdfast/backups"))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Nested
  @Tag("R-51")
  class A_backup {
    @Test
    void is_a_whole_queue_of_its_own_as_it_was_then() {
      enqueue(50);
      Backup backup = backup("a", ALL);
      enqueue(5);

      try (Holdfast copy = Holdfast.open(backup.file().toString())) {
        assertThat(jobs(copy)).isEqualTo(50);
        assertThat(copy.queue().maintenance().examine())
            .extracting(Finding::gravity)
            .doesNotContain(Finding.Gravity.ERROR);
        copy.enqueue(NewJob.of("t", 1));
        assertThat(jobs(copy)).isEqualTo(51);
      }
      assertThat(jobs(holdfast)).isEqualTo(55);
    }

    @Test
    void is_readable_by_its_owner_only_and_leaves_no_other_files() throws IOException {
      Backup backup = backup("a", ALL);

      assertThat(mode(backup.file())).isEqualTo("rw-------");
      assertThat(mode(folder.resolve("jobs.db-holdfast/backups"))).isEqualTo("rwx------");
      assertThat(backups()).containsExactly("a.db", "a.db.sha256");
      assertThat(mode(folder.resolve("jobs.db-holdfast/backups/a.db.sha256")))
          .isEqualTo("rw-------");
    }

    private static String mode(Path path) throws IOException {
      return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Test
    void does_not_take_the_place_of_another() throws IOException {
      Backup first = backup("a", ALL);
      enqueue(3);

      assertThatThrownBy(() -> backup("a", ALL))
          .isInstanceOf(ConflictException.class)
          .hasMessageContaining("/a.db'");
      assertThat(Files.size(first.file())).isEqualTo(first.bytes());
      assertThat(backups()).containsExactly("a.db", "a.db.sha256");
    }

    @Test
    void replaces_the_oldest_when_only_some_are_kept() throws IOException {
      for (int day = 1; day <= 4; day++) {
        Backup made = backup("day-" + day, ALL);
        Files.setLastModifiedTime(made.file(), FileTime.from(Instant.ofEpochSecond(day)));
      }
      Files.writeString(folder.resolve("jobs.db-holdfast/backups/Mine.db"), "no backup of ours");

      Backup newest = backup("day-5", Optional.of(3));

      assertThat(newest.removed())
          .containsExactly(new BackupName("day-2"), new BackupName("day-1"));
      assertThat(backups())
          .containsExactly(
              "Mine.db",
              "day-3.db",
              "day-3.db.sha256",
              "day-4.db",
              "day-4.db.sha256",
              "day-5.db",
              "day-5.db.sha256");
      for (int keep : List.of(0, -1, 1_001)) {
        assertThatThrownBy(() -> backup("b", Optional.of(keep)))
            .isInstanceOf(InvalidRequestException.class);
      }
    }

    @Test
    void is_made_while_others_write() throws InterruptedException {
      AtomicBoolean isOver = new AtomicBoolean();
      AtomicInteger written = new AtomicInteger();
      Thread writer =
          new Thread(
              () -> {
                while (!isOver.get()) {
                  holdfast.enqueue(NewJob.of("t", 1));
                  written.incrementAndGet();
                }
              });
      writer.start();
      try {
        int before = written.get();
        Backup backup = backup("a", ALL);
        int after = written.get() + 1; // one may be written and not yet counted
        try (Holdfast copy = Holdfast.open(backup.file().toString())) {
          long copied = copy.queue().status().counts().values().stream().mapToLong(n -> n).sum();
          assertThat(copied).isBetween((long) before, (long) after);
        }
      } finally {
        isOver.set(true);
        writer.join();
      }
    }
  }

  @Nested
  @Tag("R-52")
  class Upkeep {
    @Test
    void gives_space_back() {
      List<Enqueued> large =
          holdfast
              .queue()
              .enqueue(
                  IntStream.range(0, 20)
                      .mapToObj(n -> NewJob.of("t", "x".repeat(100_000)))
                      .toList());
      List<JobId> ids = large.stream().map(Enqueued::id).toList();
      holdfast.queue().delete(ids);
      Checkpointed unused = holdfast.embedding().upkeep().checkpoint(Checkpoint.TRUNCATE);

      Vacuumed vacuumed = holdfast.embedding().upkeep().vacuum();

      assertThat(vacuumed.bytesBefore()).isGreaterThan(2_000_000);
      assertThat(vacuumed.bytesAfter()).isLessThan(1_000_000);
    }

    @Test
    void brings_the_log_into_the_file() throws IOException {
      enqueue(100);
      Path log = folder.resolve("jobs.db-wal");
      assertThat(Files.size(log)).isPositive();

      Checkpointed passive = holdfast.embedding().upkeep().checkpoint(Checkpoint.PASSIVE);
      assertThat(passive.isWhole()).isTrue();
      assertThat(passive.moved()).isEqualTo(passive.pages()).isPositive();
      assertThat(holdfast.embedding().upkeep().checkpoint(Checkpoint.TRUNCATE).isWhole()).isTrue();
      assertThat(Files.size(log)).isZero();
    }

    @Test
    void lets_the_database_learn_what_it_has() throws SQLException {
      enqueue(10);
      holdfast.embedding().upkeep().analyze();

      try (Connection connection =
              DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("jobs.db"));
          Statement statement = connection.createStatement();
          ResultSet learned = statement.executeQuery("select count(*) from sqlite_stat1")) {
        assertThat(learned.getInt(1)).isPositive();
      }
    }
  }
}
