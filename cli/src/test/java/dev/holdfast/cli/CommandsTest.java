package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Holdfast;
import dev.holdfast.JobState;
import dev.holdfast.NewJob;
import dev.holdfast.Outcome;
import dev.holdfast.cli.options.Person;
import dev.holdfast.cli.terminal.ExitCodes;
import dev.holdfast.error.BusyException;
import dev.holdfast.error.ConflictException;
import dev.holdfast.error.HoldfastException;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.error.NotFoundException;
import dev.holdfast.error.PermissionException;
import dev.holdfast.error.SchemaException;
import dev.holdfast.error.StaleLeaseException;
import dev.holdfast.error.StorageException;
import dev.holdfast.error.StoreUnavailableException;
import dev.holdfast.http.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

@Tag("R-43")
class CommandsTest {
  private static final String UNKNOWN_ID = "01941f29-7c00-7a3c-8f5e-2f3d8c1b6a90";

  @TempDir Path folder;
  Cli cli = new Cli(Path.of(""));

  @BeforeEach
  void nameDatabase() {
    cli = new Cli(folder);
  }

  String enqueue(String... more) {
    List<String> args = new ArrayList<>(List.of("enqueue", "--type", "exec"));
    args.addAll(List.of(more));
    Cli.Result result = cli.run(args.toArray(String[]::new));
    assertThat(result.code()).as(result.err()).isZero();
    return result.line();
  }

  String payload(String script) {
    return Json.write(Map.of("argv", List.of("sh", "-c", script)));
  }

  JsonNode show(String id) {
    return cli.run("show", id, "--json", "--events", "--logs").json();
  }

  @Nested
  class Enqueue {
    @Test
    void prints_the_id_of_a_durable_job() {
      String id =
          enqueue(
              "--payload",
              "{\"a\": [1.50, \"ü\"]}",
              "--queue",
              "q",
              "--priority",
              "7",
              "--group",
              "g",
              "--key",
              "k",
              "--max-attempts",
              "2",
              "--timeout",
              "1m30s");

      JsonNode job = show(id);
      assertThat(job.get("payload").toString()).isEqualTo("{\"a\":[1.50,\"ü\"]}");
      assertThat(job.get("queue").stringValue()).isEqualTo("q");
      assertThat(job.get("priority").intValue()).isEqualTo(7);
      assertThat(job.get("group").stringValue()).isEqualTo("g");
      assertThat(job.get("key").stringValue()).isEqualTo("k");
      assertThat(job.get("max_attempts").intValue()).isEqualTo(2);
      assertThat(job.get("timeout_seconds").doubleValue()).isEqualTo(90);
      assertThat(job.get("state").stringValue()).isEqualTo("PENDING");
    }

    @Test
    void answers_a_known_key_with_the_first_job() {
      String first = enqueue("--key", "k");

      Cli.Result second = cli.run("enqueue", "--type", "exec", "--key", "k", "--json");

      assertThat(second.json().get("id").stringValue()).isEqualTo(first);
      assertThat(second.json().get("duplicate").booleanValue()).isTrue();
    }

    @Test
    @Tag("R-42")
    void becomes_a_part_of_the_trace_in_the_environment() {
      String parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
      String id =
          cli.env("TRACEPARENT", parent)
              .env("TRACESTATE", "v=x")
              .run("enqueue", "--type", "exec")
              .line();

      JsonNode metadata = show(id).get("metadata");
      assertThat(metadata.get("traceparent").asString()).isEqualTo(parent);
      assertThat(metadata.get("tracestate").asString()).isEqualTo("v=x");
      String outside = cli.env("TRACEPARENT", "none").run("enqueue", "--type", "exec").line();
      assertThat(show(outside).get("metadata").isNull()).isTrue();
    }

    @Test
    void is_replaced_before_it_starts() {
      String id = enqueue("--payload", "1");

      Cli.Result done =
          cli.run("replace", id, "--payload", "[2]", "--priority", "7", "--delay", "1h");

      assertThat(done.out()).isEqualTo("replaced 1 job\n");
      assertThat(show(id).get("payload").toString()).isEqualTo("[2]");
      assertThat(show(id).get("priority").intValue()).isEqualTo(7);
      assertThat(show(id).get("state").stringValue()).isEqualTo("SCHEDULED");
      cli.run("cancel", id);
      Cli.Result late = cli.run("replace", id, "--at", "2030-01-31T10:00:00Z");
      assertThat(late.code()).isEqualTo(4);
      assertThat(late.err()).contains("is CANCELLED");
      assertThat(cli.run("replace", id, "--at", "noon").code()).isEqualTo(2);
      assertThat(cli.run("replace", id).code()).isEqualTo(2);
    }

