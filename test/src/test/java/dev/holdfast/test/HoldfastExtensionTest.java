package dev.holdfast.test;

import static dev.holdfast.test.HoldfastAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.HandlerPolicy;
import dev.holdfast.Holdfast;
import dev.holdfast.Job;
import dev.holdfast.JobId;
import dev.holdfast.JobQueue;
import dev.holdfast.JobState;
import dev.holdfast.NewJob;
import dev.holdfast.RetryPolicy;
import dev.holdfast.Schedule;
import dev.holdfast.error.StoreUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(60)
class HoldfastExtensionTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration DAY = Duration.ofDays(1);

  private final List<String> done = new ArrayList<>();

  @RegisterExtension final HoldfastExtension test = new HoldfastExtension(this::register);

  private void register(Holdfast holdfast) {
    holdfast.handle("mail", String.class, (to, job) -> done.add(to));
    holdfast.handle(
        "slow",
        String.class,
        (name, job) -> {
          HoldfastExtension.sleep(Duration.ofMinutes(10));
          done.add(name + " in attempt " + job.attempt());
          return name;
        });
    holdfast.handle(
        "flaky",
        Integer.class,
        (successAt, job) -> {
          if (job.attempt() < successAt) {
            throw new IllegalStateException("not yet");
          }
          return done.add("attempt " + job.attempt());
        },
        HandlerPolicy.defaults().retry(RetryPolicy.fixed(Duration.ofHours(1))));
    holdfast.handle(
        "chain",
        Integer.class,
        (rest, job) -> {
          done.add("link " + rest);
          return rest == 0 ? null : holdfast.enqueue(NewJob.of("chain", rest - 1)).id().toString();
        });
  }

  private Job job(JobId id) {
    return test.holdfast().find(id).orElseThrow();
  }

  @Nested
  class Time {
    @Test
    void stands_still_until_the_test_moves_it() {
      JobId id = test.holdfast().enqueue(NewJob.of("mail", "ada")).id();

      assertThat(job(id).state()).isEqualTo(JobState.PENDING);
      assertThat(test.now()).isEqualTo(Instant.parse("2026-01-01T00:00:00Z"));
    }

    @Test
    void that_is_advanced_runs_what_comes_due_in_it() {
      test.holdfast().enqueue(NewJob.of("mail", "ada").in(DAY));

      test.advance(DAY.minus(SECOND));
      assertThat(done).isEmpty();

      test.advance(SECOND);
      assertThat(done).containsExactly("ada");
      assertThat(test.now()).isEqualTo(Instant.parse("2026-01-02T00:00:00Z"));
    }

    @Test
    void makes_retries_at_their_times() {
      JobId id = test.holdfast().enqueue(NewJob.of("flaky", 3)).id();

      test.advance(Duration.ofMinutes(119));
      assertThat(job(id).state()).isEqualTo(JobState.SCHEDULED);

      test.advance(Duration.ofMinutes(2));
      assertThat(done).containsExactly("attempt 3");
    }

    @Test
    void fires_schedules() {
      test.holdfast()
          .schedule(Schedule.cron("nightly", "0 2 * * *", "UTC", NewJob.of("mail", "night")));

      test.advance(Duration.ofDays(3));

      assertThat(done).containsExactly("night", "night", "night");
    }

    @Test
    void passes_while_a_handler_sleeps() {
      JobId id = test.holdfast().enqueue(NewJob.of("slow", "it")).id();

      test.advance(Duration.ofMinutes(9));
      assertThat(job(id).state()).isEqualTo(JobState.RUNNING);

      test.advance(Duration.ofMinutes(1));
      assertThat(job(id).state()).isEqualTo(JobState.COMPLETED);
    }

    @Test
    void ends_a_handler_at_its_time_out() {
      JobId id =
          test.holdfast().enqueue(NewJob.of("slow", "it").timeout(SECOND).maxAttempts(1)).id();

      test.advance(Duration.ofSeconds(5));

      assertThat(job(id).state()).isEqualTo(JobState.FAILED);
      assertThat(done).isEmpty();
    }

    @Test
    void runs_duties_of_the_program_when_they_are_due() {
      List<Instant> runs = new ArrayList<>();
      HoldfastExtension bare = new HoldfastExtension();
      bare.beforeEach(Contexts.NONE);
      bare.holdfast()
          .duty(
              "cleaning",
              () -> {
                runs.add(bare.now());
                return Duration.ofHours(1);
              });
      bare.holdfast().start();

      bare.advance(Duration.ofHours(3));
      bare.afterEach(Contexts.NONE);

      assertThat(runs).hasSize(4);
    }

    /** The acceptance of the kit: a month of retries within a test. */
    @Test
    void of_a_month_with_a_hundred_jobs_and_their_retries_is_short() {
      for (int i = 0; i < 100; i++) {
        test.holdfast().enqueue(NewJob.of("flaky", 3).in(Duration.ofHours(7L * i)));
      }
      long began = System.nanoTime();

      test.advance(Duration.ofDays(31));

      Duration took = Duration.ofNanos(System.nanoTime() - began);
      assertThat(done).hasSize(100).containsOnly("attempt 3");
      System.out.println("31 virtual days took " + took.toMillis() + " ms");
      assertThat(took).isLessThan(Duration.ofSeconds(30));
    }
  }

  @Nested
  class Running_until_idle {
    @Test
    void runs_what_jobs_enqueue_too() {
      test.holdfast().enqueue(NewJob.of("chain", 3));

      test.runUntilIdle();

      assertThat(done).containsExactly("link 3", "link 2", "link 1", "link 0");
      assertThat(test.now()).isEqualTo(Instant.parse("2026-01-01T00:00:00Z"));
    }

    @Test
    void waits_for_handlers_and_not_for_retries() {
      test.holdfast().enqueue(NewJob.of("slow", "it"));
      JobId retried = test.holdfast().enqueue(NewJob.of("flaky", 2)).id();

      test.runUntilIdle();

      assertThat(done).containsExactly("it in attempt 1");
      assertThat(job(retried).state()).isEqualTo(JobState.SCHEDULED);
    }

    @Test
    void ends_although_a_job_has_no_handler() {
      JobId id = test.holdfast().enqueue(NewJob.of("unknown", 1)).id();

      test.runUntilIdle();
      test.advance(Duration.ofDays(31));

      assertThat(job(id).state()).isEqualTo(JobState.PENDING);
    }
  }

  @Nested
  class Waiting_for_a_job {
    @Test
    void lets_time_pass_until_it_has_finished() throws Exception {
      JobId id = test.holdfast().enqueue(NewJob.of("slow", "it")).id();

      Job job = test.holdfast().await(id, DAY).get();

      assertThat(job.state()).isEqualTo(JobState.COMPLETED);
      assertThat(test.now()).isEqualTo(Instant.parse("2026-01-01T00:10:00Z"));
    }

    @Test
    void ends_at_its_own_time_out() {
      JobId id = test.holdfast().enqueue(NewJob.of("slow", "it")).id();

      CompletableFuture<Job> waits = test.holdfast().await(id, SECOND);

      assertThatThrownBy(waits::get)
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(TimeoutException.class);
      assertThat(test.now()).isBefore(Instant.parse("2026-01-01T00:00:02Z"));
    }
  }

  @Nested
  class A_crash {
    @Test
    void starts_the_job_again_in_the_next_process() {
      JobId id = test.holdfast().enqueue(NewJob.of("slow", "it")).id();
      test.advance(Duration.ofMinutes(5));

      test.crash();
      test.advance(Duration.ofMinutes(10).plus(SECOND));

      assertThat(done).containsExactly("it in attempt 1"); // a crash uses up no attempt
      assertThat(job(id).crashes()).isEqualTo(1);
    }

    @Test
    void keeps_what_is_in_the_queue() {
      test.holdfast().enqueue(NewJob.of("mail", "ada").in(DAY));

      test.crash();
      test.advance(DAY);

      assertThat(done).containsExactly("ada");
    }
  }

  @Test
  void jobs_of_a_dead_process_that_nobody_recovers_are_a_mistake_of_the_test() {
    HoldfastExtension bare = new HoldfastExtension();
    bare.beforeEach(Contexts.NONE);
    register(bare.holdfast());
    bare.holdfast().start();
    bare.holdfast().enqueue(NewJob.of("slow", "it"));
    bare.advance(SECOND);

    bare.crash();

    assertThatThrownBy(bare::runUntilIdle).hasMessageContaining("was a node started?");
    bare.afterEach(Contexts.NONE);
  }

  @Nested
  class A_store_that_is_cut_off {
    @Test
    void refuses_callers_and_lets_jobs_go_on() {
      test.holdfast().enqueue(NewJob.of("slow", "it"));
      test.advance(Duration.ofMinutes(9));

      test.cutOff(Duration.ofMinutes(3));

      assertThatThrownBy(() -> test.holdfast().enqueue(NewJob.of("mail", "ada")))
          .isInstanceOf(StoreUnavailableException.class);
      test.advance(Duration.ofMinutes(5));
      assertThat(done).hasSize(1);
      test.holdfast().enqueue(NewJob.of("mail", "ada"));
      test.runUntilIdle();
      assertThat(done).contains("ada");
    }
  }

  @Nested
  class In_inline_mode {
    @RegisterExtension
    final HoldfastExtension inline =
        new HoldfastExtension(HoldfastExtensionTest.this::register).inline();

    @Test
    void a_job_has_run_when_it_was_enqueued() {
      JobId id = inline.holdfast().enqueue(NewJob.of("mail", "ada")).id();

      assertThat(done).containsExactly("ada");
      assertThat(inline.holdfast().find(id).orElseThrow().state()).isEqualTo(JobState.COMPLETED);
    }

    @Test
    void the_jobs_that_it_enqueues_have_run_too() {
      inline.holdfast().enqueue(NewJob.of("chain", 2));

      assertThat(done).containsExactly("link 2", "link 1", "link 0");
    }

    @Test
    void a_job_that_fails_does_not_fail_the_caller() {
      JobId id = inline.holdfast().enqueue(NewJob.of("flaky", 2)).id();

      assertThat(inline.holdfast().find(id).orElseThrow().state()).isEqualTo(JobState.SCHEDULED);
    }
  }

  @Nested
  class A_test {
    @Test
    void is_given_the_queue(Holdfast holdfast, JobQueue queue, HoldfastExtension extension) {
      assertThat(holdfast == test.holdfast()).isTrue();
      assertThat(queue.find(queue.newId())).isEmpty();
      assertThat(extension).isSameAs(test);
    }

    @Test
    void that_needs_no_setup_adds_its_own_handlers() {
      HoldfastExtension bare = new HoldfastExtension();
      AtomicInteger runs = new AtomicInteger();

      bare.beforeEach(Contexts.NONE);
      bare.holdfast().handle("t", String.class, (payload, job) -> runs.incrementAndGet());
      bare.holdfast().start();
      bare.holdfast().enqueue(NewJob.of("t", "x"));
      bare.runUntilIdle();
      bare.afterEach(Contexts.NONE);

      assertThat(runs).hasValue(1);
      assertThatThrownBy(bare::holdfast).hasMessageContaining("only while a test runs");
    }

    @Test
    void may_enqueue_from_other_threads() throws Exception {
      Thread other = new Thread(() -> test.holdfast().enqueue(NewJob.of("mail", "ada")));
      other.start();
      other.join();

      test.runUntilIdle();

      assertThat(done).containsExactly("ada");
    }
  }

  @Test
  void a_handler_that_never_returns_does_not_keep_the_test_from_ending() {
    test.holdfast().enqueue(NewJob.of("slow", "it"));
    test.advance(SECOND);

    test.holdfast().close();

    assertThat(done).isEmpty();
  }
}
