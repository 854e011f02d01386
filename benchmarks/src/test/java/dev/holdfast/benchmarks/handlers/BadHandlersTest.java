package dev.holdfast.benchmarks.handlers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Failure;
import dev.holdfast.Holdfast;
import dev.holdfast.Job;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.NewJob;
import dev.holdfast.NodeConfig;
import dev.holdfast.check.Limits;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Checks that every misbehaving handler ends as documented, and harms no other job. */
@Timeout(180)
@Tag("R-19")
@Tag("slow")
class BadHandlersTest {
  @TempDir private Path folder;

  @Test
  void end_as_documented_and_leave_the_node_at_work() throws Exception {
    Map<BadHandler, JobId> jobs = new LinkedHashMap<>();
    try (Holdfast holdfast = open()) {
      holdfast.handle("good", Integer.class, (payload, job) -> payload + 1);
      for (BadHandler bad : BadHandler.values()) {
        bad.handleBy(holdfast);
      }
      holdfast.start(
          NodeConfig.defaults().concurrency(BadHandler.values().length).grace(Duration.ZERO));
      for (BadHandler bad : BadHandler.values()) {
        jobs.put(bad, holdfast.enqueue(bad.job()).id());
      }

      for (Map.Entry<BadHandler, JobId> bad : jobs.entrySet()) {
        if (bad.getKey().end().isFinished()) {
          Job job = holdfast.await(bad.getValue(), Duration.ofMinutes(2)).get(3, TimeUnit.MINUTES);
          assertThat(job.state()).as("%s: %s", bad.getKey(), job).isEqualTo(bad.getKey().end());
          assertThat(job.failure().map(Failure::kind))
              .as("%s: %s", bad.getKey(), job)
              .isEqualTo(bad.getKey().kind());
        }
      }
      Job snoozing = holdfast.find(jobs.get(BadHandler.SNOOZES_FOR_EVER)).orElseThrow();
      assertThat(snoozing.state()).isEqualTo(JobState.SCHEDULED);
      assertThat(snoozing.attempt()).isZero();
      JobId good = holdfast.enqueue(NewJob.of("good", 1)).id();
      assertThat(holdfast.await(good, Duration.ofMinutes(1)).get().result()).contains("2");
      assertThat(holdfast.vitals().unresponsive())
          .isEqualTo(
              List.of(BadHandler.values()).stream().filter(BadHandler::isUnresponsive).count());
    }
  }

  @ParameterizedTest
  @EnumSource(Killer.class)
  @Tag("R-32")
  void that_kill_their_process_are_failed_at_the_third_time(Killer killer) throws Exception {
    JobId killing;
    JobId bystander;
    try (Holdfast holdfast = open()) {
      bystander = holdfast.enqueue(NewJob.of("bystander", 1).priority(-1)).id();
      killing = holdfast.enqueue(NewJob.of(killer.type(), 1)).id();
    }
    for (int i = 0; i < Limits.CRASHES_MAX; i++) {
      Process node = startNode();
      assertThat(node.waitFor(1, TimeUnit.MINUTES)).as("the node ends").isTrue();
    }
    try (Holdfast holdfast = open()) {
      holdfast.handle("bystander", Integer.class, (payload, job) -> "done");
      holdfast.start();

      Job failed = holdfast.await(killing, Duration.ofMinutes(1)).get();
      assertThat(failed.state()).isEqualTo(JobState.FAILED);
      assertThat(failed.failure().map(Failure::kind)).contains(Failure.Kind.CRASH_LOOP);
      assertThat(failed.crashes()).isEqualTo(Limits.CRASHES_MAX);
      Job other = holdfast.await(bystander, Duration.ofMinutes(1)).get();
      assertThat(other.state()).isEqualTo(JobState.COMPLETED);
      assertThat(other.attempt()).isEqualTo(1);
    }
  }

  private Holdfast open() {
    return Holdfast.open(folder.resolve("jobs.db").toString());
  }

  private Process startNode() throws Exception {
    File log = folder.resolve("node.log").toFile();
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            Killer.class.getName(),
            folder.resolve("jobs.db").toString())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
        .start();
  }
}
