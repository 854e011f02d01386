package dev.holdfast.testkit;

import static dev.holdfast.test.time.VirtualHandlerThreads.sleep;
import static dev.holdfast.testkit.JobAssert.assertThat;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.holdfast.Failure;
import dev.holdfast.JobContext;
import dev.holdfast.JobFilter;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.NewJob;
import dev.holdfast.PageRequest;
import dev.holdfast.Predecessor;
import dev.holdfast.check.Limits;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.error.NotRetryableException;
import dev.holdfast.error.StoreUnavailableException;
import dev.holdfast.spi.StepStore;
import dev.holdfast.step.JobSuspended;
import dev.holdfast.step.Step;
import dev.holdfast.step.StepKind;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Steps of a handler: work that runs once, and waits that outlive attempts and processes. */
@Tag("R-69")
public abstract class StepsScenes extends EngineScene {
  /** Longer than anything else here, and short enough for a real database. */
  private static final Duration NAP = Duration.ofMinutes(2);

  private List<Step> steps(JobId id) {
    return world.store().steps().of(id).steps();
  }

  private String heard(String what) {
    heard.add(what);
    return what;
  }

  @Nested
  class A_step {
    @Test
    void runs_once_and_answers_its_result_to_every_later_attempt() {
      handle(
          (payload, job) -> {
            String receipt = job.step("charge", String.class, () -> heard("charged"));
            if (job.attempt() < 3) {
              throw new IllegalStateException("boom");
            }
            return receipt;
          });

      JobId id = enqueue();
      advance(seconds(5));

      assertThat(job(id)).isCompleted().hasAttempts(3).hasResult("\"charged\"");
      assertThat(heard).containsExactly("charged");
      assertThat(steps(id))
          .extracting(Step::name, Step::attempt)
          .containsExactly(tuple("charge", 1));
    }

    @Test
    void runs_once_though_the_process_dies_behind_it() {
      handle(
          (payload, job) -> {
            job.step("charge", () -> heard("charged"));
            heard("behind");
            return sleepLong(payload, job);
          });
      enqueue();
      advance(SECOND);

      world.crash("a");
      world.start("a");
      advance(SECOND);

      assertThat(heard).containsExactly("charged", "behind", "behind");
    }

    @Test
    void runs_again_if_its_work_failed() {
      handle(
          (payload, job) ->
              job.step(
                  "charge",
                  Integer.class,
                  () -> {
                    if (job.attempt() == 1) {
                      throw new IllegalStateException("boom");
                    }
                    return job.attempt();
                  }));

      JobId id = enqueue();
      advance(seconds(5));

      assertThat(job(id)).isCompleted().hasResult("2");
      assertThat(steps(id)).extracting(Step::attempt).containsExactly(2);
    }

    @Test
    void may_be_tried_again_in_the_same_attempt_if_its_work_failed() {
      handle(
          (payload, job) -> {
            try {
              job.step(
                  "charge",
                  () -> {
                    throw new IllegalStateException("boom");
                  });
            } catch (IllegalStateException boom) {
              job.step("charge", () -> heard("charged"));
            }
            return null;
          });

      JobId id = enqueue();
      advance(SECOND);

      assertThat(job(id)).isCompleted().hasAttempts(1);
      assertThat(heard).containsExactly("charged");
    }

    @Test
    void answers_what_was_read_from_JSON_in_the_first_run_too() {
      handle(
          (payload, job) -> {
            Map<?, ?> read = job.step("map", Map.class, () -> Map.of("at", NAP));
            return requireNonNull(read.get("at")).getClass().getName();
          });

      JobId id = enqueue();
      advance(SECOND);

      assertThat(job(id)).isCompleted().hasResult("\"java.lang.String\"");
    }

    @Test
    void may_have_no_result() {
      handle(
          (payload, job) -> {
            @Nullable String none = job.<@Nullable String>step("none", String.class, () -> null);
            if (job.attempt() == 1) {
              throw new IllegalStateException("boom");
            }
            return none == null ? "none" : none;
          });

      JobId id = enqueue();
      advance(seconds(5));

      assertThat(job(id)).isCompleted().hasResult("\"none\"");
    }

