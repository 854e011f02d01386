package dev.holdfast.testkit;

import static dev.holdfast.testkit.JobAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Failure;
import dev.holdfast.JobFilter;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.MonitorConfig;
import dev.holdfast.NewJob;
import dev.holdfast.NodeConfig;
import dev.holdfast.RecoveryPolicy;
import dev.holdfast.RecoveryStrategy;
import dev.holdfast.Vitals.Counter;
import dev.holdfast.check.Limits;
import dev.holdfast.error.StoreUnavailableException;
import dev.holdfast.spi.Death;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Recovery of jobs whose process died or was stopped: its policies and its reports. */
@Tag("R-30")
@Tag("R-34")
public abstract class RecoveryScenes extends EngineScene {

  /** Decides in one way where its code is, and has another word for those without it. */
  private record Strategy(RecoveryPolicy own, RecoveryPolicy elsewhere, List<String> asked)
      implements RecoveryStrategy {
    @Override
    public RecoveryPolicy decide(Interruption what) {
      asked.add(
          "%s attempt %d, crashes %d, %s: %s"
              .formatted(
                  what.type(),
                  what.attempt(),
                  what.crashes(),
                  what.crashed() ? "crashed" : "stopped",
                  what.cause()));
      return own;
    }
  }

  @Nested
  class A_rescuer_without_the_types_handler {
    @ParameterizedTest
    @CsvSource({"RESUME, PENDING", "HOLD, INTERRUPTED", "FAIL, FAILED"})
    void does_what_the_dead_node_had_said(RecoveryPolicy policy, JobState becomes) {
      world.start("rescuer");
      handle(RecoveryScenes.this::sleepLong, STEADY.recovery(policy));
      JobId id = enqueue();
      advance(SECOND);

      world.crash("a");
      advance(SECOND);

      assertThat(job(id).state()).isEqualTo(becomes);
      assertThat(job(id)).hasCrashes(1);
    }

    @Test
    void uses_the_dead_nodes_policy_for_elsewhere_and_not_its_strategy() {
      world.start("rescuer");
      handle(
          RecoveryScenes.this::sleepLong,
          STEADY.recovery(new Strategy(RecoveryPolicy.FAIL, RecoveryPolicy.HOLD, heard)));
      JobId id = enqueue();
      advance(SECOND);

      world.crash("a");
      advance(SECOND);

      assertThat(job(id)).isInterrupted();
      assertThat(heard).isEmpty();
    }
  }

  @Nested
  class A_rescuer_with_the_types_handler {
    @Test
    void asks_its_own_strategy_and_tells_it_what_happened() {
      crashUnder(new Strategy(RecoveryPolicy.HOLD, RecoveryPolicy.FAIL, heard));

      assertThat(heard).containsExactly("t attempt 1, crashes 1, crashed: its process is gone");
    }

    @Test
    void prefers_its_own_decision_to_the_dead_nodes_policy() {
      JobId id = crashUnder(new Strategy(RecoveryPolicy.HOLD, RecoveryPolicy.FAIL, heard));

      assertThat(job(id)).isInterrupted();
    }

    @Test
    @Tag("R-66")
    void uses_the_policy_for_elsewhere_when_the_strategy_throws() {
      JobId id =
          crashUnder(
              new RecoveryStrategy() {
                @Override
                public RecoveryPolicy decide(Interruption interruption) {
                  throw new IllegalStateException("no idea");
                }

                @Override
                public RecoveryPolicy elsewhere() {
                  return RecoveryPolicy.HOLD;
                }
              });

      assertThat(job(id)).isInterrupted();
    }

    private JobId crashUnder(RecoveryStrategy strategy) {
      handle(RecoveryScenes.this::sleepLong, STEADY.recovery(strategy));
      JobId id = enqueue();
      advance(SECOND);
      heard.clear();
      world.crash("a");
      world.start("b");
      advance(SECOND);
      return id;
    }
  }

  @Nested
  class A_strategy {
    @Test
    @Tag("R-31")
    void is_asked_about_a_clean_stop_too_and_knows_that_nothing_crashed() {
      handle(
          RecoveryScenes.this::sleepLong,
          STEADY.recovery(new Strategy(RecoveryPolicy.HOLD, RecoveryPolicy.FAIL, heard)));
      JobId id = enqueue();
      advance(SECOND);

      world.stop("a", SECOND);
      advance(seconds(3));

      assertThat(job(id)).isInterrupted().hasCrashes(0);
      assertThat(heard)
          .containsExactly("interrupted", "t attempt 1, crashes 0, stopped: its node was stopped");
    }

