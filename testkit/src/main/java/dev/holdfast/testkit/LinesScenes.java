package dev.holdfast.testkit;

import static dev.holdfast.testkit.JobAssert.assertThat;
import static dev.holdfast.testkit.VirtualHandlerThreads.sleep;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.JobContext;
import dev.holdfast.JobId;
import dev.holdfast.NewJob;
import dev.holdfast.NodeConfig;
import dev.holdfast.NodeOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Jobs under a limit that were claimed before there was room for them. */
@Tag("R-15")
public abstract class LinesScenes extends EngineScene {
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
    world.queue().configure(NewJob.DEFAULT_QUEUE, all -> all.concurrency(Optional.of(most)));
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
  class A_node_with_jobs_in_line {
    @Test
    void runs_no_more_than_the_limit_allows_and_all_in_order() {
      limit(2);
      handle(LinesScenes.this::work, STEADY, FIVE_SLOTS);
      List<JobId> all = enqueueMany(1_000);

      advance(seconds(30));

      assertThat(all).allSatisfy(id -> assertThat(job(id)).isCompleted());
      assertThat(mostInside).isEqualTo(2);
    }

    @Test
    void keeps_the_exact_order_where_one_runs_at_a_time() {
      limit(1);
      handle(LinesScenes.this::work, STEADY, FIVE_SLOTS);
      enqueueMany(500);

      advance(seconds(30));

      assertThat(begun).isEqualTo(IntStream.range(0, 500).mapToObj(i -> "" + i).toList());
    }

    @Test
    void claims_ahead_when_its_jobs_are_short() {
      limit(1);
      handle(LinesScenes.this::work, STEADY, FIVE_SLOTS);
      enqueueMany(300);
      JobId slow = enqueue(NewJob.of("t", "slow"));
      List<JobId> after = enqueueMany(3);

      advance(seconds(1));

      assertThat(job(slow)).isRunning();
      assertThat(after).as("claimed behind it").anySatisfy(id -> assertThat(job(id)).isRunning());
      assertThat(begun).last().isEqualTo("slow");
    }

    @Test
    void gives_back_what_stands_behind_a_job_that_takes_its_time() {
      limit(1);
      handle(LinesScenes.this::work, STEADY, FIVE_SLOTS);
      enqueueMany(300);
      JobId slow = enqueue(NewJob.of("t", "slow"));
      List<JobId> after = enqueueMany(3);

      advance(seconds(5));

      assertThat(job(slow)).isRunning();
      assertThat(after).allSatisfy(id -> assertThat(job(id)).isPending().hasAttempts(0));
    }

    @Test
    void keeps_no_other_queue_waiting() {
      limit(1);
      handle(LinesScenes.this::work, STEADY, FIVE_SLOTS);
      enqueueMany(300);
      enqueue(NewJob.of("t", "slow"));
      enqueueMany(100);
      advance(seconds(1));

      JobId other = enqueue(NewJob.of("t", "other").on("elsewhere"));
      advance(millis(100));

      assertThat(job(other)).isCompleted();
    }

    @Test
    void gives_its_line_back_when_it_is_told_to_drain() {
      limit(1);
      handle(LinesScenes.this::work, STEADY, FIVE_SLOTS);
      enqueueMany(300);
      JobId slow = enqueue(NewJob.of("t", "slow"));
      List<JobId> after = enqueueMany(3);
      advance(seconds(1));

      world.queue().order(NodeOrder.DRAIN, List.of());
      advance(millis(200));

      assertThat(job(slow)).isRunning();
      assertThat(after).allSatisfy(id -> assertThat(job(id)).isPending().hasAttempts(0));
    }

    @Test
    @Tag("R-32")
    void charges_its_death_only_to_the_job_that_ran() {
      limit(1);
      handle(LinesScenes.this::work, STEADY, FIVE_SLOTS);
      enqueueMany(300);
      JobId slow = enqueue(NewJob.of("t", "slow"));
      List<JobId> after = enqueueMany(3);
      advance(seconds(1));

      world.crash("a");
      world.start("b");
      advance(seconds(2));

      assertThat(job(slow)).hasCrashes(1);
      assertThat(after).allSatisfy(id -> assertThat(job(id)).hasCrashes(0));
      assertThat(mostInside).isLessThanOrEqualTo(2); // the dead one never left
    }
  }
}