    @Test
    void has_the_times_of_its_work() {
      handle(
          (payload, job) -> {
            job.step("slow", () -> sleep(seconds(3)));
            return null;
          });

      JobId id = enqueue();
      advance(seconds(5));

      Step slow = steps(id).get(0);
      assertThat(Duration.between(slow.startedAt(), slow.finishedAt().orElseThrow()))
          .isEqualTo(seconds(3));
      assertThat(slow.kind()).isEqualTo(StepKind.WORK);
    }

    @Test
    void whose_answer_was_lost_is_recorded_again() {
      List<String> lost = new ArrayList<>();
      replaceWorld(
          store ->
              new StoreDecorator(store) {
                @Override
                public StepStore steps() {
                  return losingAnAnswer(store.steps(), lost);
                }
              });
      handle((payload, job) -> job.step("charge", String.class, () -> heard("charged")));

      JobId id = enqueue();
      advance(SECOND);

      assertThat(job(id)).isCompleted().hasAttempts(1);
      assertThat(lost).containsExactly("finish");
      assertThat(heard).containsExactly("charged");
      assertThat(steps(id)).hasSize(1);
    }

    private StepStore losingAnAnswer(StepStore behind, List<String> lost) {
      return (StepStore)
          Proxy.newProxyInstance(
              StepStore.class.getClassLoader(),
              new Class<?>[] {StepStore.class},
              (proxy, method, arguments) -> {
                Object answer;
                try {
                  answer = method.invoke(behind, arguments);
                } catch (InvocationTargetException thrown) {
                  throw thrown.getCause();
                }
                if (method.getName().equals("finish") && lost.isEmpty()) {
                  lost.add("finish");
                  throw new StoreUnavailableException("the answer was lost");
                }
                return answer;
              });
    }

    @Test
    @Tag("R-33")
    void under_a_lease_that_has_ended_is_not_recorded() {
      handle(
          (payload, job) -> {
            sleepDeaf(seconds(4));
            return job.step("by " + job.token(), Long.class, job::token);
          });
      JobId id = enqueue();
      advance(SECOND);
      world.start("b");

      world.pause("a", seconds(40));
      advance(MINUTE.multipliedBy(2));

      assertThat(job(id)).isCompleted().hasResult("3");
      assertThat(steps(id)).extracting(Step::name).containsExactly("by 3");
    }

    @Test
    void is_read_only_by_jobs_that_have_steps() {
      List<String> calls = new ArrayList<>();
      replaceWorld(
          store ->
              new StoreDecorator(store) {
                @Override
                <T> T call(String operation, Supplier<T> call) {
                  calls.add(operation);
                  return super.call(operation, call);
                }
              });
      handle((payload, job) -> payload);

      JobId id = enqueue();
      advance(SECOND);

      assertThat(job(id)).isCompleted();
      assertThat(calls).contains("exchange").doesNotContain("of", "finish");
    }
  }

  @Nested
  class A_sleep {
    @Test
    void gives_the_slot_and_the_attempt_back_and_goes_on_behind_it() {
      handle(
          (payload, job) -> {
            job.step("before", () -> heard("before"));
            try {
              job.sleep("nap", NAP);
            } finally {
              heard("finally");
            }
            heard("behind");
            return job.attempt();
          },
          STEADY,
          ONE_SLOT);

      JobId id = enqueue();
      advance(SECOND);
      assertThat(job(id).state()).isEqualTo(JobState.SCHEDULED);
      assertThat(heard).containsExactly("before", "finally");
      JobId other = enqueue(job());
      advance(SECOND);
      assertThat(job(other).state()).as("the slot is free").isEqualTo(JobState.SCHEDULED);
      advance(NAP.minus(MINUTE));
      assertThat(heard).doesNotContain("behind");

      advance(MINUTE);

      assertThat(job(id)).isCompleted().hasAttempts(1).hasResult("1");
      assertThat(heard.stream().filter("before"::equals)).as("once for each job").hasSize(2);
      Step nap = steps(id).get(1);
      assertThat(Duration.between(nap.startedAt(), nap.finishedAt().orElseThrow()))
          .isBetween(NAP, NAP.plus(SECOND));
    }

