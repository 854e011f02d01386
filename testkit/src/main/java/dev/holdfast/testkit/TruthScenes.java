package dev.holdfast.testkit;

import static dev.holdfast.testkit.JobAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Explanation;
import dev.holdfast.Finding;
import dev.holdfast.JobId;
import dev.holdfast.QueueStatus;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Status, history and logs that must agree with what happened. */
@Tag("R-37")
public abstract class TruthScenes extends EngineScene {

  @Test
  void a_node_that_has_died_is_shown_as_dead_at_once_and_its_jobs_as_orphaned() {
    handle(this::sleepLong);
    JobId id = enqueue();
    advance(SECOND);

    world.crash("a");

    QueueStatus status = world.queue().status();
    assertThat(status.orphaned()).isEqualTo(1);
    assertThat(status.nodes()).noneMatch(QueueStatus.Node::alive);
    assertThat(status.problems()).extracting(Finding::code).contains("orphaned-jobs", "node-dead");
    assertThat(world.queue().explain(id).reasons())
        .extracting(Explanation.Reason::code)
        .contains(Explanation.Code.HOLDER_DEAD);
  }

  @Test
  void a_job_that_waits_for_a_node_that_has_died_knows_it() {
    handle((payload, job) -> payload);
    advance(SECOND);
    world.crash("a");

    JobId id = enqueue();

    assertThat(world.queue().explain(id).reasons())
        .extracting(Explanation.Reason::code)
        .contains(Explanation.Code.NO_NODE);
  }

  @Test
  void a_job_that_was_cancelled_while_it_ran_is_no_warning() {
    handle((payload, job) -> sleepDeaf(seconds(2)));
    JobId id = enqueue();
    advance(SECOND);

    List<String> lines =
        LogMemory.during(
            () -> {
              world.queue().cancel(List.of(id), "ops");
              advance(seconds(5));
            });

    assertThat(job(id)).isCancelled();
    assertThat(lines).noneMatch(line -> line.startsWith("WARN"));
    assertThat(lines).anyMatch(line -> line.contains("The job was cancelled"));
  }

  @Test
  void a_job_that_was_taken_from_a_frozen_node_is_one() {
    handle((payload, job) -> sleepDeaf(seconds(50)));
    enqueue();
    advance(SECOND);
    world.start("b");

    List<String> lines =
        LogMemory.during(
            () -> {
              world.pause("a", seconds(40));
              advance(MINUTE);
            });

    assertThat(lines)
        .anyMatch(line -> line.startsWith("WARN") && line.contains("The lease had ended"));
  }
}
