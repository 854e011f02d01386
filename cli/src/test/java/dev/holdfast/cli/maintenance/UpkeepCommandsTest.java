package dev.holdfast.cli.maintenance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Holdfast;
import dev.holdfast.JobId;
import dev.holdfast.NewJob;
import dev.holdfast.cli.Cli;
import dev.holdfast.cli.terminal.ExitCodes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The commands that maintain the database itself. */
class UpkeepCommandsTest {
  @TempDir Path folder;
  Cli cli = new Cli(Path.of(""));

  @BeforeEach
  void enqueue() {
    cli = new Cli(folder);
    try (Holdfast holdfast = cli.open()) {
      holdfast.enqueue(NewJob.of("t", 1));
    }
  }

  @Nested
  @Tag("R-52")
  class Maintain {
    /** Stays open, as the last connection to close would checkpoint the log into the file. */
    private Holdfast inUse;

    @BeforeEach
    void use() {
      inUse = cli.open();
    }

    @AfterEach
    void close() {
      inUse.close();
    }

    private Path log() {
      return folder.resolve("jobs.db-wal");
    }

    @Test
    void moves_the_log_into_the_file_as_far_as_requested() {
      inUse.enqueue(NewJob.of("t", 2));

      JsonNode passive = cli.run("maintain", "checkpoint", "--mode", "PASSIVE", "--json").json();
      assertThat(passive.get("whole").booleanValue()).isTrue();
      assertThat(passive.get("moved").longValue())
          .isPositive()
          .isEqualTo(passive.get("pages").longValue());
      assertThat(log()).isNotEmptyFile();

      assertThat(cli.run("maintain").line()).startsWith("moved ").endsWith(" pages");
      assertThat(log()).isEmptyFile();
      assertThat(cli.run("maintain", "--mode", "x").lastMessage()).contains("'x'", "truncate");
    }

    @Test
    void does_one_thing_at_a_time() throws SQLException {
      JobId large = inUse.enqueue(NewJob.of("t", "x".repeat(1_000_000))).id();
      inUse.queue().delete(List.of(large));
      cli.run("maintain");
      long size = cli.db().toFile().length();
      assertThat(hasLearned()).isFalse();

      assertThat(cli.run("maintain", "analyze").line()).isEqualTo("analyzed");
      assertThat(hasLearned()).isTrue();
      cli.run("maintain");
      assertThat(cli.db().toFile().length()).isGreaterThanOrEqualTo(size);

      JsonNode vacuumed = cli.run("maintain", "vacuum", "--json").json();
      assertThat(vacuumed.get("bytes_before").longValue()).isGreaterThanOrEqualTo(size);
      assertThat(vacuumed.get("bytes_after").longValue())
          .isLessThan(size - 900_000)
          .isEqualTo(cli.db().toFile().length());
      assertThat(cli.run("maintain", "polish").code()).isEqualTo(ExitCodes.USAGE);
    }

    private boolean hasLearned() throws SQLException {
      try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + cli.db());
          Statement statement = connection.createStatement();
          ResultSet tables =
              statement.executeQuery("select 1 from sqlite_schema where name = 'sqlite_stat1'")) {
        return tables.next();
      }
    }
  }

  @Nested
  @Tag("R-51")
  class Backup {
    @Test
    void prints_the_path_of_the_copy() {
      String file = cli.run("backup", "a").line().replaceFirst(" \\(.*", "");
      try (Holdfast copy = Holdfast.open(file)) {
        assertThat(copy.queue().status().counts().values().stream().mapToLong(n -> n).sum())
            .isEqualTo(1);
      }

      JsonNode second = cli.run("backup", "--keep", "1", "--json").json();
      assertThat(second.get("name").stringValue()).matches("\\d{8}-\\d{6}");
      assertThat(second.get("sha256").stringValue()).matches("[0-9a-f]{64}");
      assertThat(second.get("removed")).hasToString("[\"a\"]");
      assertThat(Path.of(file)).doesNotExist();
      assertThat(cli.run("backup", "../a").lastMessage()).contains("'../a'");
    }

    @Test
    void is_listed_with_its_checksum() throws IOException {
      assertThat(cli.run("backup", "list").lastMessage()).contains("no backups");
      String file = cli.run("backup", "a").line().replaceFirst(" \\(.*", "");

      assertThat(cli.run("backup", "list").lines().get(1))
          .startsWith("a ")
          .endsWith("  yes       " + file);
      Files.delete(Path.of(file + ".sha256"));
      JsonNode listed = cli.run("backup", "list", "--json").json();
      assertThat(listed.get("file").stringValue()).isEqualTo(file);
      String name = listed.get("name").stringValue();
      assertThat(cli.run("verify-backup", "--no-checksum", name).line()).startsWith("whole: ");
      assertThat(cli.run("verify-backup", "none").lastMessage()).contains("backups/none.db");
      assertThat(listed.get("checksum").booleanValue()).isFalse();
    }

    @Test
    void can_be_written_elsewhere_and_is_verified_there() throws IOException {
      Path file = folder.resolve("b.db");
      assertThat(cli.run("backup", "--to", file.toString()).line()).startsWith(file + " (");
      assertThat(cli.run("backup", "--to", file.toString()).code()).isEqualTo(ExitCodes.CONFLICT);
      assertThat(cli.run("backup", "a", "--to", "x.db").code()).isEqualTo(ExitCodes.USAGE);
      assertThat(cli.run("backup", "--keep", "2", "--to", "x.db").code())
          .isEqualTo(ExitCodes.USAGE);

      assertThat(cli.run("verify-backup", file.toString()).line())
          .isEqualTo("whole: 1 job, 1 of them unfinished");
      Files.delete(Path.of(file + ".sha256"));
      assertThat(cli.run("verify-backup", file.toString()).lastMessage()).contains("--no-checksum");
      JsonNode verified =
          cli.run("verify-backup", "--no-checksum", "--json", file.toString()).json();
      assertThat(verified.get("bytes").longValue()).isEqualTo(Files.size(file));
      assertThat(verified.get("unfinished").longValue()).isEqualTo(1);
      assertThat(verified.get("checksum").booleanValue()).isFalse();
      Files.writeString(file, "not a database");
      assertThat(cli.run("verify-backup", "--no-checksum", file.toString()))
          .satisfies(result -> assertThat(result.code()).isEqualTo(ExitCodes.IO))
          .satisfies(result -> assertThat(result.err().lines()).hasSize(1));
    }
  }
}
