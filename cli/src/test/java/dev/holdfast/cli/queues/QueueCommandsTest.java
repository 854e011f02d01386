package dev.holdfast.cli.queues;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.Cli;
import dev.holdfast.cli.options.Person;
import dev.holdfast.cli.terminal.ExitCodes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** {@code holdfast queues} and its subcommands. */
@Tag("R-17")
class QueueCommandsTest {
  @TempDir Path folder;
  Cli cli = new Cli(Path.of(""));

  @BeforeEach
  void makeQueue() {
    cli = new Cli(folder);
    cli.run("enqueue", "--type", "exec", "--payload", "{\"argv\":[\"true\"]}", "--queue", "mail");
  }

  @Test
  void shows_settings_and_waiting_jobs() {
    cli.run("queues", "set", "mail", "--order", "fair", "--rate", "100/1m", "--per-group", "2");
    cli.run("queues", "pause", "mail");

    JsonNode queue = cli.run("queues", "--json").json();

    assertThat(queue.get("queue").stringValue()).isEqualTo("mail");
    assertThat(queue.get("order").stringValue()).isEqualTo("FAIR");
    assertThat(queue.get("rate").stringValue()).isEqualTo("100/1m");
    assertThat(queue.get("concurrency_per_group").intValue()).isEqualTo(2);
    assertThat(queue.get("paused").booleanValue()).isTrue();
    assertThat(queue.get("paused_by").stringValue()).isEqualTo(Person.name());
    assertThat(queue.get("counts").get("PENDING").intValue()).isEqualTo(1);
    assertThat(cli.run("queues").lines().get(1))
        .startsWith("mail ")
        .contains("  fair  ", "2 per group, 100/1m", " by " + Person.name());
  }

  @Test
  void changes_the_given_settings_and_leaves_the_rest() {
    cli.run("queues", "set", "mail", "--concurrency", "5", "--manual");

    Cli.Result changed =
        cli.run("queues", "set", "mail", "--concurrency", "none", "--rate", "3/s", "--json");

    assertThat(changed.out())
        .isEqualTo(
            "{\"queue\":\"mail\",\"order\":\"PRIORITY\",\"manual\":true,\"concurrency\":null,\"concurrency_per_group\":null,\"rate\":\"3/1s\",\"indexed_fields\":[]}\n");
    assertThat(cli.run("queues", "set", "mail", "--no-manual").out())
        .contains("manual: false\n", "rate: 3/1s\n");
  }

  /** Nothing is enqueued before it, so there is no database yet. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "queues set mail --concurrency 5 | concurrency: 5",
        "limits type t 3 | t: 3",
      })
  void prepares_a_queue_before_its_first_job(String command, String answer) throws IOException {
    Path other = Files.createDirectory(folder.resolve("other"));
    Cli fresh = new Cli(other);

    Cli.Result result = fresh.run(command.split(" "));

    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.out()).contains(answer);
    assertThat(fresh.db()).exists();
  }

  @Test
  void creates_no_queue_to_show_its_settings() throws IOException {
    Cli fresh = new Cli(Files.createDirectory(folder.resolve("other")));

    assertThat(fresh.run("queues", "set", "mail").code()).isEqualTo(ExitCodes.NOT_FOUND);
    assertThat(fresh.run("queues", "pause", "mail").code()).isEqualTo(ExitCodes.NOT_FOUND);
    assertThat(fresh.run("queues", "resume", "mail").code()).isEqualTo(ExitCodes.NOT_FOUND);
    assertThat(fresh.db()).doesNotExist();
  }

  @Test
  void refuses_to_pause_a_queue_that_does_not_exist() {
    cli.run("queues", "set", "mail", "--no-manual");

    Cli.Result none = cli.run("queues", "pause", "nosuch");
    assertThat(none.out()).as("no success is claimed").isEmpty();
    assertThat(none.code()).isEqualTo(ExitCodes.NOT_FOUND);
    Cli.Result some = cli.run("queues", "pause", "mial", "mail", "nosuch");

    assertThat(some.code()).isEqualTo(3);
    assertThat(some.out()).isEqualTo("paused 1 queue\n");
    assertThat(some.err())
        .contains(
            "there is no queue 'mial'; did you mean mail?\n",
            "there is no queue 'nosuch': its first job creates it, or its first setting (queues"
                + " set)\n");
    assertThat(cli.run("queues").out()).doesNotContain("nosuch", "mial");
    assertThat(cli.run("queues", "resume", "nosuch").code()).isEqualTo(3);
  }

  @Test
  void pauses_and_resumes_and_says_when_there_was_nothing_to_do() {
    cli.run("queues", "set", "mail", "--no-manual");
    cli.run("queues", "set", "other", "--no-manual");
    assertThat(cli.run("queues", "pause", "mail", "other").out()).isEqualTo("paused 2 queues\n");

    Cli.Result again = cli.run("queues", "pause", "mail", "--json");

    assertThat(again.out()).isEqualTo("{\"count\":0,\"queues\":[]}\n");
    assertThat(again.lastMessage()).isEqualTo("holdfast: queue 'mail' is already paused");
    assertThat(again.code()).isEqualTo(ExitCodes.OK);
    assertThat(cli.run("work", "--until-empty", "--queues", "other").code())
        .isEqualTo(ExitCodes.OK);
    assertThat(cli.run("queues", "resume", "mail").out()).isEqualTo("resumed 1 queue\n");
    assertThat(cli.run("work", "--until-empty").code()).isEqualTo(ExitCodes.OK);
    assertThat(cli.run("list", "--json").json().get("state").stringValue()).isEqualTo("COMPLETED");
  }

  @ParameterizedTest
  @CsvSource({
    "--rate, 100, 100/1m",
    "--rate, 0/1m, starts within a period must be 1",
    "--concurrency, many, a number of jobs or 'none'",
    "--concurrency, 0, must be 1 to 1000000",
    "--order, random, weighted_random",
  })
  void refuses_what_it_does_not_understand(String option, String value, String words) {
    Cli.Result refused = cli.run("queues", "set", "mail", option, value);

    assertThat(refused.code()).isEqualTo(ExitCodes.USAGE);
    assertThat(refused.lastMessage()).containsIgnoringCase(words);
  }
}
