package dev.holdfast.testkit;

import static dev.holdfast.test.time.VirtualHandlerThreads.sleep;
import static dev.holdfast.testkit.JobAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.JobId;
import dev.holdfast.NewJob;
import dev.holdfast.NodeCommand;
import dev.holdfast.NodePhase;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Commands of operators to nodes. */
@Tag("R-21")
public abstract class NodeCommandsScenes extends EngineScene {

  @Nested
  class A_draining_node {
    @Test
    void claims_no_more_lets_running_jobs_end_and_reports_that_it_is_quiet() {
      handle(
          (payload, job) -> {
            sleep(seconds(60));
            return "done";
          });
      JobId running = enqueue();
      advance(SECOND);

      world.queue().nodes().command(NodeCommand.DRAIN, List.of());
      JobId later = enqueue();
      advance(seconds(20));

      assertThat(node("a").command()).isEqualTo(NodeCommand.DRAIN);
      assertThat(node("a").phase()).isEqualTo(NodePhase.DRAINING);
      assertThat(job(running)).isRunning();
      assertThat(job(later)).isPending();
      advance(seconds(40));
      assertThat(job(running)).isCompleted();
      assertThat(node("a").phase()).isEqualTo(NodePhase.QUIET);
      assertThat(job(later)).isPending();
    }

    @Test
    void gives_back_what_waits_there_and_charges_nothing() {
      handle(
          (payload, job) -> payload.equals("slow") ? sleepLong(payload, job) : 1, STEADY, ONE_SLOT);
      for (int i = 0; i < 10; i++) {
        enqueue();
      }
      JobId running = enqueue(NewJob.of("t", "slow"));
      JobId waiting = enqueue();
      advance(millis(500));
      assertThat(job(waiting)).isRunning();

      world.queue().nodes().command(NodeCommand.DRAIN, List.of(world.id("a")));
      advance(millis(100));

      assertThat(job(running)).isRunning();
      assertThat(job(waiting)).isPending().hasAttempts(0).hasCrashes(0);
    }

    @Test
    void works_again_after_the_command_to_run() {
      handle((payload, job) -> "done");
      world.queue().nodes().command(NodeCommand.DRAIN, List.of());
      advance(seconds(10));
      JobId id = enqueue();
      advance(seconds(10));
      assertThat(job(id)).isPending();

      world.queue().nodes().command(NodeCommand.RUN, List.of());
      advance(seconds(10));

      assertThat(job(id)).isCompleted();
      assertThat(node("a").phase()).isEqualTo(NodePhase.RUNNING);
    }

    @Test
    void becomes_quiet_though_a_handler_does_not_return() {
      handle((payload, job) -> sleepDeaf(seconds(1_000)));
      JobId deaf = enqueue(job().timeout(SECOND).maxAttempts(1));
      advance(millis(500));

      world.queue().nodes().command(NodeCommand.DRAIN, List.of());
      advance(seconds(15));

      assertThat(job(deaf).state().isFinished()).isTrue();
      assertThat(node("a").phase()).isEqualTo(NodePhase.QUIET);
      assertThat(node("a").vitals().unresponsive()).isEqualTo(1);
    }

    @Test
    @Tag("R-28")
    void leaves_the_work_to_others() {
      handle((payload, job) -> "done");
      world.start("b");
      advance(SECOND);

      world.queue().nodes().command(NodeCommand.DRAIN, List.of(world.id("a")));
      advance(SECOND);
      JobId id = enqueue();
      advance(SECOND);

      assertThat(job(id)).isCompleted();
      assertThat(job(id).holder().orElseThrow().node()).isEqualTo(world.id("b"));
    }
  }

  @Nested
  @Tag("R-31")
  class A_node_that_stops {
    @Test
    void takes_no_work_despite_the_command_to_run() {
      handle(
          (payload, job) -> {
            sleep(seconds(40));
            return "done";
          });
      JobId running = enqueue();
      advance(SECOND);
      world.queue().nodes().command(NodeCommand.DRAIN, List.of());
      advance(SECOND);

      world.stop("a", MINUTE);
      world.queue().nodes().command(NodeCommand.RUN, List.of());
      JobId later = enqueue();
      advance(seconds(30));

      assertThat(node("a").phase()).isEqualTo(NodePhase.DRAINING);
      assertThat(job(later)).isPending();
      advance(seconds(30));
      assertThat(job(running)).isCompleted();
      assertThat(job(later)).isPending();
      assertThat(world.lives("a")).isFalse();
    }
  }
}
