package dev.holdfast.testkit;

import static dev.holdfast.test.time.VirtualHandlerThreads.sleep;
import static dev.holdfast.testkit.JobAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.JobContext;
import dev.holdfast.JobId;
import dev.holdfast.NewJob;
import dev.holdfast.NodeCommand;
import dev.holdfast.NodeConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Jobs under a limit that were claimed before a permit was free. */
@Tag("R-15")
public abstract class SharedPermitsScenes extends EngineScene {
  private static final NodeConfig FIVE_SLOTS = NodeConfig.defaults().concurrency(5);

  private int inside;
  private int mostInside;
  private final List<String> begun = new ArrayList<>();

  private Object work(String payload, JobContext job) throws InterruptedException {
    begun.add(payload);
    mostInside = Math.max(mostInside, ++inside);
    try {
      sleep(Duration.ofMillis(payload.startsWith("slow") ? 60_000 : 2));
      return payload;
    } finally {
      inside--;
    }
  }

  private void limit(int most) {
    world.queue().queues().configure(NewJob.DEFAULT_QUEUE, all -> all.concurrency(most));
  }

  /** A slow job, and those that share its permit. */
  private record Line(JobId slow, List<JobId> after) {}

  /** Enqueues jobs that run one at a time; those before the slow one end at once. */
  private Line jobsBehindASlowOne() {
    limit(1);
    handle(this::work, STEADY, FIVE_SLOTS);
    enqueueMany(300);
    return new Line(enqueue(NewJob.of("t", "slow")), enqueueMany(3));
  }

  private List<JobId> enqueueMany(int count) {
    return world
        .queue()
        .enqueue(IntStream.range(0, count).mapToObj(i -> NewJob.of("t", "" + i)).toList())
        .stream()
        .map(one -> one.id())
        .toList();
  }

  @Nested
  class A_node_with_jobs_that_share_a_permit {
    @Test
    void runs_all_and_no_more_at_once_than_the_limit_allows() {
      limit(2);
      handle(SharedPermitsScenes.this::work, STEADY, FIVE_SLOTS);
      List<JobId> all = enqueueMany(1_000);

      advance(seconds(30));

      assertThat(all).allSatisfy(id -> assertThat(job(id)).isCompleted());
      assertThat(mostInside).isEqualTo(2);
    }

    @Test
    void keeps_the_exact_order_where_one_runs_at_a_time() {
      limit(1);
      handle(SharedPermitsScenes.this::work, STEADY, FIVE_SLOTS);
      enqueueMany(500);

      advance(seconds(30));

      assertThat(begun).isEqualTo(IntStream.range(0, 500).mapToObj(i -> "" + i).toList());
    }

    @Test
    void claims_ahead_when_its_jobs_are_short() {
      Line line = jobsBehindASlowOne();

      advance(seconds(1));

      assertThat(job(line.slow())).isRunning();
      assertThat(line.after())
          .as("claimed behind it")
          .anySatisfy(id -> assertThat(job(id)).isRunning());
      assertThat(begun).last().isEqualTo("slow");
    }

    @Test
    void gives_back_jobs_that_share_the_permit_of_a_slow_one() {
      Line line = jobsBehindASlowOne();

      advance(seconds(5));

      assertThat(job(line.slow())).isRunning();
      assertThat(line.after()).allSatisfy(id -> assertThat(job(id)).isPending().hasAttempts(0));
    }

    @Test
    void keeps_no_other_queue_waiting() {
      jobsBehindASlowOne();
      advance(seconds(1));

      JobId other = enqueue(NewJob.of("t", "other").on("elsewhere"));
      advance(millis(100));

      assertThat(job(other)).isCompleted();
    }

    @Test
    void gives_its_waiting_jobs_back_when_drained() {
      Line line = jobsBehindASlowOne();
      advance(seconds(1));

      world.queue().nodes().command(NodeCommand.DRAIN, List.of());
      advance(millis(200));

      assertThat(job(line.slow())).isRunning();
      assertThat(line.after()).allSatisfy(id -> assertThat(job(id)).isPending().hasAttempts(0));
    }

    @Test
    @Tag("R-32")
    void charges_its_death_only_to_the_job_that_ran() {
      Line line = jobsBehindASlowOne();
      advance(seconds(1));

      world.crash("a");
      world.start("b");
      advance(seconds(2));

      assertThat(job(line.slow())).hasCrashes(1);
      assertThat(line.after()).allSatisfy(id -> assertThat(job(id)).hasCrashes(0));
      assertThat(mostInside).isLessThanOrEqualTo(2); // the dead one never returned its permit
    }
  }
}
