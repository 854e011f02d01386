package dev.holdfast.testkit.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Holdfast;
import dev.holdfast.Job;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.NewJob;
import dev.holdfast.Transaction;
import dev.holdfast.step.Step;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A pipeline of steps in a process that is killed with {@code kill -9} at each of its places, once
 * for each; another process goes on.
 *
 * <p>{@code -Dstep.kills.rounds=12} kills at each place twelve times.
 */
@Tag("R-69")
public abstract class StepKills {
  private static final int ROUNDS = Integer.getInteger("step.kills.rounds", 1);
  private static final Duration LONG = Duration.ofMinutes(2);

  /** Returns the address of the queue. */
  protected abstract String address();

  /** Returns the JDBC URL of the same database, patient with locks. */
  protected abstract String url();

  /** Makes the queue's transaction of a connection. */
  protected abstract Function<Connection, Transaction> transactions();

  /** The class whose main method runs {@link StepPipeline#run}; it gets address, URL and place. */
  protected abstract Class<?> worker();

  @Test
  void leave_each_effect_once_wherever_the_process_is_killed() throws Exception {
    StepPipeline pipeline = new StepPipeline(url(), transactions(), job -> "");
    try (Holdfast holdfast = Holdfast.open(address())) {
      pipeline.createTable();
      for (int round = 0; round < ROUNDS; round++) {
        for (String place : StepPipeline.PLACES) {
          killAt(place, place + " in round " + round, holdfast);
          goOn(place + " in round " + round, pipeline);
        }
      }
      assertThat(holdfast.queue().maintenance().examine()).isEmpty();
    }
  }

  private void killAt(String place, String order, Holdfast holdfast) throws Exception {
    JobId id = holdfast.enqueue(NewJob.of("order", order).unique(order)).id();
    if (!place.equals("shortly after approval has begun")) {
      approve(id, holdfast);
    }
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                worker().getName(),
                address(),
                url(),
                place)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      assertThat(process.waitFor(2, TimeUnit.MINUTES)).as("killed %s", order).isTrue();
      assertThat(process.exitValue()).as("killed %s", order).isEqualTo(128 + 9);
    } finally {
      process.destroyForcibly();
    }
  }

  private static void approve(JobId id, Holdfast holdfast) {
    boolean unused = holdfast.queue().signal(id, "approval", "ada", "test");
  }

  /** Runs what is left in this process, and looks at it. */
  private void goOn(String order, StepPipeline pipeline) throws Exception {
    try (Holdfast holdfast = Holdfast.open(address())) {
      pipeline.handleIn(holdfast);
      holdfast.start();
      JobId id = holdfast.queue().findByKey("order", order, null).orElseThrow();
      if (holdfast.find(id).orElseThrow().state() != JobState.COMPLETED) {
        approve(id, holdfast);
      }
      Job job = holdfast.await(id, LONG).get();
      assertThat(job.state()).as("%s: %s", order, job).isEqualTo(JobState.COMPLETED);
      assertThat(pipeline.effects(order)).as(order).isEqualTo(StepPipeline.EFFECTS);
      List<Step> steps = holdfast.queue().steps(id);
      assertThat(steps)
          .as(order)
          .extracting(Step::name)
          .containsExactly("charge", "nap", "parts", "approval", "ship");
      assertThat(steps).as(order).allMatch(Step::isFinished);
    }
  }
}
