package dev.holdfast.sqlite;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.holdfast.Holdfast;
import dev.holdfast.JobId;
import dev.holdfast.NewJob;
import dev.holdfast.error.ConflictException;
import dev.holdfast.error.HoldfastException;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.error.NotFoundException;
import dev.holdfast.error.SchemaException;
import dev.holdfast.spi.Backups;
import dev.holdfast.spi.Backups.Verified;
import dev.holdfast.spi.Upkeep.Backup;
import dev.holdfast.spi.Upkeep.BackupName;
import dev.holdfast.spi.Upkeep.BackupRequest;
import dev.holdfast.spi.Upkeep.StoredBackup;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backups as files: how they come about, and which of them are refused. */
@Tag("R-51")
class BackupFilesTest {
  private static final int FLIPS = 1_000;

  @TempDir Path folder;
  private final Backups backups = Backups.find();
  private Path backup = Path.of("");

  @BeforeEach
  void makeBackup() {
    try (Holdfast holdfast = open()) {
      holdfast.queue().enqueue(IntStream.range(0, 30).mapToObj(n -> NewJob.of("t", n)).toList());
      holdfast.queue().cancel(List.of(holdfast.enqueue(NewJob.of("t", 1)).id()), "test");
      backup = make(holdfast, "a").file();
    }
  }

  private Holdfast open() {
    return Holdfast.open(folder.resolve("jobs.db").toString());
  }

  private static Backup make(Holdfast holdfast, String name) {
    return holdfast.embedding().upkeep().backup(BackupRequest.named(new BackupName(name)));
  }

  private Path checksum() {
    return backup.resolveSibling("a.db.sha256");
  }

  private void refused(Class<? extends HoldfastException> kind, String... words) {
    assertThatThrownBy(() -> backups.verify(backup, Files.exists(checksum())))
        .isInstanceOf(kind)
        .message()
        .contains(words)
        .hasLineCount(1);
  }

  private void change(String sql) throws IOException, SQLException {
    Files.delete(checksum());
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + backup);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Nested
  class The_folder {
    @Test
    void lists_what_is_there_the_newest_first() throws IOException {
      try (Holdfast holdfast = open()) {
        Path second = make(holdfast, "b").file();
        Files.setLastModifiedTime(backup, FileTime.fromMillis(1_000));
        Files.delete(checksum());

        assertThat(holdfast.embedding().upkeep().backups())
            .extracting(StoredBackup::file, StoredBackup::hasChecksum)
            .containsExactly(tuple(second, true), tuple(backup, false));
      }
    }

    @Test
    void is_cleared_of_what_dead_processes_left_and_of_nothing_else() throws IOException {
      Path leftover = backup.resolveSibling("b.db." + UUID.randomUUID() + ".part");
      Path journal = backup.resolveSibling(leftover.getFileName() + "-journal");
      Path foreign = backup.resolveSibling("mine.part");
      for (Path file : List.of(leftover, journal, foreign)) {
        Files.writeString(file, "x");
      }

      try (Holdfast holdfast = open()) {
        make(holdfast, "c");
      }
      assertThat(leftover).doesNotExist();
      assertThat(journal).doesNotExist();
      assertThat(foreign).exists();
    }

    @Test
    void takes_one_backup_at_a_time() {
      try (Holdfast holdfast = open()) {
        List<String> refusals = new ArrayList<>();
        BackupRequest first =
            BackupRequest.named(new BackupName("b"))
                .reporting(
                    (copied, expected) -> {
                      if (refusals.isEmpty()) {
                        refusals.add(refusalOf(holdfast, "c"));
                      }
                    });
        enqueueMuch(holdfast);

        holdfast.embedding().upkeep().backup(first);

        assertThat(refusals).hasSize(1).first().asString().contains("another backup");
        make(holdfast, "c");
      }
    }

    private static String refusalOf(Holdfast holdfast, String name) {
      try {
        return make(holdfast, name).name();
      } catch (ConflictException refused) {
        return String.valueOf(refused.getMessage());
      }
    }

    private static void enqueueMuch(Holdfast holdfast) {
      for (int batch = 0; batch < 10; batch++) {
        holdfast
            .queue()
            .enqueue(IntStream.range(0, 1_000).mapToObj(n -> NewJob.of("t", n)).toList());
      }
    }

    @Test
    void is_not_needed_for_a_backup_elsewhere() throws IOException {
      Path file = folder.resolve("elsewhere.db");
      Path leftover = folder.resolve("elsewhere.db." + UUID.randomUUID() + ".part");
      Path ofAnother = folder.resolve("other.db." + UUID.randomUUID() + ".part");
      Files.writeString(leftover, "x");
      Files.writeString(ofAnother, "x");
      try (Holdfast holdfast = open()) {
        BackupRequest request = BackupRequest.named(new BackupName("b")).to(Optional.of(file));
        assertThat(holdfast.embedding().upkeep().backup(request).name()).isEqualTo("elsewhere.db");

        assertThat(leftover).doesNotExist();
        assertThat(ofAnother).exists();
        assertThat(backups.verify(file, true).jobs()).isEqualTo(31);
        assertThatThrownBy(() -> holdfast.embedding().upkeep().backup(request))
            .isInstanceOf(ConflictException.class);
        assertThatThrownBy(() -> request.keep(Optional.of(2)))
            .isInstanceOf(InvalidRequestException.class);
      }
    }
  }

