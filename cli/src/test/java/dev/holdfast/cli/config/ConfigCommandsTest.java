package dev.holdfast.cli.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.ChildJvm;
import dev.holdfast.cli.Cli;
import dev.holdfast.cli.terminal.ExitCodes;
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
import tools.jackson.databind.JsonNode;

@Tag("R-46")
class ConfigCommandsTest {
  @TempDir Path folder;
  Cli cli = new Cli(Path.of(""));

  @BeforeEach
  void nameDatabase() {
    cli = new Cli(folder);
  }

  /** Writes the configuration file at its default location. */
  Path configure(String text) throws IOException {
    Path home = Files.createDirectories(folder.resolve("config/holdfast"));
    return Files.writeString(home.resolve("holdfast.yaml"), text);
  }

  String enqueue(String script, String... more) {
    String payload = Json.write(Map.of("argv", List.of("sh", "-c", script)));
    List<String> args = new ArrayList<>(List.of("enqueue", "--type", "exec", "--payload", payload));
    args.addAll(List.of(more));
    Cli.Result result = cli.run(args.toArray(String[]::new));
    assertThat(result.code()).as(result.err()).isZero();
    return result.line();
  }

  JsonNode show(String id) {
    return cli.run("show", id, "--json").json();
  }

  @Nested
  class Show {
    @Test
    void shows_values_and_their_origins() throws IOException {
      Path file = configure("worker:\n  lease: 30s\n");
      cli.env("HOLDFAST_MONITOR_INTERVAL", "60");

      Cli.Result result = cli.run("config", "show", "-d", "other.db");

      assertThat(result.code()).as(result.err()).isZero();
      assertThat(result.lines())
          .map(line -> line.replaceAll(" +", " "))
          .startsWith("KEY VALUE ORIGIN", "db other.db --db")
          .contains(
              "worker.lease 30s " + file + ":2",
              "monitor.interval 1m HOLDFAST_MONITOR_INTERVAL",
              "worker.grace 20s default",
              "log.file - default");
    }

    @Test
    void prints_JSON() throws IOException {
      Path file = configure("worker:\n  lease: 30s\n");

      JsonNode document = cli.run("config", "show", "--json").json();

      assertThat(document.get("file").stringValue()).isEqualTo(file.toString());
      JsonNode lease = document.get("settings").get("worker.lease");
      assertThat(lease.get("value").stringValue()).isEqualTo("30s");
      assertThat(lease.get("layer").stringValue()).isEqualTo("file");
      assertThat(lease.get("place").stringValue()).isEqualTo(file + ":2");
      assertThat(document.get("settings").get("log.file").get("value").isNull()).isTrue();
    }

    @Test
    void needs_and_creates_no_database() throws IOException {
      cli.env("HOLDFAST_DB", null).env("XDG_DATA_HOME", folder.resolve("data").toString());

      assertThat(cli.run("config", "show").out())
          .contains(folder.resolve("data/holdfast/holdfast.db") + "  default\n");
      assertThat(folder).isEmptyDirectory();
    }

    @Test
    void shows_no_password() {
      cli.env("HOLDFAST_DB", "jdbc:postgresql://ada:hunter2@host/jobs?password=hunter3");

      Cli.Result table = cli.run("config", "show");
      Cli.Result json = cli.run("config", "show", "--json");

      assertThat(table.out() + table.err() + json.out() + json.err())
          .contains("jdbc:postgresql://ada:***@host/jobs?password=***")
          .doesNotContain("hunter");
    }
  }

  @Nested
  class Check {
    @Test
    void accepts_no_file_and_a_valid_one() throws IOException {
      assertThat(cli.run("config", "check").out()).isEqualTo("no errors; there is no file\n");

      Path file = configure("worker: {lease: 30s}");
      assertThat(cli.run("config", "check").out()).isEqualTo("no errors in " + file + "\n");
    }

