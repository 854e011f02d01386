package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.http.Redaction;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
  void stay_in_an_export_as_it_must_come_back_whole() {
    Path file = folder.resolve("export.jsonl");
    assertThat(cli.run("export", file.toString()).code()).isZero();

    assertThat(file).content().contains(SECRET);
  }
}