  @Nested
  class A_whole_backup {
    @Test
    void is_accepted_and_left_as_it_is() throws IOException {
      byte[] before = Files.readAllBytes(backup);

      Verified verified = backups.verify(backup, true);

      assertThat(verified.jobs()).isEqualTo(31);
      assertThat(verified.unfinished()).isEqualTo(30);
      assertThat(verified.hasChecksum()).isTrue();
      assertThat(Files.readAllBytes(backup)).isEqualTo(before);
      assertThat(backup.resolveSibling("a.db-wal")).doesNotExist();
      assertThat(backup.resolveSibling("a.db-shm")).doesNotExist();
    }

    @Test
    void has_a_checksum_that_other_tools_read() throws IOException, InterruptedException {
      Process tool =
          new ProcessBuilder("sha256sum", "-c", "a.db.sha256")
              .directory(backup.resolveSibling("").toFile())
              .start();
      assertThat(new String(tool.getInputStream().readAllBytes(), UTF_8)).contains("a.db: OK");
      assertThat(tool.waitFor()).isZero();
    }

    @Test
    void needs_its_checksum_unless_that_is_given_up() throws IOException {
      Files.delete(checksum());

      assertThatThrownBy(() -> backups.verify(backup, true))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("a.db.sha256")
          .hasMessageContaining("--no-checksum");
      assertThat(backups.verify(backup, false).hasChecksum()).isFalse();
    }
  }

  @Nested
  class A_backup_that_is_not_whole {
    @Test
    void is_refused_whichever_bit_was_flipped() throws IOException {
      Random random = new Random(17);
      long bits = Files.size(backup) * 8;
      for (int flip = 0; flip < FLIPS; flip++) {
        long bit = random.nextLong(bits);
        flip(bit);
        assertThatThrownBy(() -> backups.verify(backup, true))
            .as("bit %d", bit)
            .isInstanceOf(HoldfastException.class)
            .hasMessageContaining("is damaged: its content does not match its checksum");
        flip(bit);
      }
      assertThat(backups.verify(backup, true).jobs()).isEqualTo(31);
    }

    private void flip(long bit) throws IOException {
      try (RandomAccessFile file = new RandomAccessFile(backup.toFile(), "rw")) {
        file.seek(bit / 8);
        int value = file.read();
        file.seek(bit / 8);
        file.write(value ^ (1 << (bit % 8)));
      }
    }

    @Test
    void is_refused_in_one_line_even_without_its_checksum_if_it_was_cut() throws IOException {
      long size = Files.size(backup);
      for (long left : List.of(0L, 1L, 99L, 100L, 4_096L, size / 2, size - 1)) {
        byte[] whole = Files.readAllBytes(backup);
        try (RandomAccessFile file = new RandomAccessFile(backup.toFile(), "rw")) {
          file.setLength(left);
        }
        refused(HoldfastException.class, "damaged");
        Files.move(checksum(), folder.resolve("aside"));
        refused(HoldfastException.class, backup.toString());
        Files.move(folder.resolve("aside"), checksum());
        Files.write(backup, whole);
      }
    }

    @Test
    void is_never_a_bug_when_its_pages_are_garbage() throws IOException {
      Files.delete(checksum());
      byte[] whole = Files.readAllBytes(backup);
      Random random = new Random(4);
      for (int round = 0; round < 100; round++) {
        byte[] garbage = whole.clone();
        for (int place = 0; place < 200; place++) {
          garbage[100 + random.nextInt(garbage.length - 100)] ^= (byte) random.nextInt(256);
        }
        Files.write(backup, garbage);
        refused(HoldfastException.class, backup.toString());
      }
    }

    @Test
    void is_refused_when_it_is_missing() {
      assertThatThrownBy(() -> backups.verify(folder.resolve("none.db"), true))
          .isInstanceOf(NotFoundException.class);
      assertThatThrownBy(() -> backups.verify(folder, true)).isInstanceOf(NotFoundException.class);
    }
  }

  @Nested
  class A_file_that_is_no_backup_of_this_version {
    @Test
    void is_refused_if_it_is_not_of_sqlite() throws IOException {
      Files.delete(checksum());
      Files.writeString(backup, "a text that is longer than the header of a database".repeat(10));
      refused(HoldfastException.class, "not an SQLite database");
    }

    @Test
    void is_refused_if_another_program_made_it() throws IOException, SQLException {
      change("pragma application_id = 7");
      refused(HoldfastException.class, "another program");
    }

    @Test
    void is_refused_if_a_newer_holdfast_made_it() throws IOException, SQLException {
      change("pragma user_version = 9999");
      refused(SchemaException.class, "9999", "newer");
    }

    @Test
    void is_refused_if_an_older_holdfast_made_it() throws IOException, SQLException {
      change("pragma user_version = 3");
      refused(SchemaException.class, "schema 3", "older");
    }

    @Test
    void is_refused_if_its_schema_was_changed() throws IOException, SQLException {
      change("drop index jobs_pending");
      refused(HoldfastException.class, "index jobs_pending");
    }

    @Test
    void is_refused_if_its_rows_are_not_a_queue() throws IOException, SQLException {
      change("update jobs set finished_at = null where state = 'CANCELLED'");
      refused(HoldfastException.class, "not a consistent queue", "without an end time");
    }

    @Test
    void is_refused_if_it_is_a_database_in_use() {
      try (Holdfast holdfast = open()) {
        JobId unused = holdfast.enqueue(NewJob.of("t", 1)).id();
        assertThatThrownBy(() -> backups.verify(folder.resolve("jobs.db"), false))
            .hasMessageContaining("write-ahead log");
      }
    }
  }
}
