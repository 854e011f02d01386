package dev.holdfast.cli.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Holdfast;
import dev.holdfast.Job;
import dev.holdfast.JobId;
import dev.holdfast.NewJob;
import dev.holdfast.cli.Cli;
import dev.holdfast.cli.terminal.ExitCodes;
import dev.holdfast.error.NotRetryableException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Steps in {@code holdfast show}, and {@code holdfast retry --from}. */
@Tag("R-69")
final class StepsCommandsTest {
  @TempDir Path folder;

  /** A job that failed behind two steps. */
  private String failed(Cli cli) throws Exception {
    try (Holdfast holdfast = Holdfast.open(cli.db().toString())) {
      holdfast.handle(
          "order",
          Integer.class,
          (number, job) -> {
            job.step("charge", Map.class, () -> Map.of("cents", 500));
            job.sleep("nap", Duration.ZERO);
            throw new NotRetryableException("no way");
          });
      holdfast.start();
      JobId id = holdfast.enqueue(NewJob.of("order", 1)).id();
      Job unused = holdfast.await(id, Duration.ofMinutes(2)).get();
      return id.toString();
    }
  }

  @Test
  void are_shown_with_their_times() throws Exception {
    Cli cli = new Cli(folder);
    String id = failed(cli);

    assertThat(cli.run("show", id).lines())
        .anyMatch(
            line ->
                line.matches("step +charge \\(work, attempt 1\\), started at .*, took .*: .*500.*"))
        .anyMatch(line -> line.matches("step +nap \\(sleep, attempt 1\\), started at .*, took .*"));
    JsonNode steps = cli.run("show", id, "--json").json().get("steps");
    assertThat(steps.get(0).get("name").asString()).isEqualTo("charge");
    assertThat(steps.get(0).get("result").toString()).isEqualTo("{\"cents\":500}");
    assertThat(steps.get(1).get("finished_at").isNull()).isFalse();
  }

  @Test
  void are_forgotten_by_a_retry_from_one_of_them() throws Exception {
    Cli cli = new Cli(folder);
    String id = failed(cli);

    assertThat(cli.run("retry", id, "--from", "nab").code()).isEqualTo(ExitCodes.NOT_FOUND);
    assertThat(cli.run("retry", "--all", "--from", "nap").code()).isEqualTo(ExitCodes.USAGE);
    assertThat(cli.run("retry", id, "--from", "nap").out()).isEqualTo("retried 1 job\n");
    assertThat(cli.run("retry", id, "--from", "charge").code()).isEqualTo(ExitCodes.CONFLICT);

    JsonNode job = cli.run("show", id, "--json").json();
    assertThat(job.get("state").asString()).isEqualTo("PENDING");
    assertThat(job.get("steps").size()).isEqualTo(1);
  }
}