    @Test
    void keeps_a_job_back_until_a_signal() {
      String id = enqueue("--until-signal", "approval", "--signal-timeout", "1h");
      assertThat(show(id).get("state").stringValue()).isEqualTo("BLOCKED");
      assertThat(cli.run("explain", id).out()).contains("holdfast signal " + id + " approval");

      assertThat(cli.run("signal", id, "approval", "--payload", "[1]").out()).isEqualTo("sent\n");

      assertThat(show(id).get("state").stringValue()).isEqualTo("PENDING");
      assertThat(cli.run("signal", id, "approval").out()).contains("already");
      cli.run("cancel", id);
      assertThat(cli.run("signal", id, "other").code()).isEqualTo(4);
    }

    @Test
    void keeps_a_job_back_until_others_have_ended() {
      String first = enqueue();
      String second = enqueue();

      String last = enqueue("--after", first + "," + second, "--if-failed", "run");

      assertThat(show(last).get("state").stringValue()).isEqualTo("BLOCKED");
      assertThat(show(last).get("predecessors").toString())
          .contains(first, second, "\"if_failed\":\"RUN\"");
      assertThat(show(first).get("dependents").toString()).isEqualTo("[\"" + last + "\"]");
      assertThat(cli.run("show", last).out()).containsPattern("waits for +" + first);
      assertThat(cli.run("explain", last).out()).contains("holdfast explain " + first);
    }

    @Test
    void delays() {
      assertThat(show(enqueue("--delay", "1h")).get("state").stringValue()).isEqualTo("SCHEDULED");
    }

    @Test
    void reads_a_payload_from_a_file_or_its_input() throws IOException {
      Path file = Files.writeString(folder.resolve("payload.json"), "[1]");

      assertThat(show(enqueue("--payload", "@" + file)).get("payload").toString()).isEqualTo("[1]");
      cli.input("[2]");
      assertThat(show(enqueue("--payload", "@-")).get("payload").toString()).isEqualTo("[2]");
    }

    @Test
    void takes_a_batch_whose_lines_differ_from_the_options() throws IOException {
      Path file =
          Files.writeString(
              folder.resolve("jobs.jsonl"),
              """
              {"payload": 1}
              {"payload": 2, "type": "b", "queue": "other", "priority": 3, "delay": "1h",
              """
                      .strip()
                  + " \"key\": \"k\", \"max_attempts\": 9}\n\n{}\n");

      Cli.Result result =
          cli.run("enqueue", "--type", "a", "--queue", "q", "--batch", file.toString());

      assertThat(result.lines()).hasSize(3);
      assertThat(show(result.lines().get(0)).get("queue").stringValue()).isEqualTo("q");
      JsonNode second = show(result.lines().get(1));
      assertThat(second.get("type").stringValue()).isEqualTo("b");
      assertThat(second.get("queue").stringValue()).isEqualTo("other");
      assertThat(second.get("state").stringValue()).isEqualTo("SCHEDULED");
      assertThat(second.get("max_attempts").intValue()).isEqualTo(9);
      assertThat(show(result.lines().get(2)).get("payload").isNull()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "[]",
          "{",
          "{\"typo\": 1}",
          "{\"priority\": \"high\"}",
          "{\"delay\": \"soon\"}",
          "{\"queue\": 5}",
          "{\"queue\": \"\"}"
        })
    void enqueues_nothing_of_a_batch_with_a_mistake(String line) throws IOException {
      Path file = Files.writeString(folder.resolve("jobs.jsonl"), "{}\n" + line + "\n");

      Cli.Result result = cli.run("enqueue", "--type", "a", "--batch", file.toString());

      assertThat(result.code()).isEqualTo(ExitCodes.USAGE);
      assertThat(result.err())
          .startsWith("holdfast: line 2 is not a valid job: ")
          .endsWith("; nothing was enqueued\n")
          .hasLineCount(1);
      assertThat(cli.run("list").out()).isEmpty();
    }

