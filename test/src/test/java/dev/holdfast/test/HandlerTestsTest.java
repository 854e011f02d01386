package dev.holdfast.test;

import static dev.holdfast.test.HandlerTests.crashAtEveryStep;
import static dev.holdfast.test.HandlerTests.perform;
import static dev.holdfast.test.HandlerTests.startAt;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.HandlerPolicy;
import dev.holdfast.JobContext;
import dev.holdfast.JobHandler;
import dev.holdfast.JobState;
import dev.holdfast.JobType;
import dev.holdfast.LogLine;
import dev.holdfast.NewJob;
import dev.holdfast.Outcome;
import dev.holdfast.Predecessor;
import dev.holdfast.RetryPolicy;
import dev.holdfast.check.Limits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HandlerTestsTest {
  private record Order(String id, int cents) {}

  private static final Order ORDER = new Order("A-1", 500);

  @Nested
  class Performing {
    @Test
    void gives_the_result() {
      Performed performed =
          perform((order, job) -> order.id() + " at attempt " + job.attempt(), ORDER);

      assertThat(performed.job().state()).isEqualTo(JobState.COMPLETED);
      assertThat(performed.job().result(String.class)).contains("A-1 at attempt 1");
    }

    @Test
    void gives_checkpoints_and_log_lines() {
      Performed performed =
          perform(
              JobHandler.action(
                  (order, job) -> {
                    job.checkpoint("charged", order.cents());
                    job.log("charged it");
                  }),
              ORDER);

      assertThat(performed.checkpoints()).containsEntry("charged", "500");
      assertThat(performed.log()).extracting(LogLine::message).containsExactly("charged it");
    }

    @Test
    void makes_one_attempt() {
      Performed performed =
          perform(
              (order, job) -> {
                throw new IllegalStateException("no card");
              },
              ORDER);

      assertThat(performed.job().state()).isEqualTo(JobState.SCHEDULED);
      assertThat(performed.job().failure().orElseThrow().message()).contains("no card");
    }

    @Test
    void goes_by_the_policy_of_a_type() {
      JobType<Order, ?> type =
          JobType.of("charge", Order.class)
              .policy(HandlerPolicy.defaults().retry(RetryPolicy.none()));

      Performed performed =
          perform(
              type,
              (order, job) -> {
                throw new IllegalStateException("no card");
              },
              ORDER);

      assertThat(performed.job().state()).isEqualTo(JobState.FAILED);
      assertThat(performed.job().type()).isEqualTo("charge");
    }

    @Test
    void takes_an_outcome_for_what_it_is() {
      Performed performed =
          perform((order, job) -> Outcome.retryIn(Duration.ofHours(1), "busy"), ORDER);

      assertThat(performed.job().state()).isEqualTo(JobState.SCHEDULED);
    }

    @Test
    void lets_a_failed_assertion_of_the_handler_fail_the_test() {
      assertThatThrownBy(
              () ->
                  perform(
                      (order, job) -> {
                        throw new AssertionError("the handler was wrong");
                      },
                      ORDER))
          .isInstanceOf(AssertionError.class)
          .hasMessage("the handler was wrong");
    }
  }

  /** The handler of an order with steps of each kind; what its code does is in {@code effects}. */
  private static final class Steps {
    private final List<String> effects = new ArrayList<>();

    private String run(Order order, JobContext job) throws Exception {
      String receipt = job.step("charge", String.class, () -> did("charge", "receipt 1"));
      job.step("tell", () -> effects.add("tell"));
      job.sleep("nap", Duration.ofDays(3));
      Optional<String> approval = job.awaitSignal("approval", String.class, Duration.ofDays(1));
      List<Predecessor> parcels = job.await("parcels", List.of(NewJob.of("parcel", 1)));
      String sent =
          parcels.stream().map(parcel -> parcel.result().orElse(parcel.state().name())).toList()
              + " with "
              + receipt;
      return job.step("thank", String.class, () -> did("thank", approval.orElse("no") + sent))
          + " at attempt "
          + job.attempt();
    }

    private String did(String effect, String result) {
      effects.add(effect);
      return result;
    }
  }

  @Nested
  class Starting_at_a_step {
    private final Steps steps = new Steps();

    private RecordedSteps untilParcels(String start) {
      return startAt(start).step("charge", "receipt 7").step("tell").sleep("nap");
    }

    @Test
    void runs_that_step_alone_and_with_the_results_given() {
      Performed performed =
          untilParcels("thank")
              .signal("approval", "Ada")
              .jobs("parcels", "box 1", Outcome.notRetryable("lost"))
              .perform(steps::run, ORDER);

      assertThat(performed.job().result(String.class))
          .contains("Ada[\"box 1\", FAILED] with receipt 7 at attempt 1");
      assertThat(steps.effects).containsExactly("thank");
    }

    @Test
    void waits_for_a_signal_in_vain_if_the_test_says_so() {
      Performed performed =
          untilParcels("thank").noSignal("approval").jobs("parcels").perform(steps::run, ORDER);

      assertThat(performed.job().result(String.class).orElseThrow()).startsWith("no[]");
    }

    @Test
    void ends_where_the_next_wait_suspends_the_job() {
      Performed performed = startAt("tell").step("charge", "receipt 7").perform(steps::run, ORDER);

      assertThat(performed.job().state()).isEqualTo(JobState.SCHEDULED);
      assertThat(steps.effects).containsExactly("tell");
    }

    @Test
    void starts_at_the_first_step_with_nothing_recorded() {
      Performed performed = startAt("charge").perform(steps::run, ORDER);

      assertThat(steps.effects).containsExactly("charge", "tell");
      assertThat(performed.job().state()).isEqualTo(JobState.SCHEDULED);
    }

    @Test
    void goes_by_the_policy_of_a_type() {
      JobType<Order, ?> type =
          JobType.of("order", Order.class)
              .policy(HandlerPolicy.defaults().retry(RetryPolicy.none()));

      Performed performed =
          startAt("pay")
              .step("reserve")
              .perform(
                  type,
                  JobHandler.action(
                      (order, job) -> {
                        job.step("reserve", () -> steps.effects.add("reserve"));
                        job.step(
                            "pay",
                            () -> {
                              throw new IllegalStateException("no card");
                            });
                      }),
                  ORDER);

      assertThat(performed.job().state()).isEqualTo(JobState.FAILED);
      assertThat(performed.job().type()).isEqualTo("order");
      assertThat(steps.effects).isEmpty();
    }

    @Test
    void fails_when_a_step_before_it_is_not_recorded_and_does_not_run_it() {
      assertThatThrownBy(
              () -> startAt("nap").step("charge", "receipt 7").perform(steps::run, ORDER))
          .isInstanceOf(AssertionError.class)
          .hasMessage("the handler called step 'tell' before 'nap': record it too");
      assertThat(steps.effects).isEmpty();
    }

    @Test
    void fails_when_the_handler_hides_that() {
      assertThatThrownBy(
              () ->
                  startAt("b")
                      .perform(
                          (order, job) -> {
                            try {
                              job.step("a", () -> {});
                            } catch (AssertionError hidden) {
                              job.step("b", () -> {});
                            }
                            return null;
                          },
                          ORDER))
          .hasMessage("the handler called step 'a' before 'b': record it too");
    }

    @Test
    void fails_when_the_handler_does_not_come_to_it() {
      assertThatThrownBy(
              () -> startAt("refund").perform((order, job) -> Outcome.notRetryable("no"), ORDER))
          .isInstanceOf(AssertionError.class)
          .hasMessage("the handler ended without step 'refund': its job is FAILED, no");
    }

    @Test
    void reads_a_recorded_result_as_production_does() {
      assertThatThrownBy(
              () -> startAt("tell").step("charge", List.of(1)).perform(steps::run, ORDER))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("the handler ended without step 'tell': its job is SCHEDULED");
    }

    @Test
    void refuses_a_step_that_is_recorded_twice_or_started_at() {
      RecordedSteps recorded = startAt("b").step("a");

      assertThatThrownBy(() -> recorded.sleep("a")).hasMessage("step 'a' is recorded twice");
      assertThatThrownBy(() -> recorded.step("b"))
          .hasMessage("the test starts at step 'b': do not record it");
    }

    @Test
    void reports_what_cannot_be_recorded() {
      RecordedSteps recorded = startAt("b").step("a", "x".repeat(Limits.STEP_BYTES_MAX));

      assertThatThrownBy(() -> recorded.perform(steps::run, ORDER))
          .isInstanceOf(AssertionError.class)
          .hasMessageStartingWith("the steps cannot be recorded: the result of step 'a' has");
    }
  }

  @Nested
  class Crashing_at_every_step {
    private final List<String> effects = new ArrayList<>();

    @Test
    void shows_what_a_checkpoint_after_the_effect_cannot_prevent() {
      CrashReport report =
          crashAtEveryStep(
              JobHandler.action(
                  (Order order, JobContext job) -> {
                    if (job.checkpoint("charged", Boolean.class).isEmpty()) {
                      effects.add("charge " + order.id());
                      job.checkpoint("charged", true);
                    }
                    effects.add("mail");
                  }),
              ORDER,
              effects);

      assertThat(report.toString().lines())
          .containsExactly(
              "before checkpoint 'charged': COMPLETED, doubled [charge A-1]",
              "after checkpoint 'charged': COMPLETED",
              "at the end, before it was stored: COMPLETED, doubled [mail]");
      assertThat(report.doubled()).containsExactly("charge A-1", "mail");
      assertThat(report.missing()).isEmpty();
    }

    @Test
    void shows_what_a_checkpoint_before_the_effect_loses() {
      CrashReport report =
          crashAtEveryStep(
              JobHandler.action(
                  (Order order, JobContext job) -> {
                    if (job.checkpoint("charged", Boolean.class).isEmpty()) {
                      job.checkpoint("charged", true);
                      effects.add("charge");
                    }
                  }),
              ORDER,
              effects);

      assertThat(report.missing()).containsExactly("charge");
      assertThat(report.doubled()).isEmpty();
    }

    @Test
    void finds_nothing_doubled_where_the_other_side_knows_the_key() {
      Set<String> charges = new LinkedHashSet<>();

      CrashReport report =
          crashAtEveryStep(
              JobHandler.action(
                  (Order order, JobContext job) -> {
                    charges.add("charge for job " + order.id());
                    job.checkpoint("charged", true);
                  }),
              ORDER,
              charges);

      assertThat(report.crashes()).hasSize(3);
      assertThat(report.doubled()).isEmpty();
      assertThat(report.missing()).isEmpty();
    }

    @Test
    void shows_what_a_step_cannot_prevent_and_that_a_sleep_doubles_nothing() {
      CrashReport report =
          crashAtEveryStep(
              JobHandler.action(
                  (Order order, JobContext job) -> {
                    job.step("charge", () -> effects.add("charge"));
                    job.sleep("nap", Duration.ofDays(3));
                    boolean isApproved =
                        job.awaitSignal("approval", String.class, Duration.ofDays(1)).isPresent();
                    job.step("tell", () -> effects.add("approved: " + isApproved));
                  }),
              ORDER,
              effects);

      assertThat(report.toString().lines())
          .containsExactly(
              "before step 'charge' was stored: COMPLETED, doubled [charge]",
              "after step 'charge': COMPLETED",
              "before step 'nap' suspended the job: COMPLETED",
              "while step 'nap' waits: COMPLETED",
              "before step 'nap' was stored: COMPLETED",
              "after step 'nap': COMPLETED",
              "before step 'approval' suspended the job: COMPLETED",
              "while step 'approval' waits: COMPLETED",
              "before step 'approval' was stored: COMPLETED",
              "after step 'approval': COMPLETED",
              "before step 'tell' was stored: COMPLETED, doubled [approved: false]",
              "after step 'tell': COMPLETED",
              "at the end, before it was stored: COMPLETED");
      assertThat(report.missing()).isEmpty();
    }

    /** After a real kill no such code runs. */
    @Test
    void runs_no_finally_of_the_handler_that_died() {
      CrashReport report =
          crashAtEveryStep(
              JobHandler.action(
                  (Order order, JobContext job) -> {
                    try {
                      job.checkpoint("opened", true);
                    } finally {
                      effects.add("closed");
                    }
                  }),
              ORDER,
              effects);

      assertThat(report.crashes().get(0).doubled()).isEmpty();
      assertThat(report.crashes().get(1).doubled()).isEmpty();
      assertThat(report.crashes().get(2).doubled()).containsExactly("closed");
    }

    @Test
    void needs_a_handler_that_completes_without_a_crash() {
      assertThatThrownBy(
              () ->
                  crashAtEveryStep(
                      (order, job) -> Outcome.notRetryable("no card"), ORDER, new ArrayList<>()))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("without a crash the job must complete, but it is FAILED");
    }
  }
}
