package dev.holdfast.cli.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.Cli;
import dev.holdfast.cli.FullQueue;
import dev.holdfast.cli.Tables;
import dev.holdfast.cli.terminal.ExitCodes;
import java.nio.file.Files;
import java.nio.file.Path;
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

  @Test
  void brings_back_every_row_of_every_table() throws Exception {
    FullQueue.fill(cli);

    assertThat(cli.run("export", file().toString()).err()).isEqualTo("holdfast: exported 8 jobs\n");
    Cli.Result result = importCopy();

    assertThat(result.err()).isEqualTo("holdfast: imported 8 jobs\n");
    assertThat(result.code()).isZero();
    Map<String, List<String>> original = new Tables(cli.db()).contents();
    Map<String, List<String>> copied = new Tables(copy()).contents();
    assertThat(original.get("job_logs")).hasSize(FullQueue.LOG_LINES + 1);
    assertThat(original.get("idempotency_keys")).hasSize(3);
    assertThat(original.values()).noneMatch(List::isEmpty);
    original.forEach((table, rows) -> assertThat(copied.get(table)).as(table).isEqualTo(rows));
    assertThat(cli.run("show", id(), "--json").out())
        .isEqualTo(cli.run("show", id(), "--json", "-d", copy().toString()).out());
  }

  @Test
  @Tag("R-44")
  void leaves_no_queue_open_to_callers_whom_the_exported_one_refused() throws Exception {
    cli.run("enqueue", "--type", "t");
    cli.run("token", "create", "ops", "--role", "admin");
    Cli.Result exported = cli.run("export", file().toString());
    String header = Files.readAllLines(file()).get(0);

    Cli.Result refused = importCopy();
    Cli.Result streamed =
        cli.input(Files.readString(file())).run("import", "-", "-d", copy().toString());

    assertThat(exported.err()).contains("not in the export: 1 token");
    assertThat(header).contains("\"left_out\":{\"tokens\":1,\"webhooks\":0,\"alerts\":0}");
    assertThat(refused.code()).as(refused.err()).isEqualTo(ExitCodes.CONFLICT);
    assertThat(refused.lastMessage()).contains("the queue has 1 token", "or use --leave-open");
    assertThat(streamed.code()).isEqualTo(ExitCodes.CONFLICT);
    assertThat(cli.run("list", "-d", copy().toString()).out()).isEmpty();
    Cli.Result told = importCopy("--leave-open");
    assertThat(told.code()).as(told.err()).isZero();
    assertThat(told.err()).contains("not in the export: 1 token; create them again");
  }

  private String id() {
    return cli.run("list", "--state", "COMPLETED", "--json").json().get("id").stringValue();
  }

  @Test
  void is_the_same_export_again() throws Exception {
    FullQueue.fill(cli);
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
    void nothing_is_added_without_merge() {
      cli.run("enqueue", "--type", "t");
      cli.run("export", file().toString());

      Cli.Result refused = cli.run("import", file().toString());

      assertThat(refused.code()).isEqualTo(ExitCodes.CONFLICT);
      assertThat(refused.err())
          .isEqualTo(
              "holdfast: the queue has jobs: specify an empty one with -d, or add to it with"
                  + " --merge\n");
    }

    @Test
    void skip_existing_jobs() throws Exception {
      FullQueue.fill(cli);
      cli.run("export", file().toString());
      cli.run("enqueue", "--type", "other");
      cli.run("delete", id());

      Cli.Result result = cli.run("import", file().toString(), "--merge");

      assertThat(result.err()).isEqualTo("holdfast: imported 1 job, 7 existed already\n");
      Map<String, List<String>> contents = new Tables(cli.db()).contents();
      assertThat(contents.get("jobs and payloads")).hasSize(9);
      assertThat(contents.get("job_logs")).hasSize(FullQueue.LOG_LINES + 1);
      String again = cli.run("import", file().toString(), "--merge").err();
      assertThat(again).isEqualTo("holdfast: imported 0 jobs, 8 existed already\n");
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
      refused(
          List.of(head, two, one, end),
          "line 3 has a job whose id is not greater than the one before");
      refused(
          List.of(one),
          "line 1 is not the first line of an export: expected {\"holdfast_export\": …");
      refused(
          List.of("{\"holdfast_export\":2}"),
          "line 1 has format 2, but this Holdfast reads 1: import with the version that wrote the"
              + " file, or a newer one");
      refused(List.of(head, "[]"), "line 2 is not a JSON object");
      refused(List.of(head, "{\"a\":1}"), "line 2 is not a line of an export");
      refused(
          List.of(head, one.replace("\"PENDING\"", "\"ODD\"")),
          "line 2 field 'state' is \"ODD\", expected one of [SCHEDULED, BLOCKED, PENDING, RUNNING,"
              + " COMPLETED, FAILED, INTERRUPTED, CANCELLED]");
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
                  + " fix it, and continue with --merge\n");
    }

    @Test
    void that_is_not_an_export_is_reported() {
      Cli.Result result = importCopy();

      assertThat(result.code()).isEqualTo(ExitCodes.NOT_FOUND);
      assertThat(result.err()).isEqualTo("holdfast: there is no file '%s'\n".formatted(file()));
    }
  }
}