    @Test
    void waits_for_the_end() {
      try (Holdfast holdfast = cli.open()) {
        holdfast.handle("good", Object.class, (payload, job) -> "fine");
        holdfast.handle("bad", Object.class, (payload, job) -> Outcome.notRetryable("no"));
        holdfast.start();

        Cli.Result good = cli.run("enqueue", "--type", "good", "--wait", "--json");
        Cli.Result bad = cli.run("enqueue", "--type", "bad", "--wait");

        assertThat(good.code()).isZero();
        assertThat(good.json().get("result").stringValue()).isEqualTo("fine");
        assertThat(bad.code()).isEqualTo(ExitCodes.FAILED);
        assertThat(bad.err()).isEqualTo("holdfast: job %s is FAILED: no\n".formatted(bad.line()));
      }
    }
  }

  @Nested
  class Work {
    @Test
    @Tag("R-24")
    void runs_commands_until_there_are_no_more() throws IOException {
      String good = enqueue("--payload", payload("echo out; echo err >&2"));
      String bad = enqueue("--payload", payload("exit 3"), "--max-attempts", "1");
      String other = enqueue("--queue", "other");

      Cli.Result result = cli.run("work", "--queues", "default", "--until-empty", "-j", "2");

      assertThat(result.code()).isEqualTo(ExitCodes.FAILED);
      assertThat(result.err()).isEqualTo("holdfast: completed 1, failed 1\n");
      assertThat(show(good).get("result").toString())
          .isEqualTo(
              "{\"exit_code\":0,\"stdout\":\"out\\n\",\"stderr\":\"err\\n\",\"truncated\":false}");
      assertThat(show(bad).get("failure").get("message").stringValue()).isEqualTo("exit code 3");
      assertThat(show(other).get("state").stringValue()).isEqualTo("PENDING");
      assertThat(folder.resolve("jobs.db-holdfast/spool")).isEmptyDirectory();
    }

    @Test
    @Tag("R-24")
    void runs_what_was_allowed_and_nothing_else_also_on_a_file() {
      String allowed = enqueue("--payload", "{\"argv\": [\"true\"]}");
      String other = enqueue("--payload", payload("exit 0"));

      Cli.Result result = cli.run("work", "--until-empty", "--allow-exec", "true");

      assertThat(result.err()).isEqualTo("holdfast: completed 1, failed 1\n");
      assertThat(show(allowed).get("state").stringValue()).isEqualTo("COMPLETED");
      assertThat(show(other).get("failure").get("message").stringValue())
          .isEqualTo(
              "the program 'sh' may not run on this node: its operator can allow it with"
                  + " --allow-exec");
    }

    @Test
    @Tag("R-24")
    void runs_no_command_on_a_file_whose_configuration_names_none() throws IOException {
      String id = enqueue("--payload", payload("exit 0"));
      Path file = Files.writeString(folder.resolve("none.yaml"), "worker:\n  allow_exec: []\n");

      Cli.Result result = cli.run("work", "--until-empty", "--config", file.toString());

      assertThat(result.err()).isEqualTo("holdfast: completed 0, failed 0\n");
      assertThat(show(id).get("state").stringValue()).isEqualTo("PENDING");
    }

    @Test
    void leaves_other_types_alone() {
      cli.run("enqueue", "--type", "foreign");

      assertThat(cli.run("work", "--until-empty").code()).isZero();
      assertThat(cli.run("list", "--state", "PENDING").lines()).hasSize(2);
    }

    @Test
    void retries_before_it_is_done() {
      String id =
          enqueue(
              "--payload",
              payload("test -e %1$s || { touch %1$s; exit 1; }".formatted(folder.resolve("mark"))));

      assertThat(cli.run("work", "--until-empty").code()).isZero();
      assertThat(show(id).get("attempt").intValue()).isEqualTo(2);
    }

    @Test
    void fails_a_program_that_cannot_be_started_for_good() {
      String id = enqueue("--payload", "{\"argv\": [\"no-such-program\"]}");

      assertThat(cli.run("work", "--until-empty").code()).isEqualTo(ExitCodes.FAILED);
      JsonNode failure = show(id).get("failure");
      assertThat(failure.get("kind").stringValue()).isEqualTo("NOT_RETRYABLE");
      assertThat(failure.get("message").stringValue()).startsWith("cannot start 'no-such-program'");
    }

