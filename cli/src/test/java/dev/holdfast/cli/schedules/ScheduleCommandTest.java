package dev.holdfast.cli.schedules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Holdfast;
import dev.holdfast.cli.Cli;
import dev.holdfast.cli.options.Person;
import dev.holdfast.cli.terminal.ExitCodes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

@Tag("R-25")
class ScheduleCommandTest {
  @TempDir Path folder;
  Cli cli = new Cli(Path.of(""));

  @BeforeEach
  void nameDatabase() {
    cli = new Cli(folder);
  }

  private Cli.Result add(String... more) {
    List<String> all = new ArrayList<>(List.of("schedule", "add", "nightly", "--type", "t"));
    all.addAll(List.of(more));
    return cli.run(all.toArray(String[]::new));
  }

  private JsonNode show() {
    return cli.run("schedule", "show", "nightly", "--json").json();
  }

  @Test
  void declares_shows_and_lists_a_schedule() {
    Cli.Result added =
        add(
            "--cron",
            "30 3 * * MON-FRI",
            "--zone",
            "Europe/Berlin",
            "--payload",
            "{\"a\":[1.50]}",
            "--queue",
            "q",
            "--missed",
            "catch_up",
            "--catch-up",
            "7",
            "--overlap",
            "skip");

    assertThat(added.code()).as(added.err()).isZero();
    assertThat(added.out()).isEqualTo("created nightly\n");
    JsonNode shown = show();
    assertThat(shown.get("cron").stringValue()).isEqualTo("30 3 * * MON-FRI");
    assertThat(shown.get("zone").stringValue()).isEqualTo("Europe/Berlin");
    assertThat(shown.get("job").get("queue").stringValue()).isEqualTo("q");
    assertThat(shown.get("job").get("payload").toString()).contains("1.5");
    assertThat(shown.get("missed").stringValue()).isEqualTo("CATCH_UP");
    assertThat(shown.get("catch_up").intValue()).isEqualTo(7);
    assertThat(shown.get("overlap").stringValue()).isEqualTo("SKIP");
    assertThat(shown.get("declared_by").stringValue()).isEqualTo(Person.name());
    assertThat(shown.get("next_slot").stringValue()).endsWith(":30:00Z");
    assertThat(shown.get("fires").size()).isZero();
    assertThat(cli.run("schedule", "list").lines()).hasSize(2);
    assertThat(cli.run("schedule", "list").lines().get(1))
        .startsWith("nightly  30 3 * * MON-FRI Europe/Berlin");
    assertThat(cli.run("schedule", "list", "--json").json().get("name").stringValue())
        .isEqualTo("nightly");
  }

  @Test
  void says_whether_a_declaration_changed_anything() {
    add("--every", "1h");

    assertThat(add("--every", "1h").out()).isEqualTo("unchanged nightly\n");
    assertThat(add("--every", "2h").out()).isEqualTo("changed nightly\n");
    JsonNode answer = add("--every", "2h", "--json").json();
    assertThat(answer.get("declared").stringValue()).isEqualTo("UNCHANGED");
    assertThat(answer.get("every_seconds").intValue()).isEqualTo(7_200);
  }

  @Test
  void refuses_what_is_wrong_and_says_why() {
    assertThat(add("--cron", "0 25 * * *").err())
        .isEqualTo("holdfast: cron '0 25 * * *': hour '25' at character 3: expected 0 to 23\n");
    assertThat(add("--cron", "0 3 * * *", "--zone", "Berlin").err())
        .endsWith("did you mean Europe/Berlin?\n");
    assertThat(add().err()).isEqualTo("holdfast: specify either --cron or --every\n");
    assertThat(add("--every", "1s", "--cron", "@daily").code()).isEqualTo(ExitCodes.USAGE);
    assertThat(add("--every", "10ms").err())
        .contains("interval of a schedule must be 1s to ", ", was 10ms");
    assertThat(cli.run("schedule", "list").code()).isEqualTo(ExitCodes.NOT_FOUND);
  }

