package dev.holdfast.cli.maintenance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Holdfast;
import dev.holdfast.JobId;
import dev.holdfast.NewJob;
import dev.holdfast.cli.Cli;
import dev.holdfast.cli.Cli.Result;
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

    @Test
    void optimizes_in_steps_and_says_what_a_full_one_would_add() {
      JobId large = inUse.enqueue(NewJob.of("t", "x".repeat(1_000_000))).id();
      inUse.queue().delete(List.of(large));

      Result done = cli.run("maintain", "optimize");
      assertThat(done.code()).isEqualTo(ExitCodes.OK);
      assertThat(done.lines()).hasSize(2).allMatch(line -> line.contains(" of them unused"));
      assertThat(done.lastMessage()).contains("optimize --full");

      Result full = cli.run("maintain", "optimize", "--full", "--json");
      assertThat(full.err()).contains("bytes of free space");
      assertThat(full.json().at("/after/free_bytes").longValue()).isZero();
      assertThat(full.json().at("/before/bytes").longValue())
          .isGreaterThan(full.json().at("/after/bytes").longValue() + 900_000);
    }

    @Test
    void refuses_a_full_optimization_while_a_node_is_alive() {
      inUse.start();

      Result refused = cli.run("maintain", "optimize", "--full");

      assertThat(refused.code()).isEqualTo(ExitCodes.CONFLICT);
      assertThat(refused.lastMessage()).contains("no node is alive", "bytes of free space");
    }

    @Test
    void shows_sizes_and_jobs() {
      inUse.queue().delete(List.of(inUse.enqueue(NewJob.of("t", 2)).id()));

      List<String> lines = cli.run("maintain", "stats").lines();
      assertThat(lines.get(0)).startsWith("NAME ").contains("ESTIMATED");
      assertThat(lines)
          .anyMatch(line -> line.matches("jobs_pending +jobs +[\\d,]+.*"))
          .anyMatch(line -> line.matches("PENDING +1 +1 +0 +0 +0"))
          .contains("oldest transaction: none");

      JsonNode stats = cli.run("maintain", "stats", "--json").json();
      assertThat(stats.at("/relations/0/estimated").booleanValue()).isFalse();
      assertThat(stats.at("/log_bytes").longValue()).isPositive();
    }

    @Test
    void checks_the_integrity_with_a_line_for_each_finding() throws SQLException {
      assertThat(cli.run("maintain", "integrity-check").line()).isEqualTo("no damage found");

      try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + cli.db());
          Statement statement = connection.createStatement()) {
        statement.execute("delete from job_payloads");
        statement.execute(
            "insert into webhook_deliveries (webhook, event, subject, at, data)"
                + " values ('gone', 'completed', 'x', 0, '{}')");
      }

      Result damaged = cli.run("maintain", "integrity-check");
      assertThat(damaged.code()).isEqualTo(ExitCodes.FAILED);
      assertThat(damaged.lines())
          .hasSize(2)
          .anyMatch(line -> line.startsWith("ERROR    reference-dangling: "))
          .anyMatch(line -> line.startsWith("ERROR    payload-missing: "));
      JsonNode json = cli.run("maintain", "integrity-check", "--json").json();
      assertThat(json.get("ok").booleanValue()).isFalse();
      assertThat(json.get("findings")).hasSize(2);
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