    @Test
    @Tag("R-19")
    void ends_a_command_that_exceeds_its_timeout() {
      String id =
          enqueue(
              "--payload",
              payload("sleep 1000 & wait"),
              "--timeout",
              "100ms",
              "--max-attempts",
              "1");

      assertThat(cli.run("work", "--until-empty").code()).isEqualTo(ExitCodes.FAILED);
      assertThat(show(id).get("failure").get("kind").stringValue()).isEqualTo("TIMEOUT");
    }
  }

  @Nested
  class Looking {
    @Test
    void lists_the_newest_first_and_no_more_than_asked() {
      String first = enqueue("--queue", "a");
      String second = enqueue("--queue", "b", "--priority", "-2");

      assertThat(cli.run("list").lines().get(1)).startsWith(second);
      assertThat(cli.run("list", "--limit", "1").lines()).hasSize(2);
      assertThat(cli.run("list", "--queue", "a", "--json").json().get("id").stringValue())
          .isEqualTo(first);
      assertThat(cli.run("list", "--state", "completed").out()).isEmpty();
      assertThat(cli.run("list", "--status", "FAILED,PENDING").lines()).hasSize(3);
    }

    @Test
    void finds_jobs_by_what_they_have() {
      String wanted =
          enqueue(
              "--tag",
              "vip",
              "--tag",
              "日本",
              "--metadata",
              "{\"region\": \"eu\"}",
              "--payload",
              "{\"customer\": {\"id\": 42}}",
              "--key",
              "k");
      enqueue("--tag", "vip", "--queue", "b");

      for (List<String> options :
          List.of(
              List.of("--tag", "vip", "--tag", "日本"),
              List.of("--any-tag", "none", "--any-tag", "日本"),
              List.of("--where", "payload.customer.id=42", "--where", "metadata.region=eu"),
              List.of("--key", "k", "--since", "1h", "--attempts", "0"),
              List.of("--not-queue", "b", "--not-state", "RUNNING,FAILED"))) {
        List<String> command = new ArrayList<>(List.of("list", "--columns", "id"));
        command.addAll(options);
        assertThat(cli.run(command.toArray(String[]::new)).lines())
            .as(options.toString())
            .containsExactly("ID", wanted);
      }
      assertThat(cli.run("list", "--until", "1h").out()).isEmpty();
      assertThat(cli.run("delete", "--where", "payload.customer.id=42").out())
          .isEqualTo("deleted 1 job\n");
    }

    @Test
    void aligns_columns_whatever_the_width_of_their_characters() {
      enqueue("--tag", "日本", "--queue", "b");
      enqueue("--tag", "abcd", "--queue", "b");

      List<String> lines = cli.run("list", "--columns", "tags,queue").lines();

      assertThat(lines).containsExactly("TAGS  QUEUE", "abcd  b", "日本  b");
    }

    @Test
    void prints_one_JSON_object_a_line_with_all_fields() {
      enqueue();

      JsonNode job = cli.run("list", "--json").json();

      assertThat(job.propertyNames())
          .contains(
              "id",
              "queue",
              "type",
              "state",
              "priority",
              "attempt",
              "max_attempts",
              "progress",
              "group",
              "payload",
              "result",
              "failure",
              "node",
              "worker",
              "process_id",
              "created_at",
              "run_at",
              "started_at",
              "finished_at");
    }

    @Test
    void pages_through_more_jobs_than_a_page_has() throws IOException {
      Path file = Files.writeString(folder.resolve("jobs.jsonl"), "{}\n".repeat(501));
      cli.run("enqueue", "--type", "a", "--batch", file.toString());

      assertThat(cli.run("list", "--limit", "1000", "--json").lines())
          .hasSize(501)
          .doesNotHaveDuplicates();
    }

