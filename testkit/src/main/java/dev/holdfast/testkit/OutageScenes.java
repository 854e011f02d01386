package dev.holdfast.testkit;

import static dev.holdfast.testkit.JobAssert.assertThat;
import static dev.holdfast.testkit.VirtualHandlerThreads.sleep;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.NewJob;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A time in which the store cannot be reached. */
@Tag("R-58")
public abstract class OutageScenes extends EngineScene {
  private final Outage outage = new Outage();

  @BeforeEach
  void startOverABadLine() {
    replaceWorld(outage::over);
    handle(
        (payload, job) -> {
          heard.add("start of " + payload);
          try {
            sleep(Duration.ofSeconds(Long.parseLong(payload)));
          } catch (InterruptedException told) {
            heard.add("interrupted " + payload);
            throw told;
          }
          return payload;
        });
  }

  private JobId lasting(int seconds) {
    return enqueue(NewJob.of("t", Integer.toString(seconds)));
  }

  @Test
  void shorter_than_the_lease_stops_no_handler_and_keeps_every_result() {
    JobId ends = lasting(5);
    JobId outlasts = lasting(30);
    advance(seconds(1));

    outage.begin();
    advance(seconds(8));
    outage.end();
    advance(seconds(6));

    assertThat(job(ends)).isCompleted().hasAttempts(1).hasCrashes(0);
    assertThat(job(outlasts)).isRunning();
    advance(seconds(30));
    assertThat(job(outlasts)).isCompleted().hasAttempts(1).hasCrashes(0);
    assertThat(heard).containsExactly("start of 5", "start of 30");
  }

  @Test
  void longer_than_the_lease_stops_the_handlers_and_keeps_the_results_of_those_that_had_ended() {
    JobId ends = lasting(5);
    JobId outlasts = lasting(30);
    advance(seconds(1));

    outage.begin();
    advance(MINUTE);
    assertThat(heard).containsExactly("start of 5", "start of 30", "interrupted 30");
    outage.end();
    advance(seconds(10));

    assertThat(job(ends)).isCompleted().hasAttempts(1);
    assertThat(job(outlasts)).isRunning().hasAttempts(1).hasCrashes(0);
    advance(MINUTE);
    assertThat(job(outlasts)).isCompleted();
    assertThat(heard).containsExactly("start of 5", "start of 30", "interrupted 30", "start of 30");
  }

  @Test
  void is_seen_in_the_nodes_vital_signs_while_it_lasts() {
    advance(seconds(1));
    assertThat(world.vitals("a").isDegraded()).isFalse();

    outage.begin();
    advance(seconds(10));
    assertThat(world.vitals("a").isDegraded()).isTrue();
    assertThat(world.vitals("a").duties())
        .anyMatch(
            duty ->
                duty.name().equals("heartbeat")
                    && duty.failures() > 0
                    && duty.error().orElse("").contains("down"));
    outage.end();
    advance(seconds(10));

    assertThat(world.vitals("a").isDegraded()).isFalse();
  }

  @Test
  void of_any_length_ends_with_the_work_going_on_by_itself() {
    advance(seconds(1));
    outage.begin();
    advance(Duration.ofHours(3));
    outage.end();

    JobId id = lasting(1);
    advance(seconds(10));

    assertThat(job(id)).isCompleted();
    assertThat(world.store().status().counts()).containsEntry(JobState.COMPLETED, 1L);
  }

  @Test
  void that_hides_the_answer_to_no_call_runs_nothing_twice() {
    JobId id = lasting(5);
    advance(seconds(1));
    outage.begin();
    advance(seconds(10));
    outage.end();
    advance(MINUTE);

    assertThat(job(id)).isCompleted();
    assertThat(history(id)).containsExactly(JobState.PENDING, JobState.RUNNING, JobState.COMPLETED);
  }
}
