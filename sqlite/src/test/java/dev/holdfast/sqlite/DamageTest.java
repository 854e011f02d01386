package dev.holdfast.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Finding;
import dev.holdfast.Finding.Gravity;
import dev.holdfast.Holdfast;
import dev.holdfast.JobFilter;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.MonitorConfig.Action;
import dev.holdfast.NewJob;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Damaged rows and files, and the findings of the examination. */
@Tag("R-38")
final class DamageTest {
  @TempDir private Path folder;

  @Test
  void there_is_nothing_to_find_in_a_sound_file() {
    try (Holdfast holdfast = open()) {
      holdfast.handle("done", String.class, (payload, job) -> 1);
      holdfast.start();
      holdfast.enqueue(NewJob.of("t", "x"));
      holdfast.enqueue(NewJob.of("t", "x").in(Duration.ofDays(1)));
      holdfast.await(holdfast.enqueue(NewJob.of("done", "x")).id(), Duration.ofMinutes(1)).join();

      assertThat(holdfast.queue().maintenance().examine()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 | update jobs set priority = 1",
        "1 | update jobs set state = 'COMPLETED', finished_at = created_at where awaited = 1",
        "1 | delete from jobs where awaited = 1",
        "1 | update jobs set waits = 2 where waits = 1",
        "1 | update jobs set waits = 0 where waits = 1",
        "1 | delete from job_waits"
      })
  void a_job_that_waits_for_what_never_comes_is_found(int found, String damage)
      throws SQLException {
    try (Holdfast holdfast = open()) {
      JobId first = holdfast.enqueue(NewJob.of("t", "x")).id();
      holdfast.enqueue(NewJob.of("t", "x").after(first));

      sql(damage);

      assertThat(holdfast.queue().maintenance().examine())
          .filteredOn(finding -> finding.code().equals("blocked-for-nothing"))
          .hasSize(found);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "orphaned-jobs | ERROR | 2 | update jobs set state = 'RUNNING', node ="
            + " x'00000000000000000000000000000001', attempt = 1, token = 1, started_at ="
            + " created_at",
        "payload-missing | ERROR | 2 | delete from job_payloads",
        "blocked-for-nothing | ERROR | 2 | update jobs set state = 'BLOCKED'",
        "end-missing | ERROR | 2 | update jobs set state = 'COMPLETED'",
        "end-missing | ERROR | 2 | update jobs set state = 'FAILED'",
        "end-missing | ERROR | 2 | update jobs set state = 'CANCELLED'",
        "end-missing | ERROR | 2 | update jobs set state = 'INTERRUPTED'",
        "attempts-impossible | ERROR | 2 | update jobs set attempt = -1",
        "attempts-impossible | ERROR | 2 | update jobs set attempt = max_attempts + 1, token = 99",
        "attempts-impossible | ERROR | 2 | update jobs set attempt = 2, token = 1",
        "overdue-jobs | WARNING | 2 | update jobs set state = 'SCHEDULED', run_at = run_at -"
            + " 61000000",
        "rows-from-the-future | WARNING | 2 | update jobs set updated_at = updated_at + 120000000",
        "leftovers | WARNING | 1 | insert into job_progress values"
            + " (x'00000000000000000000000000000001', 1, '', 1)",
        "leftovers | WARNING | 1 | insert into job_checkpoints (job_id, name, state, attempt,"
            + " saved_at) values (x'00000000000000000000000000000001', 'a', '1', 1, 1)",
        "leftovers | WARNING | 1 | insert into job_steps (job_id, position, name, kind, attempt,"
            + " started_at) values (x'00000000000000000000000000000001', 1, 'a', 'WORK', 1, 1)",
        "leftovers | WARNING | 1 | insert into job_waits values"
            + " (x'00000000000000000000000000000001', 0, x'00000000000000000000000000000002',"
            + " 'RUN', null, 1)",
        "leftovers | WARNING | 1 | insert into job_signals (job_id, name) values"
            + " (x'00000000000000000000000000000001', 'x')",
        "leftovers | WARNING | 1 | insert into job_events (job_id, at, from_state, to_state,"
            + " by_whom, why, attempt, run_at) values (x'00000000000000000000000000000001', 1,"
            + " 'PENDING', 'CANCELLED', '', '', 1, 1)"
      })
  void a_row_that_is_wrong_in_one_way_is_found_in_that_way_alone(
      String code, Gravity gravity, int rows, String damage) throws SQLException {
    try (Holdfast holdfast = open()) {
      holdfast.queue().enqueue(Collections.nCopies(2, NewJob.of("t", "x")));

      sql(damage);

      List<Finding> findings = holdfast.queue().maintenance().examine();
      assertThat(findings).extracting(Finding::code).containsExactly(code);
      assertThat(findings.get(0).gravity()).isEqualTo(gravity);
      assertThat(findings.get(0).text()).containsPattern("\\b" + rows + "\\b");
      assertThat(findings.get(0).cure()).isNotEmpty();
    }
  }

  @Test
  void a_running_row_without_attempts_is_impossible_and_orphaned() throws SQLException {
    try (Holdfast holdfast = open()) {
      holdfast.enqueue(NewJob.of("t", "x"));

      sql("update jobs set state = 'RUNNING'");

      assertThat(holdfast.queue().maintenance().examine())
          .extracting(Finding::code)
          .containsExactlyInAnyOrder("orphaned-jobs", "attempts-impossible");
    }
  }

  @Test
  void a_node_that_writes_in_the_future_is_found() throws SQLException {
    try (Holdfast gone = open()) {
      gone.start();
    }
    try (Holdfast holdfast = open()) { // no node lives whose heartbeat would write over the damage
      sql("update nodes set heartbeat_at = heartbeat_at + 3600000000");

      assertThat(holdfast.queue().maintenance().examine())
          .extracting(Finding::code)
          .containsExactly("rows-from-the-future");
    }
  }

  @Test
  @Tag("R-28")
  @Tag("R-29")
  void a_running_row_that_names_no_node_is_recovered_by_hand() throws SQLException {
    try (Holdfast holdfast = open()) {
      JobId stuck = holdfast.enqueue(NewJob.of("t", "x")).id();
      String held =
          "update jobs set state = 'RUNNING', attempt = 1, token = 1, started_at = created_at";
      sql(held);

      assertThat(
              holdfast
                  .queue()
                  .maintenance()
                  .recoverStuck(Duration.ZERO, JobFilter.all(), Action.RETRY, 10, "test"))
          .containsExactly(stuck);
      assertThat(holdfast.find(stuck).orElseThrow().state()).isEqualTo(JobState.PENDING);
    }
  }

  @Test
  void a_file_that_others_can_read_is_found() throws IOException {
    try (Holdfast holdfast = open()) {
      holdfast.enqueue(NewJob.of("t", "x"));
      Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-r--r--"));

      assertThat(holdfast.queue().maintenance().examine())
          .extracting(Finding::code)
          .containsExactly("file-mode");
      assertThat(holdfast.queue().maintenance().examine().get(0).cure())
          .isEqualTo("chmod go= '" + file() + "'");
    }
  }

  @Test
  void a_process_that_gives_durability_away_is_found() {
    try (Holdfast holdfast = Holdfast.open("jdbc:sqlite:" + file() + "?synchronous=NORMAL")) {
      assertThat(holdfast.queue().maintenance().examine())
          .extracting(Finding::code)
          .containsExactly("synchronous-normal");
      assertThat(holdfast.queue().status().problems())
          .extracting(Finding::code)
          .containsExactly("synchronous-normal");
    }
  }

  @Test
  void a_damaged_page_is_found_before_all_else() throws IOException {
    try (Holdfast holdfast = open()) {
      holdfast.queue().enqueue(Collections.nCopies(2_000, NewJob.of("t", "x".repeat(200))));
    }
    try (FileChannel channel = FileChannel.open(file(), StandardOpenOption.WRITE)) {
      long page = 4096;
      long middle = channel.size() / page / 2 * page; // behind all that describes the tables
      for (long at = middle; at < middle + 20 * page; at += page) {
        channel.write(ByteBuffer.wrap(new byte[16]), at); // the heads of twenty pages
      }
    }

    try (Holdfast holdfast = open()) {
      List<Finding> findings = holdfast.queue().maintenance().examine();

      assertThat(findings.get(0).code()).isEqualTo("file-damaged");
      assertThat(findings.get(0).gravity()).isEqualTo(Gravity.ERROR);
    }
  }

  private Holdfast open() {
    return Holdfast.open(file().toString());
  }

  private Path file() {
    return folder.resolve("jobs.db");
  }

  private void sql(String statement) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file());
        Statement all = connection.createStatement()) {
      all.executeUpdate(statement);
    }
  }
}