    @Test
    void goes_on_through_a_crash_and_a_restart() {
      handle(
          (payload, job) -> {
            job.sleep("nap", NAP);
            heard("behind");
            return null;
          });
      JobId id = enqueue();
      advance(MINUTE);
      world.crash("a");
      advance(NAP.multipliedBy(2));

      world.start("a");
      advance(SECOND);

      assertThat(job(id)).isCompleted();
      assertThat(heard).containsExactly("behind");
    }

    @Test
    void ends_once_for_a_job_that_crashes_behind_it() {
      handle(
          (payload, job) -> {
            job.sleep("nap", NAP);
            sleep(MINUTE);
            return payload;
          });
      JobId id = enqueue();
      advance(NAP.plus(seconds(30)));

      world.crash("a");
      world.start("a");
      advance(MINUTE.plus(seconds(10)));

      assertThat(job(id)).isCompleted();
    }

    @Test
    void may_follow_another_one() {
      handle(
          (payload, job) -> {
            for (int i = 0; i < 5; i++) {
              job.sleep("nap " + i, seconds(10));
            }
            return "rested";
          });
      JobId id = enqueue();

      advance(MINUTE);

      assertThat(job(id)).isCompleted().hasAttempts(1).hasResult("\"rested\"");
    }

    @Test
    void ends_the_attempt_whatever_the_handler_does_with_the_error() {
      handle(
          (payload, job) -> {
            try {
              job.sleep("nap", NAP);
            } catch (JobSuspended swallowed) {
              assertThatThrownBy(() -> job.step("more", () -> heard("more")))
                  .isInstanceOf(JobSuspended.class);
              assertThatThrownBy(() -> job.checkpoint("a", 1)).isInstanceOf(JobSuspended.class);
              assertThatThrownBy(() -> job.sleep("again", NAP)).isInstanceOf(JobSuspended.class);
              assertThatThrownBy(() -> job.progress(1, "")).isInstanceOf(JobSuspended.class);
              assertThat(swallowed.getStackTrace()).isEmpty();
              job.log("still here");
              throw new IllegalStateException("boom");
            }
            return "done";
          });

      JobId id = enqueue();
      advance(MINUTE);
      assertThat(job(id).state()).isEqualTo(JobState.SCHEDULED);
      assertThat(job(id).failure()).isEmpty();
      assertThat(steps(id)).extracting(Step::name).containsExactly("nap");
      assertThat(world.queue().checkpoints(id)).isEmpty();
      advance(NAP);

      assertThat(job(id)).isCompleted().hasAttempts(1).hasResult("\"done\"");
    }

    @Test
    void of_a_node_that_stops_is_a_sleep_all_the_same() {
      handle(
          (payload, job) -> {
            try {
              sleep(seconds(5));
            } catch (InterruptedException stopping) {
              job.sleep("nap", NAP);
            }
            return null;
          });
      JobId id = enqueue();
      advance(SECOND);

      world.stop("a", seconds(2));
      advance(MINUTE);

      assertThat(job(id).state()).isEqualTo(JobState.SCHEDULED);
      assertThat(steps(id)).hasSize(1);
    }
  }

  @Nested
  class A_wait_for_a_signal {
    @Test
    void answers_its_payload_when_it_has_come() {
      handle(
          (payload, job) ->
              job.awaitSignal("approval", String.class, NAP).map(by -> "by " + by).orElse("late"));
      JobId id = enqueue();
      advance(MINUTE);
      assertThat(job(id).state()).isEqualTo(JobState.BLOCKED);

      world.queue().signal(id, "approval", "ada", "web");
      advance(SECOND);

      assertThat(job(id)).isCompleted().hasAttempts(1).hasResult("\"by ada\"");
      assertThat(steps(id).get(0).result()).contains("\"ada\"");
    }

    @Test
    void answers_at_once_if_it_had_come_before() {
      handle((payload, job) -> job.awaitSignal("approval", String.class, NAP).orElse("late"));
      world.crash("a");
      JobId id = enqueue();
      world.queue().signal(id, "approval", "ada", "web");

      world.start("a");
      advance(SECOND);

      assertThat(job(id)).isCompleted().hasResult("\"ada\"");
      assertThat(history(id))
          .containsExactly(JobState.PENDING, JobState.RUNNING, JobState.COMPLETED);
    }