    @Test
    @Tag("R-33")
    void of_an_exclusive_type_is_asked_too_when_the_node_could_not_renew_its_lease() {
      Outage outage = new Outage();
      replaceWorld(outage::over);
      handle(RecoveryScenes.this::sleepLong, STEADY.recovery(RecoveryPolicy.HOLD).exclusively());
      JobId id = enqueue();
      advance(SECOND);

      outage.begin();
      advance(seconds(30));
      outage.end();
      advance(seconds(10));

      assertThat(job(id)).isInterrupted().hasCrashes(0);
      assertThat(lastEvent(id).why()).isEqualTo("its node could not renew its lease");
    }

    @Test
    @Tag("R-32")
    void is_not_asked_any_more_when_the_job_has_crashed_too_often() {
      handle(
          RecoveryScenes.this::sleepLong,
          STEADY.recovery(new Strategy(RecoveryPolicy.RESUME, RecoveryPolicy.RESUME, heard)));
      JobId id = enqueue();
      for (int crash = 1; crash < Limits.CRASHES_MAX; crash++) {
        advance(SECOND);
        world.crash("a");
        world.start("a");
        advance(SECOND);
        assertThat(job(id)).isRunning().hasCrashes(crash);
      }

      world.crash("a");
      world.start("a");
      advance(SECOND);

      assertThat(job(id)).isFailedBy(Failure.Kind.CRASH_LOOP).hasCrashes(Limits.CRASHES_MAX);
      assertThat(heard).hasSize(Limits.CRASHES_MAX - 1);
    }
  }

  @Nested
  @Tag("R-34")
  class Resuming_a_held_job {
    @Test
    void gives_the_attempt_back_and_keeps_crashes_and_checkpoints() {
      handle(
          (payload, job) -> {
            heard.add(
                "attempt %d, crashes %d, from %s"
                    .formatted(
                        job.attempt(),
                        job.crashes(),
                        job.checkpoint("page", Integer.class).orElse(0)));
            job.checkpoint("page", 7);
            return sleepLong(payload, job);
          },
          STEADY.recovery(RecoveryPolicy.HOLD));
      JobId id = enqueue(job().maxAttempts(1));
      advance(SECOND);
      world.crash("a");
      world.start("a");
      advance(SECOND);
      assertThat(job(id)).isInterrupted();

      world.queue().resume(List.of(id), "ops");
      advance(SECOND);

      assertThat(job(id)).isRunning().hasAttempts(1).hasCrashes(1);
      assertThat(heard)
          .containsExactly("attempt 1, crashes 0, from 0", "attempt 1, crashes 1, from 7");
      assertThat(history(id))
          .containsExactly(
              JobState.PENDING,
              JobState.RUNNING,
              JobState.INTERRUPTED,
              JobState.PENDING,
              JobState.RUNNING);
    }
  }

  @Nested
  @Tag("R-37")
  class The_rescuer_counts {
    @ParameterizedTest
    @CsvSource({"RESUME, RESUMED", "HOLD, HELD", "FAIL, FAILED"})
    void what_it_did(RecoveryPolicy policy, Counter counter) {
      handle(RecoveryScenes.this::sleepLong, STEADY.recovery(policy));
      enqueue();
      enqueue();
      advance(SECOND);

      world.crash("a");
      world.start("b");
      advance(SECOND);

      assertThat(world.vitals("b").count(counter)).isEqualTo(2);
    }

    @Test
    void crash_loops_and_jobs_that_only_waited() {
      handle(
          (payload, job) -> payload.equals("slow") ? sleepLong(payload, job) : 1, STEADY, ONE_SLOT);
      for (int i = 0; i < 10; i++) {
        enqueue();
      }
      enqueue(NewJob.of("t", "slow"));
      enqueue();
      advance(millis(500));
      for (int i = 0; i < Limits.CRASHES_MAX; i++) {
        world.crash("a");
        world.start("a", ONE_SLOT);
        if (i == 0) {
          advance(millis(300));
          assertThat(world.vitals("a").count(Counter.RETURNED)).isEqualTo(1);
        }
        advance(SECOND);
      }

      assertThat(world.vitals("a").count(Counter.CRASH_LOOPS)).isEqualTo(1);
    }

    @Test
    void how_late_it_noticed() {
      handle(RecoveryScenes.this::sleepLong);
      enqueue();
      advance(SECOND);
      world.crash("a");

      advance(seconds(100));
      world.start("b");
      advance(SECOND);

      assertThat(world.vitals("b").count(Counter.NOTICED_MILLIS_MAX)).isBetween(100_000L, 102_000L);
    }

