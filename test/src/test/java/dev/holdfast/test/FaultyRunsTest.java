package dev.holdfast.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.HandlerPolicy;
import dev.holdfast.Holdfast;
import dev.holdfast.Job;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.NewJob;
import dev.holdfast.RetryPolicy;
import dev.holdfast.error.InvalidRequestException;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(60)
class FaultyRunsTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private final Exception refused = new ConnectException("refused");

  private final List<String> done = new ArrayList<>();

  @RegisterExtension final HoldfastExtension test = new HoldfastExtension(this::register);

  private void register(Holdfast holdfast) {
    HandlerPolicy hourly = HandlerPolicy.defaults().retry(RetryPolicy.fixed(HOUR));
    holdfast.handle("mail", String.class, (to, job) -> done.add(to), hourly);
    holdfast.handle("call", String.class, (to, job) -> done.add("call " + to), hourly);
    holdfast.handle(
        "nap",
        String.class,
        (name, job) -> {
          done.add("before");
          job.sleep("nap", HOUR);
          return done.add("after");
        },
        hourly);
  }

  private JobId enqueue(String type, String payload) {
    return test.holdfast().enqueue(NewJob.of(type, payload)).id();
  }

  private Job job(JobId id) {
    return test.holdfast().find(id).orElseThrow();
  }

  @Test
  void the_next_runs_fail_before_their_handler_and_later_ones_do_not() {
    test.onNextRuns("mail", 2).failBefore(refused);
    JobId id = enqueue("mail", "ada");

    test.advance(HOUR.minusSeconds(1));
    assertThat(done).isEmpty();
    assertThat(job(id).failure().orElseThrow().message()).contains("refused");

    test.advance(HOUR.multipliedBy(2));
    assertThat(done).containsExactly("ada");
    assertThat(job(id).attempt()).isEqualTo(3);
  }

  @Test
  void one_run_fails_counted_over_all_jobs_of_the_type() {
    test.onRun("mail", 2).failBefore(refused);
    enqueue("mail", "ada");
    enqueue("call", "bob");
    test.runUntilIdle();
    JobId second = enqueue("mail", "eve");

    test.runUntilIdle();

    assertThat(done).containsExactly("ada", "call bob");
    assertThat(job(second).state()).isEqualTo(JobState.SCHEDULED);
  }

  @Test
  void a_run_that_fails_afterwards_has_its_effects_and_no_result() {
    test.onRun("mail", 1).failAfter(new IOException("answer lost"));
    JobId id = enqueue("mail", "ada");

    test.runUntilIdle();
    assertThat(done).containsExactly("ada");
    assertThat(job(id).state()).isEqualTo(JobState.SCHEDULED);
    assertThat(job(id).failure().orElseThrow().message()).contains("answer lost");

    test.advance(HOUR);
    assertThat(done).containsExactly("ada", "ada");
  }

  @Test
  void a_run_that_suspends_its_job_stays_suspended() {
    test.onRun("nap", 1).failAfter(refused);
    JobId id = enqueue("nap", "x");

    test.advance(HOUR);

    assertThat(done).containsExactly("before", "before", "after");
    assertThat(job(id).attempt()).isEqualTo(1);
  }

  @Test
  void a_crash_afterwards_runs_the_job_again_with_its_effects_doubled() {
    test.onNextRuns("mail", 1).crashAfter();
    JobId id = enqueue("mail", "ada");

    test.advance(HOUR);

    assertThat(done).containsExactly("ada", "ada");
    assertThat(job(id).state()).isEqualTo(JobState.COMPLETED);
    assertThat(job(id).crashes()).isEqualTo(1);
    assertThat(job(id).attempt()).isEqualTo(1);
  }

  @Test
  void a_crash_before_the_handler_doubles_nothing() {
    test.onNextRuns("mail", 2).crashBefore();
    JobId id = enqueue("mail", "ada");

    test.runUntilIdle();

    assertThat(done).containsExactly("ada");
    assertThat(job(id).crashes()).isEqualTo(2);
  }

  @Test
  void a_crash_while_the_job_is_suspended_by_the_run_loses_that_end() {
    test.onRun("nap", 1).crashAfter();
    JobId id = enqueue("nap", "x");

    test.advance(HOUR.multipliedBy(2));

    assertThat(done).containsExactly("before", "before", "before", "after");
    assertThat(job(id).crashes()).isEqualTo(1);
  }

  @Test
  void faults_of_several_kinds_add_up() {
    test.onRun("mail", 1).crashBefore();
    test.onRun("mail", 2).failAfter(refused);
    enqueue("mail", "ada");

    test.advance(HOUR.multipliedBy(2));

    assertThat(done).containsExactly("ada", "ada");
  }

  @Test
  void a_fault_ends_with_its_test() {
    HoldfastExtension other = new HoldfastExtension(this::register);
    other.beforeEach(Contexts.NONE);
    other.onNextRuns("mail", 100).failBefore(refused);
    other.afterEach(Contexts.NONE);

    other.beforeEach(Contexts.NONE);
    other.holdfast().enqueue(NewJob.of("mail", "ada"));
    other.runUntilIdle();
    other.afterEach(Contexts.NONE);

    assertThat(done).containsExactly("ada");
  }

  @Test
  void numbers_begin_with_one_and_types_have_names() {
    assertThatThrownBy(() -> test.onRun("mail", 0))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("the number of the run must be 1 to");
    assertThatThrownBy(() -> test.onNextRuns("mail", 0))
        .hasMessageContaining("the number of runs must be 1 to");
    assertThatThrownBy(() -> test.onRun(" ", 1)).isInstanceOf(InvalidRequestException.class);
  }
}