    @Test
    void answers_nothing_when_it_is_late_and_stays_with_that() {
      handle(
          (payload, job) -> {
            Optional<String> by = job.awaitSignal("approval", String.class, NAP);
            if (job.attempt() == 1) {
              world.queue().signal(job.id(), "approval", "ada", "web");
              throw new IllegalStateException("boom");
            }
            return by.orElse("late");
          });
      JobId id = enqueue();

      advance(NAP.plus(MINUTE));

      assertThat(job(id)).isCompleted().hasAttempts(2).hasResult("\"late\"");
    }
  }

  @Nested
  class A_wait_for_jobs {
    private void handleParts() {
      world.handle(
          "part",
          Integer.class,
          (number, job) -> {
            heard("part " + number);
            sleep(MINUTE);
            if (number == 2) {
              throw new NotRetryableException("boom");
            }
            return number * 10;
          },
          STEADY);
    }

    private List<NewJob> parts(int count) {
      return IntStream.rangeClosed(1, count).mapToObj(i -> NewJob.of("part", i)).toList();
    }

    @Test
    void answers_their_states_and_results_when_all_have_ended() {
      handleParts();
      handle(
          (payload, job) ->
              job.await("parts", parts(3)).stream()
                  .map(part -> part.position() + " " + part.state() + part.result())
                  .toList(),
          STEADY,
          ONE_SLOT);
      JobId id = enqueue();
      advance(MINUTE);
      assertThat(job(id).state()).isEqualTo(JobState.BLOCKED);

      advance(MINUTE.multipliedBy(3));

      assertThat(job(id))
          .isCompleted()
          .hasAttempts(1)
          .hasResult(
              "[\"0 COMPLETEDOptional[10]\",\"1 FAILEDOptional.empty\",\"2"
                  + " COMPLETEDOptional[30]\"]");
      assertThat(heard).containsExactlyInAnyOrder("part 1", "part 2", "part 3");
    }

    @Test
    void enqueues_them_once_though_the_process_dies_in_between() {
      handleParts();
      handle(
          (payload, job) -> {
            List<Predecessor> parts = job.await("parts", parts(1));
            heard("behind");
            sleep(MINUTE);
            return parts.size();
          });
      JobId id = enqueue();
      advance(seconds(30));
      world.crash("a");
      world.start("a");
      advance(MINUTE.plus(seconds(30)));
      world.crash("a");
      world.start("a");
      advance(MINUTE.multipliedBy(3));

      assertThat(job(id)).isCompleted().hasResult("1");
      assertThat(heard).containsExactly("part 1", "part 1", "behind", "behind");
      assertThat(world.queue().list(JobFilter.all(), PageRequest.first(9)).items()).hasSize(2);
    }

    @Test
    void does_not_count_them_as_predecessors() {
      handleParts();
      handle(
          (payload, job) -> {
            job.await("parts", parts(1));
            return job.predecessors().count();
          });

      JobId id = enqueue();
      advance(MINUTE.multipliedBy(2));

      assertThat(job(id)).isCompleted().hasResult("0");
    }
  }

  @Nested
  class Is_refused_in_words {
    private interface Body {
      void in(JobContext job) throws Exception;
    }

    private void inAHandler(Body body) {
      handle(
          (payload, job) -> {
            body.in(job);
            return "all as expected";
          });
      JobId id = enqueue(job().maxAttempts(1));
      advance(SECOND);
      assertThat(job(id)).isCompleted();
    }

    private void assertRefused(Body call, JobContext job, String reason) {
      assertThatThrownBy(() -> call.in(job))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining(reason);
      assertThat(steps(job.id())).extracting(Step::name).doesNotContain("refused");
    }

    @Test
    void a_name_that_was_used_in_this_run() {
      inAHandler(
          job -> {
            job.step("a", () -> heard("once"));
            assertRefused(same -> same.step("a", () -> heard("twice")), job, "step 'a' has run");
            assertRefused(same -> same.sleep("a", NAP), job, "step 'a' has run");
          });
      assertThat(heard).containsExactly("once");
    }

    @Test
    void a_wait_for_a_job_that_waits_for_its_own() {
      inAHandler(
          job ->
              assertRefused(
                  same -> same.await("refused", List.of(NewJob.of("part", 1).after(job.id()))),
                  job,
                  "would never end"));
      assertThat(world.queue().list(JobFilter.all(), PageRequest.first(9)).items()).hasSize(1);
    }

