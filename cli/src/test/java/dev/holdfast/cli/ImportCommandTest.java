package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Holdfast;
import dev.holdfast.JobState;
import dev.holdfast.Limits;
import dev.holdfast.NewJob;
import dev.holdfast.cli.terminal.ExitCodes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

@Tag("R-55")
class ImportCommandTest {
  private static final int LOG_LINES = 25_000;

  @TempDir Path folder;
  Cli cli = new Cli(Path.of(""));

  @BeforeEach
  void nameDatabase() {
    cli = new Cli(folder);
  }

  private Path file() {
    return folder.resolve("out.jsonl");
  }

  private Path copy() {
    return folder.resolve("copy.db");
  }

  private Cli.Result importCopy(String... options) {
    List<String> arguments = new ArrayList<>(List.of("import", file().toString()));
    arguments.addAll(List.of("-d", copy().toString()));
    arguments.addAll(List.of(options));
    return cli.run(arguments.toArray(String[]::new));
  }

  /** Jobs in every state, with all that can belong to one. */
  private void fill() throws Exception {
    try (Holdfast holdfast = cli.open()) {
      holdfast.enqueue(
          List.of(
              NewJob.of("t", "x".repeat(Limits.PAYLOAD_BYTES_MAX - 2)),
              NewJob.of("t", Map.of("ü€😀", List.of(1.50, "\u0000\u2028\n\"\\"))).unique("k"),
              NewJob.of("t", 1)
                  .unique("ключ '\"")
                  .group("tenant")
                  .tags("a", "b\\\"")
                  .metadata(Map.of("m", 1.10))
                  .requires(Map.of("gpu", true))
                  .priority(-7)
                  .timeout(Duration.ofNanos(1_234_567_000))
                  .createdBy("ada"),
              NewJob.of("t", 2).in(Duration.ofDays(36_000)),
              NewJob.of("t", 3),
              NewJob.of("t", 4),
              NewJob.of("t", 5),
              NewJob.of("t", 6),
              NewJob.of("gone", 7).unique("of a job that is gone")));
    }
    Tables tables = new Tables(cli.db());
    List<JobState> states =
        List.of(
            JobState.PENDING,
            JobState.COMPLETED,
            JobState.FAILED,
            JobState.SCHEDULED,
            JobState.INTERRUPTED,
            JobState.CANCELLED,
            JobState.BLOCKED,
            JobState.PENDING);
    for (int i = 0; i < states.size(); i++) {
      tables.change(
          "update jobs set state = '%s', token = %d, attempt = 1, updated_at = updated_at + %d where number = %d"
              .formatted(states.get(i), i + 3, i, i + 1));
    }
    tables.change(
        "insert into nodes (id, name, host, process_id, start_ticks, boot_id, pid_namespace,"
            + " version, phase, started_at, heartbeat_at, heartbeats, lease_until, ended_at)"
            + " values (x'00112233445566778899aabbccddeeff', 'w', 'far', 42, 1, 'b', 'p', 'v',"
            + " 'quiet', 1, 2, 3, 4, 5)",
        "update jobs set node = x'00112233445566778899aabbccddeeff', started_at = 10,"
            + " finished_at = 20, interrupted_at = 30, crashes = 2, payload_version = 9,"
            + " rank = 12345678901, result = '{\"a\": 1e5,\"a\":2}' where number = 2",
        "update jobs set node = x'ff112233445566778899aabbccddeeff', failure_kind = 'TIMEOUT',"
            + " failure_message = 'late ü', failure_trace = '', result = 'null' where number = 3",
        "update job_payloads set payload = '{ \"spaces\" :\n [1.0, \"\\u00fc\"]}' where number = 4",
        "update job_payloads set payload = 'this is no JSON' where number = 5",
        "update job_payloads set payload = '%s1%s' where number = 6"
            .formatted("[".repeat(450), "]".repeat(450)),
        "insert into job_progress select id, 55, 'half', 77 from jobs where number = 2",
        "insert into job_checkpoints select id, 'ü', '[ 1 ]', 1, 5 from jobs where number < 4",
        "insert into job_checkpoints select id, 'b', '\"%s\"', 2, 4 from jobs where number < 4"
            .formatted("y".repeat(900_000)),
        "insert into job_events (job_id, at, from_state, to_state, by_whom, why, attempt, node,"
            + " run_at, started_at, finished_at, failure_kind, failure_message, failure_trace)"
            + " select id, 1, 'RUNNING', 'SCHEDULED', 'w', 'retry', 1, node, 2, 3, 4, 'ERROR',"
            + " 'boom', 'at x' from jobs where number < 4",
        "insert into job_events (job_id, at, from_state, to_state, by_whom, why, attempt, run_at)"
            + " select id, 5, 'PENDING', 'CANCELLED', '', '', 0, 2 from jobs where number < 3",
        """
        with recursive line(n) as (select 1 union all select n + 1 from line where n < %d)
        insert into job_logs (job_id, attempt, at, level, message, details)
        select (select id from jobs where number = 2), n %% 7, n, 20, 'line ' || n,
               case n %% 3 when 0 then null when 1 then '{"n":1}' else '{ "n": 1.0 }' end
          from line
        """
            .formatted(LOG_LINES),
        "insert into job_logs (job_id, attempt, at, level, message)"
            + " select id, 1, 9, 40, 'ü\n' from jobs where number = 3",
        "delete from job_payloads where number = 9",
        "delete from jobs where number = 9");
  }