    @Test
    @Tag("R-66")
    void what_it_did_before_an_error_ended_its_turn() {
      replaceWorld(
          store ->
              new StoreDecorator(store) {
                @Override
                public void deregister(Death death) {
                  throw new StoreUnavailableException("down");
                }
              });
      handle(RecoveryScenes.this::sleepLong);
      enqueue();
      advance(SECOND);
      world.crash("a");
      world.start("b");

      List<String> lines = LogMemory.during(() -> advance(SECOND));

      assertThat(world.vitals("b").count(Counter.RESUMED)).isEqualTo(1);
      assertThat(lines).anyMatch(line -> line.contains("found 1 job of 0 dead nodes: resumed 1"));
    }
  }

  @Nested
  @Tag("R-30")
  class The_report {
    @Test
    void at_a_start_says_that_nothing_was_left() {
      List<String> lines =
          LogMemory.during(
              () -> {
                world.start("a");
                advance(seconds(5));
              });

      assertThat(lines)
          .filteredOn(line -> line.contains("recovery"))
          .containsExactly("INFO Start-up recovery: nothing was left running.");
    }

    @Test
    void warns_of_dead_letters_and_says_a_retry_to_those_who_ask() {
      handle(
          (text, job) -> {
            throw new IllegalStateException("no");
          });
      JobId id = enqueue(job().maxAttempts(2));

      List<String> lines = LogMemory.during(() -> advance(MINUTE));

      assertThat(lines)
          .filteredOn(line -> line.contains("job=" + id))
          .satisfiesExactly(
              line -> assertThat(line).startsWith("INFO").contains("Attempt ended: retry."),
              line -> assertThat(line).startsWith("WARN").contains("Attempt ended: fail."));
    }

    @Test
    void at_a_start_has_a_line_for_each_job_and_one_with_the_figures() {
      handle(RecoveryScenes.this::sleepLong);
      JobId id = enqueue();
      advance(SECOND);
      world.crash("a");

      List<String> lines =
          LogMemory.during(
              () -> {
                world.start("b");
                advance(SECOND);
              });

      assertThat(lines)
          .anyMatch(
              line ->
                  line.startsWith("WARN")
                      && line.contains("job=" + id)
                      && line.contains("was=running")
                      && line.contains("Found job " + id + " left by a dead node: release."))
          .anyMatch(line -> line.contains("A node is dead: its process is gone."))
          .contains("WARN Start-up recovery: found 1 job of 1 dead node: resumed 1.");
    }

    @Test
    void warns_of_no_sum_when_a_dead_node_left_nothing() {
      handle(RecoveryScenes.this::sleepLong, STEADY, NodeConfig.defaults());
      world.start("b");
      advance(seconds(5));

      assertThat(
              LogMemory.during(
                  () -> {
                    world.crash("a");
                    advance(SECOND);
                  }))
          .contains("INFO Recovered 0 jobs of 1 dead node.");
    }

    @Test
    void later_is_made_only_when_something_was_found() {
      handle(RecoveryScenes.this::sleepLong, STEADY, NodeConfig.defaults());
      enqueue();
      world.start("b");
      advance(seconds(5));

      assertThat(LogMemory.during(() -> advance(MINUTE))).isEmpty();
      assertThat(
              LogMemory.during(
                  () -> {
                    world.crash("a");
                    advance(SECOND);
                  }))
          .contains("WARN Recovered 1 job of 1 dead node: resumed 1.");
    }
  }

  @Nested
  class The_history_tells_that_an_attempt_was_ended {
    @Test
    void by_a_person_who_took_it() {
      handle(RecoveryScenes.this::sleepLong);
      JobId id = enqueue();
      advance(seconds(100));

      world
          .queue()
          .maintenance()
          .recoverStuck(MINUTE, JobFilter.all(), MonitorConfig.Action.FAIL, 10, "ada");
      advance(SECOND);

      assertThat(job(id)).isFailedBy(Failure.Kind.OPERATOR).hasCrashes(0);
      assertThat(lastEvent(id).why()).isEqualTo("it ran for 1m 40s; recovered by ada");
      assertThat(heard).containsExactly("interrupted");
    }

    @Test
    void by_the_stop_of_its_node() {
      handle(RecoveryScenes.this::sleepLong);
      JobId id = enqueue();
      advance(SECOND);

      world.stop("a", SECOND);
      advance(seconds(2));

      assertThat(lastEvent(id).why()).isEqualTo("its node was stopped");
    }

    @Test
    void by_the_doubt_about_the_lease_of_an_exclusive_one() {
      Outage outage = new Outage();
      replaceWorld(outage::over);
      handle(RecoveryScenes.this::sleepLong, STEADY.exclusively());
      JobId id = enqueue();
      advance(SECOND);

      outage.begin();
      advance(seconds(30));
      outage.end();
      advance(seconds(10));

      assertThat(world.queue().events(id))
          .anyMatch(event -> event.why().equals("its node could not renew its lease"));
    }
  }
}