    @Test
    void shows_a_job_with_its_events_and_log() {
      String id;
      try (Holdfast holdfast = cli.open()) {
        holdfast.handle(
            "talk",
            Object.class,
            (payload, job) -> {
              job.progress(50, "half");
              job.log("hello");
              return List.of(1);
            });
        holdfast.start();
        id = cli.run("enqueue", "--type", "talk", "--wait").line();
      }

      JsonNode job = show(id);
      assertThat(job.get("progress").intValue()).isEqualTo(50);
      assertThat(job.get("progress_message").stringValue()).isEqualTo("half");
      assertThat(job.get("result").toString()).isEqualTo("[1]");
      assertThat(job.get("process_id").longValue()).isEqualTo(ProcessHandle.current().pid());
      assertThat(job.get("events").get(0).get("to").stringValue()).isEqualTo("PENDING");
      assertThat(job.get("logs").get(0).get("message").stringValue()).isEqualTo("hello");
      assertThat(cli.run("show", id, "--events", "--logs").out())
          .contains("state           COMPLETED\n", "attempt 1: hello\n", "RUNNING → COMPLETED");
      assertThat(cli.run("logs", id).lines()).hasSize(1);
      assertThat(cli.run("logs", "--level", "error").out()).isEmpty();
    }

    @Test
    void replaces_control_characters() {
      String id = enqueue("--payload", "\"\\u001b[31m \u202e\"");
      try (Holdfast holdfast = cli.open()) {
        holdfast.enqueue(NewJob.of("evil\u202e", null).group("\u200fg"));
      }

      for (Cli.Result result : List.of(cli.run("list"), cli.run("show", id), cli.run("status"))) {
        assertThat(result.out()).doesNotContain("\u001b", "\u202e", "\u200f");
      }
    }

    @Test
    void shows_the_status_in_one_JSON_document() {
      enqueue();

      JsonNode status = cli.run("status", "--json").json();

      assertThat(status.propertyNames())
          .contains(
              "status_counts",
              "stuck_jobs",
              "orphaned_jobs",
              "oldest_pending_job",
              "newest_job",
              "active_jobs",
              "current_process_id",
              "database",
              "nodes");
      assertThat(status.get("status_counts").get("PENDING").intValue()).isEqualTo(1);
      assertThat(status.get("status_counts").size()).isEqualTo(JobState.values().length);
      assertThat(cli.run("status").out()).containsPattern("PENDING +1\n");
    }
  }

  @Nested
  class Changing_jobs {
    @Test
    void cancels_retries_and_deletes_by_id() {
      String id = enqueue();

      assertThat(cli.run("cancel", id).out()).isEqualTo("cancelled 1 job\n");
      assertThat(show(id).get("state").stringValue()).isEqualTo("CANCELLED");
      assertThat(cli.run("retry", id).out()).isEqualTo("retried 1 job\n");
      assertThat(show(id).get("state").stringValue()).isEqualTo("PENDING");
      assertThat(cli.run("delete", id, "--json").out())
          .isEqualTo("{\"count\":1,\"job_ids\":[\"%s\"]}\n".formatted(id));
      assertThat(cli.run("show", id).code()).isEqualTo(ExitCodes.NOT_FOUND);
    }

    @Test
    @Tag("R-13")
    void counts_what_is_cancelled_with_them_and_says_by_whom() {
      String first = enqueue();
      String second = enqueue("--after", first);
      String third = enqueue("--after", second);

      Cli.Result cancelled = cli.run("cancel", first);

      assertThat(cancelled.out()).isEqualTo("cancelled 1 job, and cancelled 2 dependents\n");
      assertThat(show(first).get("events").toString())
          .contains("\"by\":\"%s\"".formatted(Person.name()));
      assertThat(cli.run("explain", first).out()).contains(" by " + Person.name());
      assertThat(cli.run("explain", third).out())
          .contains("job %s, which it waited for, was cancelled".formatted(second));
      assertThat(cli.run("cancel", enqueue(), "--json").out()).doesNotContain("dependents");
      String other = enqueue();
      enqueue("--after", other);
      assertThat(cli.run("cancel", other, "--json").json().get("dependents").intValue())
          .isEqualTo(1);
    }

