package dev.holdfast.cli.options;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Holdfast;
import dev.holdfast.JobId;
import dev.holdfast.cli.Cli;
import dev.holdfast.error.NotRetryableException;
import dev.holdfast.http.Redaction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.event.Level;

@Tag("R-60")
class SecretsTest {
  private static final String SECRET = "hunter2";

  @TempDir private Path folder;
  private Cli cli = new Cli(Path.of(""));
  private String id = "";

  @BeforeEach
  void enqueue() {
    cli = new Cli(folder).env("HOLDFAST_REDACT", "password,payload.card.number");
    String payload = "{\"password\": \"hunter2\", \"card\": {\"number\": \"hunter2\", \"n\": 1}}";
    Cli.Result made = cli.run("enqueue", "--type", "t", "--payload", payload);
    assertThat(made.code()).as(made.err()).isZero();
    id = made.line();
  }

  @Test
  void are_not_shown() {
    for (List<String> command :
        List.of(
            List.of("list", "--json"),
            List.of("show", id),
            List.of("show", id, "--json"),
            List.of("status", "--json"))) {
      Cli.Result result = cli.run(command.toArray(String[]::new));
      assertThat(result.code()).as(result.err()).isZero();
      assertThat(result.out())
          .as(command.toString())
          .contains(Redaction.INSTEAD)
          .doesNotContain(SECRET);
    }
  }

  @Test
  void are_shown_to_those_who_ask_for_them() {
    for (List<String> command :
        List.of(
            List.of("list", "--json", "--show-secrets"),
            List.of("show", id, "--show-secrets"),
            List.of("show", id, "--json", "--show-secrets"),
            List.of("status", "--json", "--show-secrets"))) {
      assertThat(cli.run(command.toArray(String[]::new)).out())
          .as(command.toString())
          .contains(SECRET)
          .doesNotContain(Redaction.INSTEAD);
    }
  }

  @Test
  void are_left_out_of_an_export_which_says_so() throws Exception {
    fail();
    Path file = folder.resolve("export.jsonl");

    Cli.Result exported = cli.run("export", file.toString());

    assertThat(exported.code()).as(exported.err()).isZero();
    assertThat(exported.err()).contains("exported 1 job", "secrets were omitted in 3 places");
    assertThat(file).content().doesNotContain(SECRET).contains("\"n\":1");
    assertThat(Files.readAllLines(file).get(0)).contains("\"redacted\":true");
  }

  @Test
  void missing_in_an_export_keep_it_from_being_imported_unknowingly() {
    String file = folder.resolve("export.jsonl").toString();
    assertThat(cli.run("export", file).code()).isZero();
    String other = folder.resolve("other.db").toString();

    Cli.Result refused = cli.run("import", file, "-d", other);
    Cli.Result taken = cli.run("import", file, "-d", other, "--redacted");

    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.err()).contains("line 1 says that secrets were omitted");
    assertThat(taken.code()).as(taken.err()).isZero();
    assertThat(cli.run("show", id, "-d", other, "--show-secrets").out())
        .contains(Redaction.INSTEAD);
  }

  @Test
  @Tag("R-55")
  void come_back_whole_from_an_export_with_secrets() {
    String file = folder.resolve("export.jsonl").toString();
    Cli.Result exported = cli.run("export", file, "--show-secrets");
    assertThat(exported.err()).doesNotContain("left out");
    String other = folder.resolve("other.db").toString();

    assertThat(cli.run("import", file, "-d", other).code()).isZero();

    assertThat(cli.run("show", id, "-d", other, "--show-secrets").out()).contains(SECRET);
  }

  @Test
  void are_not_shown_by_enqueue_and_wait() throws Exception {
    try (Holdfast holdfast = Holdfast.open(cli.db().toString())) {
      holdfast.handle(
          "t",
          Map.class,
          (payload, job) -> {
            throw new NotRetryableException("cannot log in with " + payload.get("password"));
          });
      holdfast.start();
      String payload = "{\"password\": \"hunter2\"}";
      List<String> plain = List.of("enqueue", "--type", "t", "--payload", payload, "--wait");
      List<String> json = new ArrayList<>(plain);
      json.add("--json");
      for (List<String> command : List.of(plain, json)) {
        Cli.Result result = cli.run(command.toArray(String[]::new));
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.out() + result.err())
            .contains("cannot log in with " + Redaction.INSTEAD)
            .doesNotContain(SECRET);
      }
      json.add("--show-secrets");
      assertThat(cli.run(json.toArray(String[]::new)).out()).contains(SECRET);
    }
  }

  @Test
  void that_are_parts_of_each_other_leave_nothing_of_the_longest() throws Exception {
    String payload =
        "{\"password\": [\"hunt\", \"hunter2\", \"hunter2-\", \"hunter2-a\", \"hunter2-ab\","
            + " \"hunter2-abc\"]}";
    id = cli.run("enqueue", "--type", "t", "--payload", payload).line();
    try (Holdfast holdfast = Holdfast.open(cli.db().toString())) {
      holdfast.handle(
          "t",
          Map.class,
          (given, job) -> {
            throw new NotRetryableException("cannot log in with hunter2-abc");
          });
      holdfast.start();
      holdfast.queue().await(List.of(JobId.parse(id)), Duration.ofMinutes(1)).get();
    }

    assertThat(cli.run("show", id, "--json").json().at("/failure/message").asString())
        .isEqualTo("NotRetryableException: cannot log in with " + Redaction.INSTEAD);
  }

  @Test
  void are_not_shown_in_histories() throws Exception {
    fail();

    for (List<String> command :
        List.of(List.of("show", id, "--events"), List.of("show", id, "--json", "--events"))) {
      String shown = cli.run(command.toArray(String[]::new)).out();
      String[] failures = shown.split("cannot log in with " + Pattern.quote(Redaction.INSTEAD));
      assertThat(failures).as("of the job and of its event: %s", shown).hasSizeGreaterThan(2);
      assertThat(shown).as(command.toString()).doesNotContain(SECRET);
    }
  }

  @Test
  void are_not_shown_in_logs_and_failures() throws Exception {
    fail();

    for (List<String> command :
        List.of(
            List.of("logs"),
            List.of("logs", "--json"),
            List.of("show", id, "--logs"),
            List.of("show", id, "--json", "--logs"))) {
      String[] line = command.toArray(String[]::new);
      assertThat(cli.run(line).out())
          .as(command.toString())
          .contains(Redaction.INSTEAD, "said")
          .doesNotContain(SECRET);
      List<String> all = new ArrayList<>(command);
      all.add("--show-secrets");
      assertThat(cli.run(all.toArray(String[]::new)).out()).as(command.toString()).contains(SECRET);
    }
  }

  /** Fails a job whose log line and failure message contain secrets. */
  private void fail() throws Exception {
    try (Holdfast holdfast = Holdfast.open(cli.db().toString())) {
      holdfast.handle(
          "t",
          Map.class,
          (payload, job) -> {
            job.log(Level.INFO, "said", Map.of("password", SECRET));
            throw new NotRetryableException("cannot log in with " + payload.get("password"));
          });
      holdfast.start();
      holdfast.queue().await(List.of(JobId.parse(id)), Duration.ofMinutes(1)).get();
    }
  }
}
