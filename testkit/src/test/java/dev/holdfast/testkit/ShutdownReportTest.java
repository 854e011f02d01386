package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.JobId;
import dev.holdfast.engine.ShutdownReport;
import dev.holdfast.test.time.MovableTime;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Log messages of a stop. */
@Tag("R-31")
final class ShutdownReportTest {
  private static final JobId JOB = new JobId(new UUID(1, 1));

  private final MovableTime time = new MovableTime();
  private final Map<JobId, Duration> running = new LinkedHashMap<>();

  @Test
  void of_an_idle_node_has_two_lines() {
    assertThat(stop(() -> {}))
        .containsExactly("INFO Stopping; 0 handlers run.", "INFO Stopped after 0.0s.");
  }

  @Test
  void names_what_ran_for_how_long_and_what_did_not_end() {
    running.put(JOB, Duration.ofSeconds(3));

    List<String> lines =
        stop(
            () -> {
              time.advance(Duration.ofSeconds(20));
              running.put(JOB, Duration.ofSeconds(23));
            });

    assertThat(lines)
        .containsExactly(
            "INFO Stopping; 1 handlers run: " + JOB + " for 3.0s.",
            "WARN 1 handlers still run after the grace period of 20s; they are interrupted: "
                + JOB
                + " for 23.0s.",
            "WARN 1 handlers did not end; their jobs are released: " + JOB + " for 23.0s.",
            "INFO Stopped after 20.0s.");
  }

  @Test
  void names_at_most_a_hundred_jobs() {
    for (int i = 0; i < 101; i++) {
      running.put(new JobId(new UUID(1, i)), Duration.ofSeconds(1));
    }

    String line = stop(() -> {}).get(0);

    assertThat(line).startsWith("INFO Stopping; 101 handlers run: ").endsWith(", ….");
    assertThat(line.split(" for 1.0s", -1)).hasSize(101);
  }

  /** Stops with a grace period that ends if anything runs after {@code wait}. */
  private List<String> stop(Runnable wait) {
    return LogMemory.during(
        () -> {
          ShutdownReport report = new ShutdownReport(time, () -> Map.copyOf(running));
          wait.run();
          if (!running.isEmpty()) {
            report.graceEnded(Duration.ofSeconds(20));
          }
          report.handlersEnded();
          report.write();
        });
  }
}