    @Test
    void takes_all_that_match_page_by_page() throws IOException {
      Path file = Files.writeString(folder.resolve("jobs.jsonl"), "{}\n".repeat(450));
      cli.run("enqueue", "--type", "a", "--batch", file.toString());
      enqueue("--queue", "other");

      assertThat(cli.run("cancel", "--queue", "default").out()).isEqualTo("cancelled 450 jobs\n");
      assertThat(cli.run("retry", "--all").out())
          .as("cancelled ones on demand only")
          .isEqualTo("retried 0 jobs\n");
      assertThat(cli.run("retry", "--state", "cancelled").out()).isEqualTo("retried 450 jobs\n");
      assertThat(cli.run("delete", "--type", "a").out()).isEqualTo("deleted 450 jobs\n");
      assertThat(cli.run("list").lines()).hasSize(2);
    }

    @Test
    void applies_where_possible_and_reports_the_rest() {
      String pending = enqueue();
      String cancelled = enqueue();
      cli.run("cancel", cancelled);

      Cli.Result result = cli.run("cancel", pending, cancelled);

      assertThat(result.code()).isEqualTo(ExitCodes.CONFLICT);
      assertThat(result.out()).isEqualTo("cancelled 1 job\n");
      assertThat(result.err())
          .isEqualTo(
              "holdfast: job %s is CANCELLED: only a job that has not finished can be cancelled\n"
                  .formatted(cancelled));
    }

    @Test
    void does_not_guess_which_jobs_are_meant() {
      enqueue();

      for (String command : List.of("cancel", "retry", "delete")) {
        for (String[] args : new String[][] {{command}, {command, UNKNOWN_ID, "--all"}}) {
          Cli.Result result = cli.run(args);
          assertThat(result.code()).isEqualTo(ExitCodes.USAGE);
          assertThat(result.err()).startsWith("holdfast: specify job ids, or select jobs");
        }
      }
    }
  }

  @Nested
  class Mistakes {
    void expect(int code, String message, String... args) {
      Cli.Result result = cli.run(args);

      assertThat(result.err()).startsWith("holdfast: ").contains(message).hasLineCount(1);
      assertThat(result.code()).isEqualTo(code);
      assertThat(result.out()).isEmpty();
    }

    @Test
    void reports_all_mistakes_of_a_search_by_the_names_of_its_options() {
      expect(
          2,
          "--since is 'soon', expected a time such as 2026-03-01T02:00:00Z, or an age such as 2h;"
              + " --waited is 'x', expected",
          "list",
          "--since",
          "soon",
          "--waited",
          "x");
      expect(2, "select that state alone", "list", "--sort", "run_at");
    }

    @Test
    void in_usage_exit_with_2() {
      expect(2, "no command given (see holdfast --help)");
      expect(2, "Unmatched argument at index 0: 'lst'; did you mean list or status", "lst");
      expect(2, "Unknown options: '--limt', '3'; did you mean --limit?", "list", "--limt", "3");
      expect(2, "(see holdfast list --help)", "list", "--limit", "many");
      expect(2, "--limit must be at least 1, was 0", "list", "--limit", "0");
      expect(2, "job id '7' is malformed: expected a UUID such as", "show", "7");
      expect(2, "Missing required parameter: 'ID'", "show");
      expect(2, "the job has no type: specify one with --type", "enqueue");
      expect(2, "the payload is no JSON: ", "enqueue", "--type", "a", "--payload", "{");
      expect(2, "the payload is no JSON: ", "enqueue", "--type", "a", "--payload", "1 2");
      expect(2, "the payload is empty", "enqueue", "--type", "a", "--payload", "");
      expect(2, "the file '/none' cannot be read", "enqueue", "--type", "a", "--payload", "@/none");
      expect(
          2,
          "'soon' is not a duration: expected numbers with ms, s, m, h or d",
          "enqueue",
          "--type",
          "a",
          "--delay",
          "soon");
      expect(2, "type must have 1 to 200 characters", "enqueue", "--type", "");
      expect(
          2,
          "max attempts must be 1 to 1000, was 0",
          "enqueue",
          "--type",
          "a",
          "--max-attempts",
          "0");
      expect(
          2,
          "--jobs: worker.concurrency is '0': expected a whole number from 1 to 10000, or auto",
          "work",
          "-j",
          "0");
      expect(
          2,
          "--grace: worker.grace is '2d': expected a duration from 0s to 1d",
          "work",
          "--grace",
          "2d");
      expect(2, "Missing required parameter: 'COMMAND'", "each", "--");
      expect(2, "invalid run name '../x'", "each", "--name", "../x", "true");
      expect(2, "retries must be 0 to 999, was -1", "each", "--retries", "-1", "true");
      expect(
          2,
          "Invalid value for option '--status' (STATE): expected one of",
          "list",
          "--state",
          "DONE");
    }