    @Test
    void reports_all_errors_each_on_its_line_and_exits_with_78() throws IOException {
      Path file = configure("worker:\n  leese: 30s\n  grace: soon\n");
      cli.env("HOLDFAST_MONITOR_ACTION", "retyr");

      Cli.Result result = cli.run("config", "check");

      assertThat(result.code()).isEqualTo(78);
      assertThat(result.out()).isEmpty();
      assertThat(result.err().lines())
          .containsExactly(
              "holdfast: " + file + ":2: unknown key worker.leese; did you mean worker.lease?",
              "holdfast: " + file + ":3: worker.grace is 'soon': expected a duration from 0s to 1d",
              "holdfast: HOLDFAST_MONITOR_ACTION: monitor.action is 'retyr': expected retry or"
                  + " fail;"
                  + " did you mean retry?");
    }

    @Test
    void of_a_missing_file_exits_with_78() {
      Cli.Result result = cli.run("config", "check", "--config", "none.yaml");

      assertThat(result.code()).isEqualTo(78);
      assertThat(result.err()).isEqualTo("holdfast: --config: there is no file 'none.yaml'\n");
    }

    @Test
    void without_a_command_is_wrong_usage() {
      assertThat(cli.run("config").code()).isEqualTo(ExitCodes.USAGE);
      assertThat(cli.run("config", "--help").out()).contains("  check  ");
    }
  }

  @Nested
  class Every_command {
    @Test
    void refuses_an_invalid_configuration_before_it_does_anything() throws IOException {
      configure("monitor: {intervall: 5m}");

      for (String[] args :
          List.of(
              new String[] {"list"},
              new String[] {"status"},
              new String[] {"enqueue", "--type", "a"},
              new String[] {"work", "--until-empty"},
              new String[] {"each", "true"})) {
        Cli.Result result = cli.run(args);
        assertThat(result.code()).as(args[0]).isEqualTo(78);
        assertThat(result.err()).hasLineCount(1).contains("did you mean monitor.interval?");
      }
      assertThat(cli.db()).doesNotExist();
    }

    @Test
    void shows_help_nevertheless() throws IOException {
      configure("monitor: {intervall: 5m}");

      assertThat(cli.run("work", "--help").code()).isZero();
      assertThat(cli.run("--version").code()).isZero();
    }

    @Test
    void takes_the_file_before_or_after_its_name() throws IOException {
      Path other = folder.resolve("other.db");
      Path file = Files.writeString(folder.resolve("a.toml"), "db = '%s'".formatted(other));
      cli.env("HOLDFAST_DB", null);

      assertThat(cli.run("--config", file.toString(), "enqueue", "--type", "a").code()).isZero();
      assertThat(cli.run("list", "--config=" + file).lines()).hasSize(2);
      assertThat(other).exists();
    }

    @Test
    void looks_for_the_database_in_its_option_the_variable_the_file_and_then_by_default()
        throws IOException {
      configure("db: %s".formatted(folder.resolve("of-file.db")));
      cli.env("XDG_DATA_HOME", folder.resolve("data").toString());
      Path named = folder.resolve("named.db");

      assertThat(cli.run("enqueue", "--type", "a", "-d", named.toString()).code()).isZero();
      assertThat(List.of(named.toFile().exists(), cli.db().toFile().exists()))
          .containsExactly(true, false);

      assertThat(cli.run("enqueue", "--type", "a").code()).isZero();
      assertThat(cli.db()).exists();
      assertThat(folder.resolve("of-file.db")).doesNotExist();

      cli.env("HOLDFAST_DB", null);
      assertThat(cli.run("enqueue", "--type", "a").code()).isZero();
      assertThat(folder.resolve("of-file.db")).exists();
      assertThat(folder.resolve("data")).doesNotExist();
    }
  }

  @Nested
  class Work {
    @Test
    void serves_the_configured_queues_unless_an_option_names_others() throws IOException {
      configure("worker: {queues: [mail]}");
      String mail = enqueue("true", "--queue", "mail");
      String other = enqueue("true", "--queue", "other");

      assertThat(cli.run("work", "--until-empty").code()).isZero();
      assertThat(show(mail).get("state").stringValue()).isEqualTo("COMPLETED");
      assertThat(show(other).get("state").stringValue()).isEqualTo("PENDING");

      assertThat(cli.run("work", "--until-empty", "--queues", "other").code()).isZero();
      assertThat(show(other).get("state").stringValue()).isEqualTo("COMPLETED");
    }

    @Test
    void has_the_configured_name() throws IOException {
      configure("worker: {name: north}");
      String id = enqueue("true");

      cli.run("work", "--until-empty");

      assertThat(show(id).get("worker").stringValue()).isEqualTo("north");
    }