  @Test
  void pauses_runs_resumes_and_removes() {
    add("--every", "1h");

    assertThat(cli.run("schedule", "pause", "nightly").out()).isEqualTo("paused nightly\n");
    assertThat(cli.run("schedule", "list").lines().get(1)).contains("  paused");
    String job = cli.run("schedule", "run", "nightly").out().strip();
    assertThat(show().get("fires").get(0).get("kind").stringValue()).isEqualTo("BY_HAND");
    assertThat(show().get("fires").get(0).get("job_id").stringValue()).isEqualTo(job);
    assertThat(cli.run("show", job, "--json").json().get("created_by").stringValue())
        .isEqualTo("schedule:nightly");
    assertThat(cli.run("schedule", "show", "nightly").out()).contains("BY_HAND  " + job);
    assertThat(cli.run("schedule", "resume", "nightly").out()).isEqualTo("resumed nightly\n");
    assertThat(cli.run("schedule", "resume", "nightly").out()).isEqualTo("not paused: nightly\n");
    assertThat(cli.run("schedule", "remove", "nightly").out()).isEqualTo("removed nightly\n");
    for (String command : List.of("pause", "resume", "run", "remove", "show")) {
      Cli.Result missing = cli.run("schedule", command, "nightly");
      assertThat(missing.code()).isEqualTo(ExitCodes.NOT_FOUND);
      assertThat(missing.err()).isEqualTo("holdfast: there is no schedule 'nightly'\n");
    }
  }

  @Test
  void prints_the_next_times_of_an_expression() {
    Cli.Result next =
        cli.run(
            "schedule",
            "next",
            "30 2 * * *",
            "--zone",
            "Europe/Berlin",
            "-n",
            "2",
            "--after",
            "2026-03-28T12:00:00Z");

    assertThat(next.out())
        .isEqualTo(
            """
            2026-03-29T03:00+02:00    2026-03-29T01:00:00Z
            2026-03-30T02:30+02:00    2026-03-30T00:30:00Z
            """);
    assertThat(cli.run("schedule", "next", "@daily", "-n", "1", "--json").json().propertyNames())
        .containsExactly("local", "time");
    assertThat(cli.run("schedule", "next", "@daily", "-n", "0").code()).isEqualTo(ExitCodes.USAGE);
    assertThat(cli.run("schedule", "next", "@never").code()).isEqualTo(ExitCodes.USAGE);
  }

  @Test
  void fires_in_a_worker() throws Exception {
    CountDownLatch ran = new CountDownLatch(2);
    add("--every", "1s");
    try (Holdfast holdfast = cli.open()) {
      holdfast.handle(
          "t",
          Object.class,
          (payload, job) -> {
            ran.countDown();
            return payload;
          });
      holdfast.start();
      ran.await();
    }

    assertThat(show().get("fires").size()).isGreaterThanOrEqualTo(2);
  }

  @Test
  void goes_with_an_export_and_comes_with_an_import() {
    add("--cron", "0 3 * * *", "--payload", "{\"b\":1.50,\"a\":\"ä\"}");
    cli.run("schedule", "pause", "nightly");
    JsonNode before = show();
    Path file = folder.resolve("out.jsonl");
    assertThat(cli.run("export", file.toString()).code()).isZero();
    String other = folder.resolve("other.db").toString();

    Cli.Result imported = cli.run("import", file.toString(), "-d", other);

    assertThat(imported.code()).as(imported.err()).isZero();
    assertThat(cli.run("schedule", "show", "nightly", "--json", "-d", other).json())
        .isEqualTo(before);
  }

  @Test
  void moves_with_a_copy_and_does_not_fire_where_it_was() {
    add("--every", "1h");
    JsonNode before = show();
    String target = folder.resolve("target.db").toString();

    Cli.Result copied = cli.run("copy", "--to", target);

    assertThat(copied.code()).as(copied.err()).isZero();
    assertThat(cli.run("schedule", "show", "nightly", "--json", "-d", target).json())
        .isEqualTo(before);
    assertThat(cli.run("schedule", "run", "nightly").code()).isEqualTo(ExitCodes.CONFLICT);
    assertThat(cli.run("schedule", "run", "nightly", "-d", target).code()).isZero();
  }