  @Test
  void brings_back_every_row_of_every_table() throws Exception {
    fill();

    assertThat(cli.run("export", file().toString()).err()).isEqualTo("holdfast: exported 8 jobs\n");
    Cli.Result result = importCopy();

    assertThat(result.err()).isEqualTo("holdfast: imported 8 jobs\n");
    assertThat(result.code()).isZero();
    Map<String, List<String>> original = new Tables(cli.db()).contents();
    Map<String, List<String>> copied = new Tables(copy()).contents();
    assertThat(original.get("job_logs")).hasSize(LOG_LINES + 1);
    assertThat(original.get("idempotency_keys")).hasSize(3);
    assertThat(original.values()).noneMatch(List::isEmpty);
    original.forEach((table, rows) -> assertThat(copied.get(table)).as(table).isEqualTo(rows));
    assertThat(cli.run("show", id(), "--json").out())
        .isEqualTo(cli.run("show", id(), "--json", "-d", copy().toString()).out());
  }

  private String id() {
    return cli.run("list", "--state", "COMPLETED", "--json").json().get("id").stringValue();
  }

  @Test
  void is_the_same_export_again() throws Exception {
    fill();
    cli.run("export", file().toString());
    importCopy();

    assertThat(cli.run("export", "-", "-d", copy().toString()).out())
        .isEqualTo(Files.readString(file()));
  }

  @Test
  void gives_back_what_was_running() throws Exception {
    cli.run("enqueue", "--type", "t");
    new Tables(cli.db())
        .change(
            "update jobs set state = 'RUNNING', token = 4, attempt = 2, started_at = 5, node ="
                + " x'00112233445566778899aabbccddeeff'");
    cli.run("export", file().toString());

    importCopy();

    JsonNode job = cli.run("list", "--json", "-d", copy().toString()).json();
    assertThat(job.get("state").stringValue()).isEqualTo("PENDING");
    assertThat(job.get("token").longValue()).isEqualTo(5);
    assertThat(job.get("attempt").intValue()).isEqualTo(1);
    assertThat(
            cli.run("show", job.get("id").stringValue(), "--events", "-d", copy().toString()).out())
        .contains("it ran when it was exported");
  }

  @Nested
  class Into_a_queue_that_has_jobs {
    @Test
    void nothing_goes_unasked() {
      cli.run("enqueue", "--type", "t");
      cli.run("export", file().toString());

      Cli.Result refused = cli.run("import", file().toString());

      assertThat(refused.code()).isEqualTo(ExitCodes.CONFLICT);
      assertThat(refused.err())
          .isEqualTo(
              "holdfast: the queue has jobs: name an empty one with -d, or add to it with --merge\n");
    }

