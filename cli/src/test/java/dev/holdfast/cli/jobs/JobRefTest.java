package dev.holdfast.cli.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Holdfast;
import dev.holdfast.JobId;
import dev.holdfast.NewJob;
import dev.holdfast.cli.Cli;
import dev.holdfast.cli.terminal.ExitCodes;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The beginning of an id, wherever a command takes an id. */
@Tag("R-77")
final class JobRefTest {
  private static final String FIRST = "01941f29-7c00-7a3c-8f5e-2f3d8c1b6a90";
  private static final String SECOND = "01941f29-7c00-7a3c-8f5e-2f3d8c1b6a91";
  private static final String THIRD = "11941f29-7c00-7a3c-8f5e-2f3d8c1b6a90";

  @TempDir Path folder;
  private Cli cli;

  @BeforeEach
  void enqueueThree() {
    cli = new Cli(folder);
    try (Holdfast holdfast = cli.open()) {
      holdfast.enqueue(job(FIRST, "first"));
      holdfast.enqueue(job(SECOND, "second"));
      holdfast.enqueue(job(THIRD, "third"));
    }
  }

  private static NewJob job(String id, String type) {
    return NewJob.of(type, Map.of()).withId(JobId.parse(id));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1194", "11941F29", "11941f297c007a3c", "11941f29-7c00-7", THIRD})
  void names_the_only_job_whose_id_begins_so(String named) {
    assertThat(cli.run("show", named, "--json").json().get("type").asString()).isEqualTo("third");
  }

  @Test
  void of_several_jobs_is_refused_with_their_ids() {
    Cli.Result answer = cli.run("show", "0194");

    assertThat(answer.code()).isEqualTo(ExitCodes.USAGE);
    assertThat(answer.err()).contains("0194 begins the ids of several jobs", FIRST, SECOND);
    assertThat(cli.run("delete", THIRD, "0194").code()).isEqualTo(ExitCodes.USAGE);
    assertThat(cli.run("show", THIRD).code()).as("nothing was deleted").isEqualTo(ExitCodes.OK);
  }

  @Test
  void of_no_job_is_not_found() {
    Cli.Result answer = cli.run("show", "0195");

    assertThat(answer.code()).isEqualTo(ExitCodes.NOT_FOUND);
    assertThat(answer.err()).contains("there is no job whose id begins with 0195");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "119",
        "1194x",
        "--1194",
        "1194--1f",
        "",
        "%",
        "11941f29-7c00-7a3c-8f5e-2f3d8c1b6a900"
      })
  void that_cannot_be_one_is_refused(String text) {
    assertThat(cli.run("show", "--", text).code()).isEqualTo(ExitCodes.USAGE);
  }

  @Test
  void is_taken_by_every_command_that_takes_an_id() {
    List<List<String>> commands =
        List.of(
            List.of("show", "1194"),
            List.of("explain", "1194"),
            List.of("logs", "1194"),
            List.of("signal", "1194", "go"),
            List.of("replace", "1194", "--priority", "7"),
            List.of("enqueue", "--type", "t", "--after", "1194"),
            List.of("cancel", "1194"),
            List.of("retry", "1194"),
            List.of("cancel", "1194"),
            List.of("delete", "1194"));

    for (List<String> command : commands) {
      Cli.Result answer = cli.run(command.toArray(String[]::new));
      assertThat(answer.code()).as("%s: %s", command, answer.err()).isEqualTo(ExitCodes.OK);
    }
    assertThat(cli.run("show", THIRD).code()).isEqualTo(ExitCodes.NOT_FOUND);
  }
}