  private void configure(String text) throws IOException {
    Path file = folder.resolve("config").resolve("holdfast").resolve("holdfast.yaml");
    Files.createDirectories(file.resolveSibling(""));
    Files.writeString(file, text);
  }

  private static final String TWO =
      """
      schedules:
        nightly:
          cron: "30 2 * * MON-FRI"
          zone: Europe/Berlin
          type: exec
          payload:
            argv: [echo, "night"]
          queue: reports
          missed: catch_up
          catch_up: 5
        tick:
          every: 5m
          type: exec
      """;

  @Test
  void declares_the_schedules_of_the_file_and_again_changes_nothing() throws IOException {
    configure(TWO);

    assertThat(cli.run("schedule", "apply").lines())
        .containsExactly("created nightly", "created tick");
    JsonNode shown = show();
    assertThat(shown.get("cron").stringValue()).isEqualTo("30 2 * * MON-FRI");
    assertThat(shown.get("zone").stringValue()).isEqualTo("Europe/Berlin");
    assertThat(shown.get("job").get("payload").toString())
        .isEqualTo("{\"argv\":[\"echo\",\"night\"]}");
    assertThat(shown.get("job").get("queue").stringValue()).isEqualTo("reports");
    assertThat(shown.get("catch_up").intValue()).isEqualTo(5);
    assertThat(shown.get("declared_by").stringValue()).isEqualTo("file");

    cli.run("schedule", "pause", "nightly");
    assertThat(cli.run("schedule", "apply").lines())
        .containsExactly("unchanged nightly", "unchanged tick");
    configure(TWO.replace("30 2", "45 2"));
    assertThat(cli.run("schedule", "apply").lines())
        .containsExactly("changed nightly", "unchanged tick");
    assertThat(show().get("paused_at").isNull()).as("still paused").isFalse();
  }

  @Test
  void removes_schedules_missing_from_the_file_only_if_requested() throws IOException {
    cli.run("schedule", "add", "by-hand", "--every", "1h", "--type", "t");
    configure(TWO);
    cli.run("schedule", "apply");
    configure(TWO.substring(0, TWO.indexOf("  tick:")));

    assertThat(cli.run("schedule", "apply").lines())
        .containsExactly("unchanged nightly", "left over tick");
    assertThat(cli.run("schedule", "list").lines()).hasSize(4);
    assertThat(cli.run("schedule", "apply", "--prune").lines())
        .containsExactly("unchanged nightly", "removed tick");
    assertThat(cli.run("schedule", "list").out()).contains("by-hand", "nightly");
    assertThat(cli.run("schedule", "apply", "--prune").lines())
        .containsExactly("unchanged nightly");
  }

  @Test
  void are_declared_by_work_when_it_starts() throws IOException {
    configure(TWO);

    Cli.Result first = cli.run("work", "--until-empty");

    assertThat(first.code()).as(first.err()).isZero();
    assertThat(first.err())
        .contains("schedule 'nightly' was created")
        .contains("schedule 'tick' was created");
    configure(TWO.substring(0, TWO.indexOf("  tick:")));
    assertThat(cli.run("work", "--until-empty").err())
        .doesNotContain("nightly")
        .contains("schedule 'tick' was declared by a configuration file and is not in this one");
    assertThat(cli.run("schedule", "list").out()).contains("nightly", "tick");
  }

  @Test
  void with_errors_are_refused_before_anything_is_done() throws IOException {
    configure(TWO.replace("30 2", "99 2").replace("5m", "0s").replace("Europe/Berlin", "Europa"));

    Cli.Result refused = cli.run("work", "--until-empty");

    assertThat(refused.code()).isEqualTo(ExitCodes.CONFIG);
    assertThat(refused.err())
        .contains("holdfast.yaml:3: schedules.nightly.cron: ")
        .contains("holdfast.yaml:4: schedules.nightly.zone: ")
        .contains("holdfast.yaml:12: schedules.tick.every is '0s': expected a duration from 1s");
    assertThat(cli.db()).doesNotExist();
  }
}