    @Test
    void ends_commands_at_the_time_of_their_type() throws IOException {
      configure("types: {exec: {timeout: 100ms, max_attempts: 1}}");
      String id = enqueue("sleep 30 & wait");

      assertThat(cli.run("work", "--until-empty").code()).isEqualTo(ExitCodes.FAILED);
      assertThat(show(id).get("failure").get("kind").stringValue()).isEqualTo("TIMEOUT");
    }

    @Test
    void retries_after_the_configured_delay() throws IOException {
      configure("retry: {max_attempts: 3, initial_delay: 1ms, max_delay: 1ms}");
      String id = enqueue("exit 1");

      assertThat(cli.run("work", "--until-empty").code()).isEqualTo(ExitCodes.FAILED);
      assertThat(show(id).get("attempt").intValue()).isEqualTo(3);
    }

    @Test
    void with_a_wrong_option_is_wrong_usage_and_with_other_errors_too_a_wrong_configuration()
        throws IOException {
      assertThat(cli.run("work", "--grace", "soon").code()).isEqualTo(ExitCodes.USAGE);

      configure("worker: {grace: soon}");
      Cli.Result both = cli.run("work", "--grace", "sooner");
      assertThat(both.code()).isEqualTo(ExitCodes.CONFIG);
      assertThat(both.err()).hasLineCount(2);
    }
  }

  @Nested
  class Enqueue {
    @Test
    void gives_a_job_the_attempts_of_its_type() throws IOException {
      configure("retry: {max_attempts: 6}\ntypes: {exec: {max_attempts: 9}}\n");
      Path batch =
          Files.writeString(
              folder.resolve("jobs.jsonl"), "{}\n{\"type\": \"exec\"}\n{\"max_attempts\": 2}\n");

      List<String> ids = cli.run("enqueue", "--type", "other", "--batch", batch.toString()).lines();

      assertThat(ids).map(id -> show(id).get("max_attempts").intValue()).containsExactly(6, 9, 2);
      assertThat(show(enqueue("true", "--max-attempts", "1")).get("max_attempts").intValue())
          .isEqualTo(1);
    }
  }

  @Nested
  class Each {
    @Test
    void runs_as_many_at_once_as_configured_and_only_its_own_queue() throws IOException {
      configure("worker: {queues: [none], concurrency: 1, name: north}");
      cli.input("a\nb\nc\n");

      Cli.Result result = cli.run("each", "--", "echo");

      assertThat(result.code()).as(result.err()).isZero();
      assertThat(result.lines()).containsExactly("a", "b", "c");
      assertThat(cli.run("list", "--json").lines())
          .allMatch(line -> line.contains("\"worker\":\"each\""));
    }
  }

  /** Uses processes of their own, as logging is configured once in each. */
  @Nested
  @Tag("R-41")
  class The_log {
    private String run(String... args) throws IOException, InterruptedException {
      ChildJvm child = ChildJvm.holdfast(folder, Path.of("/dev/null"), args);
      child.end();
      return child.err();
    }

    @Test
    void has_the_configured_level() throws IOException, InterruptedException {
      assertThat(run("work", "--until-empty")).doesNotContain(" INFO ");

      configure("log: {level: info}");

      assertThat(run("work", "--until-empty")).contains(" INFO ");
    }

    @Test
    void goes_to_the_configured_file_that_only_its_owner_can_read()
        throws IOException, InterruptedException {
      Path file = folder.resolve("holdfast.log");
      configure("log: {level: info, file: %s}".formatted(file));

      String err = run("work", "--until-empty") + run("work", "--until-empty");

      assertThat(err).doesNotContain(" INFO ");
      assertThat(Files.readAllLines(file))
          .hasSizeGreaterThan(1)
          .allMatch(
              line ->
                  line.matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}\\S+ +INFO .*"));
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
    }

    @Test
    void that_cannot_be_written_is_reported() throws IOException, InterruptedException {
      configure("log: {file: /none/holdfast.log}");

      Cli.Result result = cli.run("list");

      assertThat(result.code()).isEqualTo(ExitCodes.IO);
      assertThat(result.err()).startsWith("holdfast: the log file '/none/holdfast.log' cannot");
    }
  }
}