    @Test
    void about_missing_things_exit_with_3_and_create_nothing() throws IOException {
      expect(3, "there is no database '%s': ".formatted(cli.db()), "status");
      for (String command : List.of("list", "logs", "status")) {
        assertThat(cli.run(command).code()).isEqualTo(ExitCodes.NOT_FOUND);
      }
      for (String command : List.of("show", "cancel", "retry", "delete")) {
        assertThat(cli.run(command, UNKNOWN_ID).code()).isEqualTo(ExitCodes.NOT_FOUND);
      }
      assertThat(folder).isEmptyDirectory();

      enqueue();
      expect(3, "there is no job " + UNKNOWN_ID, "show", UNKNOWN_ID);
      expect(3, "there is no job " + UNKNOWN_ID, "logs", UNKNOWN_ID);
    }

    @Test
    void in_files_exit_with_74() throws IOException {
      Path text =
          Files.writeString(folder.resolve("text"), "This is not a database at all.".repeat(200));

      expect(74, "", "list", "-d", text.toString());
      expect(74, "", "enqueue", "--type", "a", "-d", folder.resolve("none/jobs.db").toString());
    }

    @Test
    void in_databases_of_unknown_kind_exit_with_2() {
      expect(2, "no store for 'jdbc:none:x'", "list", "-d", "jdbc:none:x");
    }

    @ParameterizedTest
    @EnumSource(HoldfastException.Code.class)
    void each_code_of_an_exception_has_an_exit_code(HoldfastException.Code code) {
      HoldfastException failure =
          switch (code) {
            case BUSY -> new BusyException("");
            case CONFLICT -> new ConflictException("");
            case INVALID -> new InvalidRequestException("");
            case NOT_FOUND -> new NotFoundException("");
            case PERMISSION -> new PermissionException("");
            case SCHEMA -> new SchemaException("");
            case STALE_LEASE -> new StaleLeaseException("");
            case STORAGE -> new StorageException("");
            case UNAVAILABLE -> new StoreUnavailableException("");
          };
      int expected =
          switch (code) {
            case BUSY -> 75;
            case CONFLICT, STALE_LEASE -> 4;
            case INVALID -> 2;
            case NOT_FOUND -> 3;
            case PERMISSION -> 77;
            case SCHEMA, STORAGE -> 74;
            case UNAVAILABLE -> 69;
          };

      assertThat(ExitCodes.of(failure)).isEqualTo(expected);
    }
  }

  @Nested
  class The_database {
    @Test
    void is_named_before_or_after_the_command() {
      String other = folder.resolve("other.db").toString();

      assertThat(cli.run("-d", other, "enqueue", "--type", "a").code()).isZero();
      assertThat(cli.run("list", "--db", other).lines()).hasSize(2);
      assertThat(cli.run("list", "--db=" + other).lines()).hasSize(2);
      assertThat(cli.db()).doesNotExist();
    }

    @Test
    void is_in_the_private_data_folder_by_default() throws IOException {
      cli.env("HOLDFAST_DB", null).env("XDG_DATA_HOME", folder.resolve("data").toString());

      assertThat(cli.run("list").code()).isEqualTo(ExitCodes.NOT_FOUND);
      assertThat(folder.resolve("data")).doesNotExist();
      enqueue();

      Path home = folder.resolve("data/holdfast");
      assertThat(home.resolve("holdfast.db")).exists();
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home)))
          .isEqualTo("rwx------");
    }

    @Test
    void is_in_the_home_folder_otherwise() {
      cli.env("HOLDFAST_DB", "").env("HOME", folder.toString());
      enqueue();

      assertThat(folder.resolve(".local/share/holdfast/holdfast.db")).exists();
    }
  }

  @Test
  void help_and_version_are_data() {
    assertThat(cli.run("--help").out())
        .startsWith("Usage: holdfast")
        .contains("  each ")
        .containsPattern("75 +in use by another process");
    assertThat(cli.run("each", "--help").out()).startsWith("Runs a command for each line");
    assertThat(cli.run("--version").out()).startsWith("holdfast ");
  }
}
