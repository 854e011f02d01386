package dev.holdfast.testkit;

import static dev.holdfast.test.time.VirtualHandlerThreads.sleep;
import static dev.holdfast.testkit.JobAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Batch;
import dev.holdfast.Chain;
import dev.holdfast.Enqueued;
import dev.holdfast.JobGraph;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.NewJob;
import dev.holdfast.OnSignalTimeout;
import dev.holdfast.Outcome;
import dev.holdfast.Predecessor;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Jobs that wait for others, and their handlers. */
@Tag("R-07")
public abstract class DependencyScenes extends EngineScene {
  private List<JobId> enqueue(JobGraph plan) {
    return world.queue().enqueue(plan).stream().map(Enqueued::id).toList();
  }

  private static NewJob job(String payload) {
    return NewJob.of("t", payload);
  }

  @Nested
  class A_chain {
    @Test
    void runs_one_after_another_each_with_what_the_one_before_returned() {
      handle(
          (payload, job) -> {
            heard.add(payload);
            sleep(SECOND);
            return job.results(String.class).findFirst().orElse("") + payload;
          });

      List<JobId> ids = enqueue(Chain.of(job("a"), job("b"), job("c")));
      advance(seconds(10));

      assertThat(heard).containsExactly("a", "b", "c");
      assertThat(job(ids.get(2)).result()).contains("\"abc\"");
    }

    @Test
    void ends_where_one_fails() {
      handle((payload, job) -> payload.equals("b") ? Outcome.notRetryable("no") : 1);

      List<JobId> ids = enqueue(Chain.of(job("a"), job("b"), job("c"), job("d")));
      advance(SECOND);

      assertThat(job(ids.get(0))).isCompleted();
      assertThat(job(ids.get(1)).state()).isEqualTo(JobState.FAILED);
      assertThat(job(ids.get(3)).state()).isEqualTo(JobState.CANCELLED);
    }

    @Test
    @Tag("R-28")
    void goes_on_after_a_node_has_died_in_the_middle() {
      handle(
          (payload, job) -> {
            sleep(seconds(5));
            return payload;
          });
      List<JobId> ids = enqueue(Chain.of(job("a"), job("b")));
      advance(seconds(2));
      assertThat(job(ids.get(0))).isRunning();

      world.crash("a");
      world.start("b");
      advance(seconds(60));

      assertThat(job(ids.get(0))).isCompleted().hasCrashes(1);
      assertThat(job(ids.get(1))).isCompleted();
    }
  }

  @Nested
  class A_batch {
    @Test
    void is_followed_by_a_job_that_reads_all_results_in_their_order() {
      handle(
          (payload, job) ->
              payload.equals("sum")
                  ? job.results(Integer.class).mapToInt(i -> i).sum()
                  : Integer.valueOf(payload));
      List<NewJob> children = IntStream.range(0, 250).mapToObj(i -> job("" + i)).toList();

      List<JobId> ids = enqueue(Batch.of(children).then(job("sum")));
      advance(seconds(10));

      assertThat(ids).hasSize(251);
      assertThat(job(ids.get(250)).result()).contains("" + 249 * 250 / 2);
    }

    @Test
    void is_followed_in_any_case_if_that_was_asked() {
      handle(
          (payload, job) -> {
            if (payload.equals("bad")) {
              return Outcome.notRetryable("no");
            }
            return job.predecessors().map(Predecessor::state).toList().toString();
          });

      List<JobId> strict = enqueue(Batch.of(job("good"), job("bad")).then(job("then")));
      List<JobId> patient = enqueue(Batch.of(job("good"), job("bad")).thenInAnyCase(job("then")));
      advance(seconds(10));

      assertThat(job(strict.get(2)).state()).isEqualTo(JobState.CANCELLED);
      assertThat(job(patient.get(2)).result()).contains("\"[COMPLETED, FAILED]\"");
    }
  }

  @Nested
  @Tag("R-57")
  class A_signal {
    @Test
    void is_read_by_the_handler_that_waited_for_it() {
      handle((payload, job) -> job.signal("approval").orElse("nothing"));
      JobId id = enqueue(job("x").untilSignal("approval", MINUTE));
      advance(seconds(30));
      assertThat(job(id).state()).isEqualTo(JobState.BLOCKED);

      world.queue().signal(id, "approval", 42, "ada");
      advance(SECOND);

      assertThat(job(id).result()).contains("\"42\"");
    }

    @Test
    void may_be_asked_for_by_a_handler_in_the_middle_of_its_work() {
      handle(
          (payload, job) -> {
            if (job.checkpoint("drafted", String.class).isEmpty()) {
              heard.add("drafts");
              job.checkpoint("drafted", "a letter");
            }
            if (job.signal("approval").isEmpty()) {
              return Outcome.untilSignal("approval", MINUTE);
            }
            return job.checkpoint("drafted", String.class).orElse("")
                + ", attempt "
                + job.attempt();
          });
      JobId id = enqueue(job("x"));
      advance(seconds(30));
      assertThat(job(id).state()).isEqualTo(JobState.BLOCKED);

      world.crash("a");
      world.start("b");
      world.queue().signal(id, "approval", true, "ada");
      advance(seconds(30));

      assertThat(job(id)).isCompleted();
      assertThat(job(id).result()).contains("\"a letter, attempt 1\"");
      assertThat(heard).containsExactly("drafts");
    }

    @Test
    void that_a_handler_has_asked_for_and_that_does_not_come_fails_the_job() {
      handle((payload, job) -> Outcome.untilSignal("approval", MINUTE));
      JobId id = enqueue(job("x"));

      advance(seconds(59));
      assertThat(job(id).state()).isEqualTo(JobState.BLOCKED);
      advance(seconds(5));

      assertThat(job(id).state()).isEqualTo(JobState.FAILED);
    }

    @Test
    void that_does_not_come_fails_the_job_or_lets_it_run() {
      handle((payload, job) -> job.signal("approval").orElse("nothing"));
      JobId strict = enqueue(job("x").untilSignal("approval", MINUTE));
      JobId patient = enqueue(job("x").untilSignal("approval", MINUTE, OnSignalTimeout.RUN));

      advance(seconds(59));
      assertThat(job(strict).state()).isEqualTo(JobState.BLOCKED);
      advance(seconds(5));

      assertThat(job(strict).state()).isEqualTo(JobState.FAILED);
      assertThat(job(patient).result()).contains("\"nothing\"");
    }
  }
}
