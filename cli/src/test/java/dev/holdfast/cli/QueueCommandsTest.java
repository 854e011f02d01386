package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.terminal.ExitCodes;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** {@code holdfast queues} and what stands below it. */
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
  void shows_how_queues_are_and_what_waits_in_them() {
    cli.run("queues", "set", "mail", "--order", "fair", "--rate", "100/1m", "--per-group", "2");
    cli.run("queues", "pause", "mail");

    JsonNode queue = cli.run("queues", "--json").json();

    assertThat(queue.get("queue").stringValue()).isEqualTo("mail");
    assertThat(queue.get("order").stringValue()).isEqualTo("FAIR");
    assertThat(queue.get("rate").stringValue()).isEqualTo("100/1m");
    assertThat(queue.get("concurrency_per_group").intValue()).isEqualTo(2);
    assertThat(queue.get("paused").booleanValue()).isTrue();
    assertThat(queue.get("paused_by").stringValue()).isEqualTo("cli");
    assertThat(queue.get("counts").get("PENDING").intValue()).isEqualTo(1);
    assertThat(cli.run("queues").lines().get(1))
        .startsWith("mail ")
        .contains("  fair  ", "2 per group, 100/1m", " by cli");
  }

  @Test
  void changes_what_is_named_and_leaves_the_rest() {
    cli.run("queues", "set", "mail", "--concurrency", "5", "--manual");

    Cli.Result changed =
        cli.run("queues", "set", "mail", "--concurrency", "none", "--rate", "3/s", "--json");

    assertThat(changed.out())
        .isEqualTo(
            "{\"queue\":\"mail\",\"order\":\"PRIORITY\",\"manual\":true,\"concurrency\":null,\"concurrency_per_group\":null,\"rate\":\"3/1s\"}\n");
    assertThat(cli.run("queues", "set", "mail", "--no-manual").out())
        .contains("manual: false\n", "rate: 3/1s\n");
  }

  @Test
  void pauses_and_resumes_and_says_when_there_was_nothing_to_do() {
    assertThat(cli.run("queues", "pause", "mail", "other").out()).isEqualTo("paused 2 queues\n");

    Cli.Result again = cli.run("queues", "pause", "mail", "--json");

    assertThat(again.out()).isEqualTo("{\"count\":0,\"queues\":[]}\n");
    assertThat(again.lastMessage()).isEqualTo("holdfast: queue 'mail' was paused before");
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