    @Test
    void go_those_that_are_not_there() throws Exception {
      fill();
      cli.run("export", file().toString());
      cli.run("enqueue", "--type", "other");
      cli.run("delete", id());

      Cli.Result result = cli.run("import", file().toString(), "--merge");

      assertThat(result.err()).isEqualTo("holdfast: imported 1 job, 7 were there already\n");
      Map<String, List<String>> contents = new Tables(cli.db()).contents();
      assertThat(contents.get("jobs and payloads")).hasSize(9);
      assertThat(contents.get("job_logs")).hasSize(LOG_LINES + 1);
      String again = cli.run("import", file().toString(), "--merge").err();
      assertThat(again).isEqualTo("holdfast: imported 0 jobs, 8 were there already\n");
    }
  }

  @Nested
  class A_file_with_a_mistake {
    private void refused(List<String> lines, String message) throws Exception {
      Files.write(file(), lines);

      Cli.Result result = importCopy();

      assertThat(result.err())
          .isEqualTo("holdfast: '%s': %s; nothing was imported\n".formatted(file(), message));
      assertThat(result.code()).isEqualTo(ExitCodes.USAGE);
      assertThat(copy()).doesNotExist();
    }

    @Test
    void is_refused_as_a_whole_with_the_number_of_the_line() throws Exception {
      cli.run("enqueue", "--type", "t");
      cli.run("enqueue", "--type", "t");
      cli.run("export", file().toString());
      List<String> lines = Files.readAllLines(file());
      String head = lines.get(0);
      String one = lines.get(1);
      String two = lines.get(2);
      String end = lines.get(3);

      refused(List.of(), "line 1 is missing: the file is empty");
      refused(List.of(head, one, two), "line 4 is missing: the file was cut off");
      refused(List.of(head, one, end), "line 3 counts 2 jobs and 0 keys, but there were 1 and 0");
      refused(List.of(head, two, one, end), "line 3 holds a job whose id does not ascend");
      refused(
          List.of(one),
          "line 1 is not the first line of an export: expected {\"holdfast_export\": …");
      refused(
          List.of("{\"holdfast_export\":2}"),
          "line 1 names format 2, this Holdfast reads 1: import with the version that wrote the file, or a newer one");
      refused(List.of(head, "[]"), "line 2 is no JSON object");
      refused(List.of(head, "{\"a\":1}"), "line 2 is none of an export");
      refused(
          List.of(head, one.replace("\"PENDING\"", "\"ODD\"")),
          "line 2 field 'state' is \"ODD\", expected one of [SCHEDULED, BLOCKED, PENDING, RUNNING, COMPLETED, FAILED, INTERRUPTED, CANCELLED]");
      refused(
          List.of(head, one.replace("\"token\":0", "\"token\":\"x\"")),
          "line 2 field 'token' is \"x\", expected a whole number");
      refused(List.of(head, one.replace("\"rank\":0,", "")), "line 2 has no field 'rank'");
    }

    @Test
    void from_standard_input_tells_what_was_imported_before_it() throws Exception {
      cli.run("enqueue", "--type", "t");
      List<String> lines = cli.run("export", "-").lines();

      Cli.Result result =
          cli.input(lines.get(0) + "\n" + lines.get(1) + "\n")
              .run("import", "-", "-d", copy().toString());

      assertThat(result.code()).isEqualTo(ExitCodes.USAGE);
      assertThat(result.err())
          .isEqualTo(
              "holdfast: line 3 is missing: the file was cut off; 0 jobs before it were imported:"
                  + " correct it, and go on with --merge\n");
    }

    @Test
    void that_is_none_is_told_of() {
      Cli.Result result = importCopy();

      assertThat(result.code()).isEqualTo(ExitCodes.NOT_FOUND);
      assertThat(result.err()).isEqualTo("holdfast: there is no file '%s'\n".formatted(file()));
    }
  }
}