    @Test
    void a_wait_for_its_own_job() {
      NewJob own = job().unique("own").maxAttempts(1);
      handle(
          (payload, job) -> {
            assertRefused(same -> same.await("refused", List.of(own)), job, "would never end");
            return "as expected";
          });
      JobId id = enqueue(own);
      advance(SECOND);
      assertThat(job(id)).isCompleted();
    }

    @Test
    void a_wait_for_a_job_that_waits_for_its_own_through_another() {
      inAHandler(
          job -> {
            JobId first = world.queue().enqueue(NewJob.of("part", 1).after(job.id())).id();
            NewJob second = NewJob.of("part", 2).after(first).unique("second");
            world.queue().enqueue(second);
            assertRefused(
                same -> same.await("refused", List.of(NewJob.of("part", 2).unique("second"))),
                job,
                "would never end");
          });
    }

    @Test
    void a_wait_for_a_job_whose_step_waits_for_its_own() {
      NewJob own = job().unique("own").maxAttempts(1);
      world.handle(
          "part", Integer.class, (number, job) -> job.await("back", List.of(own)).size(), STEADY);
      handle(
          (payload, job) -> {
            NewJob part = NewJob.of("part", 1).unique("part");
            world.queue().enqueue(part);
            sleep(MINUTE);
            assertRefused(same -> same.await("refused", List.of(part)), job, "would never end");
            return "as expected";
          });
      JobId id = enqueue(own);
      advance(MINUTE.multipliedBy(2));
      assertThat(job(id)).isCompleted();
    }

    @Test
    void a_step_or_a_wait_within_a_step() {
      inAHandler(
          job ->
              job.step(
                  "outer",
                  () -> {
                    assertRefused(
                        same -> same.step("refused", () -> heard("inner")),
                        job,
                        "step 'refused' is called within step 'outer'");
                    assertRefused(same -> same.sleep("refused", NAP), job, "within step 'outer'");
                  }));
      assertThat(heard).isEmpty();
    }

    @Test
    void a_wait_on_another_thread() {
      inAHandler(
          job -> {
            CompletableFuture.runAsync(
                    () -> {
                      assertRefused(
                          same -> same.sleep("refused", NAP), job, "only the thread that runs");
                      heard("refused");
                    })
                .join();
          });
      assertThat(heard).containsExactly("refused");
    }

    @Test
    void another_kind_under_a_recorded_name() {
      handle(
          (payload, job) -> {
            if (job.attempt() == 1) {
              job.step("a", () -> heard("work"));
              throw new IllegalStateException("boom");
            }
            assertRefused(
                same -> same.sleep("a", NAP), job, "is recorded as work, and is now a sleep");
            return null;
          });
      JobId id = enqueue();
      advance(seconds(5));
      assertThat(job(id)).isCompleted();
    }

    @Test
    void a_result_that_is_too_large() {
      inAHandler(
          job -> {
            String large = "e".repeat(Limits.STEP_BYTES_MAX - 1);
            assertRefused(
                same -> same.step("refused", String.class, () -> large), job, "1,048,577 bytes");
          });
    }

    @Test
    void more_steps_than_a_job_may_have() {
      inAHandler(
          job -> {
            for (int i = 0; i < Limits.STEPS_MAX; i++) {
              job.step("n" + i, () -> {});
            }
            assertRefused(same -> same.step("refused", () -> {}), job, "at most 1,000 steps");
          });
    }

    @Test
    void names_that_are_too_long() {
      inAHandler(
          job -> {
            job.step("n".repeat(Limits.NAME_CHARS_MAX), () -> {});
            assertRefused(
                same -> same.step("n".repeat(Limits.NAME_CHARS_MAX + 1), () -> {}), job, "had 201");
          });
    }
  }

  @Nested
  class A_timeout {
    @Test
    void counts_although_the_handler_suspended_its_job_afterwards() {
      handle(
          (payload, job) -> {
            sleepDeaf(seconds(4));
            job.sleep("nap", NAP);
            return null;
          });

      JobId id = enqueue(job().timeout(SECOND).maxAttempts(1));
      advance(seconds(20));

      assertThat(job(id)).isFailedBy(Failure.Kind.TIMEOUT);
    }
  }
}
