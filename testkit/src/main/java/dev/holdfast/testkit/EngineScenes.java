package dev.holdfast.testkit;

import static dev.holdfast.test.time.VirtualHandlerThreads.sleep;
import static dev.holdfast.testkit.JobAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Failure;
import dev.holdfast.HandlerPolicy;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.LogFilter;
import dev.holdfast.LogLine;
import dev.holdfast.NewJob;
import dev.holdfast.NodeCommand;
import dev.holdfast.NodeConfig;
import dev.holdfast.NodeId;
import dev.holdfast.NodePhase;
import dev.holdfast.Outcome;
import dev.holdfast.Progress;
import dev.holdfast.RecoveryPolicy;
import dev.holdfast.RetryPolicy;
import dev.holdfast.Vitals;
import dev.holdfast.Vitals.Counter;
import dev.holdfast.error.NotRetryableException;
import dev.holdfast.error.StoreUnavailableException;
import dev.holdfast.spi.Acknowledgement;
import dev.holdfast.spi.Claim;
import dev.holdfast.spi.Exchange;
import dev.holdfast.spi.Lease;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The behavior of the engine with jobs, nodes and time. */
public abstract class EngineScenes extends EngineScene {
  @Nested
  class A_handler {
    @Test
    @Tag("R-11")
    void that_returns_completes_its_job() {
      handle((payload, job) -> payload + "!");

      JobId id = enqueue();
      advance(SECOND);

      assertThat(job(id)).isCompleted().hasAttempts(1).hasResult("\"x!\"");
    }

    @Test
    @Tag("R-18")
    void that_fails_is_tried_again_after_a_growing_delay_until_its_attempts_are_used_up() {
      List<Instant> starts = new ArrayList<>();
      handle(
          (payload, job) -> {
            starts.add(world.time().now());
            throw new IllegalStateException("boom");
          },
          HandlerPolicy.defaults()
              .retry(
                  RetryPolicy.exponential()
                      .from(SECOND)
                      .times(2)
                      .upTo(Duration.ofSeconds(3))
                      .jitter(0.1)));

      JobId id = enqueue();
      advance(Duration.ofMinutes(1));

      assertThat(job(id)).isFailedBy(Failure.Kind.ERROR).hasAttempts(4);
      assertThat(job(id).failure().orElseThrow().message())
          .isEqualTo("IllegalStateException: boom");
      assertThat(starts).hasSize(4);
      assertThat(Duration.between(starts.get(0), starts.get(1)))
          .isBetween(millis(900), millis(1_100));
      assertThat(Duration.between(starts.get(1), starts.get(2)))
          .isBetween(millis(1_800), millis(2_200));
      assertThat(Duration.between(starts.get(2), starts.get(3)))
          .isBetween(millis(2_700), millis(3_300));
    }

    @Test
    @Tag("R-18")
    void that_fails_for_good_is_not_tried_again() {
      handle(
          (payload, job) -> {
            throw new NotRetryableException("no such address");
          });

      JobId id = enqueue();
      advance(SECOND);

      assertThat(job(id)).isFailedBy(Failure.Kind.NOT_RETRYABLE).hasAttempts(1);
    }

    @Test
    @Tag("R-18")
    void may_say_when_to_be_tried_again() {
      handle((payload, job) -> job.attempt() == 1 ? Outcome.retryIn(millis(7_000), "busy") : 1);

      JobId id = enqueue();
      advance(millis(6_900));
      assertThat(job(id)).isScheduled().hasAttempts(1);
      advance(millis(200));

      assertThat(job(id)).isCompleted().hasAttempts(2);
    }

    @Test
    @Tag("R-18")
    void that_snoozes_uses_up_no_attempt() {
      List<Integer> attempts = new ArrayList<>();
      handle(
          (payload, job) -> {
            attempts.add(job.attempt());
            return attempts.size() < 4 ? Outcome.snooze(SECOND) : "awake";
          });

      JobId id = enqueue(job().maxAttempts(1));
      advance(millis(3_500));

      assertThat(job(id)).isCompleted().hasAttempts(1);
      assertThat(attempts).containsExactly(1, 1, 1, 1);
    }

    @Test
    @Tag("R-56")
    void that_cannot_read_the_payload_leaves_it_intact() {
      world.handle("t", Integer.class, (payload, job) -> payload, STEADY);
      world.start("a");

      JobId id = enqueue();
      advance(SECOND);

      assertThat(job(id)).isFailedBy(Failure.Kind.PAYLOAD).hasAttempts(1);
      assertThat(job(id).payload()).isEqualTo("\"x\"");
    }

    @Test
    @Tag("R-09")
    @Tag("R-10")
    void is_heard_while_it_runs() {
      handle(
          (payload, job) -> {
            job.log("begun");
            job.progress(30, "reading");
            sleep(SECOND.multipliedBy(10));
            job.progress(90, "writing");
            return "";
          });

      JobId id = enqueue();
      advance(SECOND);

      assertThat(job(id).progress()).contains(new Progress(30, "reading"));
      assertThat(world.queue().logs(LogFilter.of(id)))
          .extracting(LogLine::message)
          .containsExactly("begun");
      advance(SECOND.multipliedBy(10));
      assertThat(job(id)).isCompleted();
      assertThat(job(id).progress()).contains(new Progress(90, "writing"));
    }

    @Test
    @Tag("R-56")
    void gets_no_jobs_of_types_that_it_is_not_for() {
      handle((payload, job) -> payload);

      JobId id = world.queue().enqueue(NewJob.of("other", "x")).id();
      advance(Duration.ofMinutes(1));

      assertThat(job(id)).isPending().hasAttempts(0);
    }
  }

  @Nested
  @Tag("R-19")
  class A_time_out {
    @Test
    void interrupts_the_handler_and_fails_the_attempt() {
      handle(EngineScenes.this::sleepLong, STEADY.timeout(SECOND.multipliedBy(3)));

      JobId id = enqueue(job().maxAttempts(1));
      advance(millis(2_900));
      assertThat(job(id)).isRunning();
      advance(millis(200));

      assertThat(job(id)).isFailedBy(Failure.Kind.TIMEOUT);
      assertThat(heard).containsExactly("interrupted");
    }

    @Test
    void keeps_the_trace_that_the_handler_reported() {
      handle(
          (payload, job) -> {
            try {
              return sleepLong(payload, job);
            } catch (InterruptedException asked) {
              return new Outcome.Failed(
                  new Failure(Failure.Kind.ERROR, "ended", "what it printed"));
            }
          },
          STEADY.timeout(SECOND));

      JobId id = enqueue(job().maxAttempts(1));
      advance(millis(1_100));

      assertThat(job(id)).isFailedBy(Failure.Kind.TIMEOUT);
      assertThat(job(id).failure().orElseThrow().trace()).isEqualTo("what it printed");
    }

    @Test
    void of_the_job_goes_before_that_of_its_type() {
      handle(EngineScenes.this::sleepLong, STEADY.timeout(Duration.ofHours(1)));

      JobId id = enqueue(job().maxAttempts(1).timeout(SECOND));
      advance(millis(1_100));

      assertThat(job(id)).isFailedBy(Failure.Kind.TIMEOUT);
    }

    @Test
    void is_retried_like_any_failure() {
      handle(EngineScenes.this::sleepLong, STEADY);

      JobId id = enqueue(job().maxAttempts(2).timeout(SECOND));
      advance(millis(1_100));

      assertThat(job(id)).isScheduled().hasAttempts(1);
      assertThat(job(id).failure().orElseThrow().kind()).isEqualTo(Failure.Kind.TIMEOUT);
    }

    @Test
    void gives_the_slot_of_an_unresponsive_handler_to_others_and_discards_its_late_result() {
      handle(
          (payload, job) -> payload.equals("deaf") ? sleepDeaf(Duration.ofMinutes(1)) : "quick",
          STEADY,
          ONE_SLOT);

      JobId deaf =
          world.queue().enqueue(NewJob.of("t", "deaf").maxAttempts(1).timeout(SECOND)).id();
      advance(millis(500));
      JobId next = enqueue();
      advance(millis(10_000));
      assertThat(job(deaf)).isRunning();
      advance(millis(1_000));

      assertThat(job(deaf)).isFailedBy(Failure.Kind.TIMEOUT);
      assertThat(job(next)).isCompleted();
      advance(Duration.ofMinutes(2));
      assertThat(job(deaf)).isFailedBy(Failure.Kind.TIMEOUT);
    }
  }

  @Nested
  @Tag("R-20")
  class A_cancellation {
    @Test
    void of_a_waiting_job_keeps_it_from_starting() {
      handle((payload, job) -> heard.add("started"));

      JobId id = enqueue(job().in(SECOND));
      world.queue().cancel(List.of(id), "ops");
      advance(SECOND.multipliedBy(5));

      assertThat(job(id)).isCancelled();
      assertThat(heard).isEmpty();
    }

    @Test
    void of_a_running_job_tells_its_handler_at_once() {
      handle(
          (payload, job) -> {
            job.onCancel(() -> heard.add("cancelled: " + job.isCancelled()));
            return sleepLong(payload, job);
          });

      JobId id = enqueue();
      advance(SECOND);
      world.queue().cancel(List.of(id), "ops");
      advance(millis(10));

      assertThat(job(id)).isCancelled();
      assertThat(heard).containsExactlyInAnyOrder("cancelled: true", "interrupted");
    }

    @Test
    void whose_callback_does_not_return_blocks_no_other() {
      handle(
          (payload, job) -> {
            job.onCancel(() -> sleepDeaf(Duration.ofHours(1)));
            return sleepLong(payload, job);
          },
          STEADY.timeout(SECOND));

      JobId first = enqueue(job().maxAttempts(1));
      JobId second = enqueue(job().maxAttempts(1));
      advance(SECOND.multipliedBy(2));

      assertThat(job(first)).isFailedBy(Failure.Kind.TIMEOUT);
      assertThat(job(second)).isFailedBy(Failure.Kind.TIMEOUT);
    }

    @Test
    void wins_over_a_handler_that_completes_later() {
      handle((payload, job) -> sleepDeaf(SECOND.multipliedBy(2)));

      JobId id = enqueue();
      advance(SECOND);
      world.queue().cancel(List.of(id), "ops");
      advance(SECOND.multipliedBy(5));

      assertThat(job(id)).isCancelled();
      assertThat(job(id).result()).isEmpty();
    }
  }

  @Nested
  class A_worker {
    @Test
    @Tag("R-12")
    void runs_no_more_handlers_at_once_than_it_has_slots() {
      List<Integer> running = new ArrayList<>(List.of(0));
      List<Integer> most = new ArrayList<>(List.of(0));
      handle(
          (payload, job) -> {
            running.set(0, running.get(0) + 1);
            most.set(0, Math.max(most.get(0), running.get(0)));
            sleep(SECOND);
            running.set(0, running.get(0) - 1);
            return 1;
          },
          STEADY,
          NodeConfig.defaults().concurrency(3));

      for (int i = 0; i < 10; i++) {
        enqueue();
      }
      advance(SECOND.multipliedBy(5));

      assertThat(most.get(0)).isEqualTo(3);
      assertThat(world.store().insights().status().counts()).containsEntry(JobState.COMPLETED, 10L);
    }

    @Test
    void gives_back_what_waited_here_for_a_second_and_charges_nothing() {
      handle(
          (payload, job) -> payload.equals("slow") ? sleepLong(payload, job) : 1, STEADY, ONE_SLOT);
      for (int i = 0; i < 20; i++) {
        enqueue();
      }
      JobId slow = world.queue().enqueue(NewJob.of("t", "slow")).id();
      List<JobId> behind = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        behind.add(enqueue());
      }
      advance(SECOND.multipliedBy(3));

      assertThat(job(slow)).isRunning();
      assertThat(world.store().nodes().held(world.id("a"))).hasSize(1);
      for (JobId id : behind) {
        assertThat(job(id)).isPending().hasAttempts(0);
        assertThat(world.queue().events(id)).hasSize(1);
      }
    }

    @Test
    @Tag("R-66")
    void that_gets_no_threads_for_its_handlers_goes_on_when_there_are_some_again() {
      List<String> refusals = new ArrayList<>();
      boolean[] exhausted = {true};
      replaceWorldWithThreads(
          () -> {
            if (exhausted[0]) {
              refusals.add("refused");
              throw new OutOfMemoryError("unable to create native thread");
            }
            return Duration.ZERO;
          });
      handle((payload, job) -> payload);
      List<JobId> ids = List.of(enqueue(), enqueue(), enqueue());

      advance(SECOND.multipliedBy(4));
      exhausted[0] = false;
      advance(SECOND.multipliedBy(7));

      assertThat(refusals).isNotEmpty();
      ids.forEach(id -> assertThat(job(id)).isCompleted().hasAttempts(1).hasCrashes(0));
    }

    @Test
    @Tag("R-58")
    void releases_what_it_was_given_by_a_claim_whose_answer_was_lost() {
      List<JobId> lost = new ArrayList<>();
      replaceWorld(
          store ->
              new StoreDecorator(store) {
                @Override
                public Exchange exchange(List<Acknowledgement> ends, Claim claim) {
                  Exchange exchange = super.exchange(ends, claim);
                  if (lost.isEmpty() && !exchange.claimed().isEmpty()) {
                    exchange.claimed().forEach(one -> lost.add(one.lease().job()));
                    throw new StoreUnavailableException("the answer was lost");
                  }
                  return exchange;
                }
              });
      handle((payload, job) -> heard.add("token " + job.token()));

      JobId id = enqueue();
      advance(SECOND);

      assertThat(lost).containsExactly(id);
      assertThat(job(id)).isCompleted().hasAttempts(1);
      assertThat(heard).containsExactly("token 2");
    }

    @Test
    @Tag("R-58")
    void tells_an_end_that_is_set_aside_again_and_holds_up_no_other() {
      List<Lease> held = new ArrayList<>();
      boolean[] isFree = {false};
      replaceWorld(
          store ->
              new StoreDecorator(store) {
                @Override
                public Exchange exchange(List<Acknowledgement> ends, Claim claim) {
                  if (held.isEmpty() && !ends.isEmpty()) {
                    held.add(ends.get(0).lease());
                  }
                  List<Acknowledgement> others =
                      ends.stream()
                          .filter(end -> isFree[0] || !held.contains(end.lease()))
                          .toList();
                  List<Lease> setAside =
                      ends.stream()
                          .map(Acknowledgement::lease)
                          .filter(lease -> !isFree[0] && held.contains(lease))
                          .toList();
                  Exchange exchange = super.exchange(others, claim);
                  return new Exchange(
                      exchange.claimed(), exchange.stale(), setAside, exchange.again());
                }
              });
      handle((payload, job) -> payload);
      JobId first = enqueue();
      advance(SECOND);
      List<JobId> others = List.of(enqueue(), enqueue());

      advance(SECOND.multipliedBy(60));
      assertThat(held).extracting(Lease::job).containsExactly(first);
      assertThat(job(first)).isRunning();
      others.forEach(id -> assertThat(job(id)).isCompleted());
      isFree[0] = true;
      advance(SECOND.multipliedBy(3));

      assertThat(job(first)).isCompleted().hasAttempts(1);
    }

    @Test
    @Tag("R-58")
    void keeps_its_acknowledgements_over_an_outage_and_runs_nothing_twice() {
      List<String> outage = new ArrayList<>();
      replaceWorld(
          store ->
              new StoreDecorator(store) {
                @Override
                public Exchange exchange(List<Acknowledgement> ends, Claim claim) {
                  if (!outage.isEmpty()) {
                    throw new StoreUnavailableException("down");
                  }
                  return super.exchange(ends, claim);
                }
              });
      handle(
          (payload, job) -> {
            heard.add("start");
            sleep(SECOND);
            return 1;
          });
      JobId id = enqueue();
      advance(millis(500));
      outage.add("now");
      advance(Duration.ofMinutes(1));
      assertThat(job(id)).isRunning();

      outage.clear();
      advance(SECOND.multipliedBy(6));

      assertThat(job(id)).isCompleted().hasAttempts(1);
      assertThat(heard).containsExactly("start");
    }
  }

  @Nested
  @Tag("R-32")
  class A_crash {
    @Test
    void is_noticed_at_once_and_its_job_starts_again_elsewhere() {
      handle(EngineScenes.this::sleepLong);
      JobId id = enqueue();
      advance(SECOND);
      world.start("b");

      world.crash("a");
      advance(millis(300));

      assertThat(job(id)).isRunning().hasAttempts(1).hasCrashes(1);
      assertThat(job(id).holder().orElseThrow().node()).isEqualTo(world.id("b"));
    }

    @Test
    @Tag("R-30")
    void is_made_up_for_when_the_next_node_starts() {
      handle(EngineScenes.this::sleepLong);
      JobId id = enqueue();
      advance(SECOND);
      world.crash("a");
      advance(Duration.ofHours(1));
      assertThat(job(id)).isRunning();

      world.start("b");
      advance(millis(300));

      assertThat(job(id)).isRunning().hasCrashes(1);
      assertThat(history(id))
          .containsExactly(JobState.PENDING, JobState.RUNNING, JobState.PENDING, JobState.RUNNING);
    }

    @Test
    @Tag("R-37")
    void is_counted_apart_when_the_next_node_finds_it_at_its_start() {
      handle(EngineScenes.this::sleepLong);
      enqueue();
      advance(SECOND);
      world.crash("a");
      world.start("b");
      advance(SECOND.multipliedBy(10));
      assertThat(count(Counter.FOUND_AT_START)).isEqualTo(1);
      assertThat(count(Counter.RESUMED)).isEqualTo(1);

      world.start("c");
      advance(SECOND);
      world.crash("b");
      advance(SECOND.multipliedBy(10));

      assertThat(count(Counter.RESUMED)).isEqualTo(1);
      assertThat(count(Counter.FOUND_AT_START)).isZero();
    }

    private long count(Counter counter) {
      return world.store().insights().status().nodes().get(0).vitals().count(counter);
    }

    @Test
    void is_not_charged_to_a_job_that_only_waited_there() {
      handle(
          (payload, job) -> payload.equals("slow") ? sleepLong(payload, job) : 1, STEADY, ONE_SLOT);
      for (int i = 0; i < 10; i++) {
        enqueue();
      }
      JobId running = world.queue().enqueue(NewJob.of("t", "slow")).id();
      JobId waiting = enqueue();
      advance(millis(500));
      assertThat(job(running)).isRunning();
      assertThat(job(waiting)).isRunning();

      world.crash("a");
      world.start("b", ONE_SLOT);
      advance(millis(300));

      assertThat(job(running)).hasCrashes(1);
      assertThat(job(waiting)).hasCrashes(0);
    }

    @Test
    void that_comes_back_three_times_fails_the_job_that_may_cause_it() {
      handle(EngineScenes.this::sleepLong);
      JobId id = enqueue();
      for (int i = 0; i < 3; i++) {
        advance(SECOND);
        assertThat(job(id)).isRunning().hasCrashes(i);
        world.crash("a");
        world.start("a");
      }
      advance(SECOND);

      assertThat(job(id)).isFailedBy(Failure.Kind.CRASH_LOOP).hasCrashes(3);
    }

    @Test
    @Tag("R-30")
    void sets_jobs_aside_whose_type_wants_that() {
      handle(EngineScenes.this::sleepLong, STEADY.recovery(RecoveryPolicy.HOLD));
      JobId id = enqueue();
      advance(SECOND);

      world.crash("a");
      world.start("a");
      advance(SECOND);

      assertThat(job(id)).isInterrupted().hasCrashes(1);
      world.queue().retry(List.of(id), "ops");
      advance(SECOND);
      assertThat(job(id)).isRunning().hasCrashes(0);
    }

    @Test
    @Tag("R-34")
    void fails_jobs_whose_type_wants_that() {
      handle(EngineScenes.this::sleepLong, STEADY.recovery(RecoveryPolicy.FAIL));
      JobId id = enqueue();
      advance(SECOND);

      world.crash("a");
      world.start("a");
      advance(SECOND);

      assertThat(job(id)).isFailedBy(Failure.Kind.CRASH);
    }

    @Test
    @Tag("R-28")
    void of_a_node_that_is_not_known_is_noticed_all_the_same() {
      handle(EngineScenes.this::sleepLong);
      JobId id = world.queue().enqueue(NewJob.of("t", "x").on("elsewhere")).id();
      NodeId ghost = new NodeId(new UUID(6, 6));
      world.store().exchange(List.of(), new Claim(ghost, List.of(), Set.of("t"), 1));
      assertThat(job(id)).isRunning();

      advance(SECOND.multipliedBy(16));

      assertThat(job(id)).isRunning();
      assertThat(job(id).holder().orElseThrow().node()).isEqualTo(world.id("a"));
    }
  }

  @Nested
  @Tag("R-33")
  class A_pause {
    @Test
    void longer_than_the_lease_gives_the_job_to_others_and_stops_the_late_handler() {
      handle(EngineScenes.this::sleepLong);
      JobId id = enqueue();
      advance(SECOND);
      world.start("b");
      advance(SECOND);

      world.pause("a", SECOND.multipliedBy(40));
      advance(SECOND.multipliedBy(39));
      assertThat(job(id).holder().orElseThrow().node()).isEqualTo(world.id("b"));
      assertThat(heard).isEmpty();
      advance(SECOND.multipliedBy(2));

      assertThat(heard).containsExactly("interrupted");
      assertThat(job(id)).isRunning();
      assertThat(job(id).holder().orElseThrow().node()).isEqualTo(world.id("b"));
    }

    @Test
    void shorter_than_the_lease_changes_nothing() {
      handle(EngineScenes.this::sleepLong);
      JobId id = enqueue();
      advance(SECOND);
      world.start("b");
      advance(SECOND);

      world.pause("a", SECOND.multipliedBy(9));
      advance(SECOND.multipliedBy(30));

      assertThat(job(id)).isRunning().hasCrashes(0);
      assertThat(job(id).holder().orElseThrow().node()).isEqualTo(world.id("a"));
      assertThat(heard).isEmpty();
    }

    @Test
    void that_ends_the_trust_in_the_lease_gives_back_at_once_what_had_not_begun() {
      replaceWorldWithThreads(() -> SECOND);
      handle((payload, job) -> "token " + job.token());
      JobId id = enqueue();
      advance(millis(500));
      assertThat(job(id)).isRunning();

      world.pause("a", SECOND.multipliedBy(13));
      advance(SECOND.multipliedBy(17));

      assertThat(job(id)).isCompleted().hasAttempts(1).hasCrashes(0).hasResult("\"token 2\"");
    }

    @Test
    @Tag("R-28")
    void is_not_made_longer_by_a_wall_clock_that_jumps() {
      handle(EngineScenes.this::sleepLong);
      JobId id = enqueue();
      advance(SECOND);
      world.start("b");
      advance(SECOND.multipliedBy(30));

      world.time().stepWallClock(Duration.ofHours(5));
      advance(SECOND.multipliedBy(60));

      assertThat(job(id)).isRunning().hasCrashes(0);
      assertThat(job(id).holder().orElseThrow().node()).isEqualTo(world.id("a"));
    }

    @Test
    @Tag("R-28")
    void is_judged_by_the_nodes_own_lease_not_by_the_observers() {
      handle(
          EngineScenes.this::sleepLong, STEADY, NodeConfig.defaults().lease(Duration.ofMinutes(2)));
      JobId id = enqueue();
      advance(SECOND);
      world.start("b");

      advance(Duration.ofMinutes(10));

      assertThat(job(id)).isRunning().hasCrashes(0);
      assertThat(job(id).holder().orElseThrow().node()).isEqualTo(world.id("a"));
    }

    @Test
    void before_a_handler_begins_keeps_it_from_beginning() {
      replaceWorldWithThreads(() -> SECOND);
      handle((payload, job) -> heard.add("started by " + job.token()));
      enqueue();
      advance(millis(500));

      world.pause("a", SECOND.multipliedBy(60));
      advance(millis(60_000));
      assertThat(heard).isEmpty();
      advance(SECOND.multipliedBy(10));

      assertThat(heard).containsExactly("started by 2");
    }
  }

  @Nested
  @Tag("R-33")
  class A_node_that_cannot_renew_its_lease {
    @Test
    void stops_exclusive_handlers_before_others_may_take_their_jobs() {
      List<String> outage = new ArrayList<>();
      replaceWorld(
          store ->
              new StoreDecorator(store) {
                @Override
                public NodeCommand heartbeat(
                    NodeId node, Duration lease, NodePhase phase, Vitals vitals) {
                  if (!outage.isEmpty()) {
                    throw new StoreUnavailableException("down");
                  }
                  return super.heartbeat(node, lease, phase, vitals);
                }
              });
      handle(EngineScenes.this::sleepLong, STEADY.exclusively());
      JobId id = enqueue();
      advance(millis(4_900));
      outage.add("now");
      advance(millis(12_000));

      assertThat(heard).containsExactly("interrupted");
      assertThat(job(id)).isPending().hasAttempts(0);
      outage.clear();
      advance(SECOND.multipliedBy(10));
      assertThat(job(id)).isRunning().hasAttempts(1);
    }
  }

  @Nested
  @Tag("R-31")
  class A_clean_stop {
    @Test
    void lets_handlers_end_that_can_within_the_grace() {
      handle(
          (payload, job) -> {
            sleep(SECOND.multipliedBy(5));
            return 1;
          });
      JobId id = enqueue();
      advance(SECOND);
      JobId late = stopAndEnqueue(SECOND.multipliedBy(20));
      advance(SECOND.multipliedBy(5));

      assertThat(job(id)).isCompleted();
      assertThat(job(late)).isPending();
      assertThat(world.lives("a")).isFalse();
      assertThat(world.store().nodes().seen()).isEmpty();
    }

    @Test
    void interrupts_the_others_and_gives_their_jobs_back_without_using_up_an_attempt() {
      handle(EngineScenes.this::sleepLong);
      JobId id = enqueue();
      advance(SECOND);

      world.stop("a", SECOND.multipliedBy(20));
      advance(SECOND.multipliedBy(19));
      assertThat(job(id)).isRunning();
      advance(SECOND.multipliedBy(2));

      assertThat(job(id)).isPending().hasAttempts(0).hasCrashes(0);
      assertThat(lastEvent(id).why()).isEqualTo("its node was stopped");
      assertThat(heard).containsExactly("interrupted");
      assertThat(world.store().nodes().seen()).isEmpty();
    }

    @Test
    void applies_the_recovery_of_the_type() {
      handle(EngineScenes.this::sleepLong, STEADY.recovery(RecoveryPolicy.HOLD));
      JobId id = enqueue();
      advance(SECOND);

      world.stop("a", SECOND);
      advance(SECOND.multipliedBy(2));

      assertThat(job(id)).isInterrupted();
    }

    @Test
    void releases_the_jobs_of_unresponsive_handlers_at_last() {
      handle((payload, job) -> sleepDeaf(Duration.ofHours(1)));
      JobId id = enqueue();
      advance(SECOND);

      world.stop("a", SECOND);
      advance(SECOND.multipliedBy(10));

      assertThat(job(id)).isPending().hasAttempts(0);
      assertThat(world.lives("a")).isFalse();
    }

    @Test
    void ends_the_heartbeats_last() {
      handle((payload, job) -> sleepDeaf(Duration.ofHours(1)));
      enqueue();
      advance(SECOND);
      world.start("b");

      world.stop("a", SECOND.multipliedBy(60));
      NodeId node = world.id("a");
      advance(SECOND.multipliedBy(59));

      assertThat(world.store().nodes().seen())
          .filteredOn(seen -> seen.id().equals(node))
          .hasSize(1)
          .noneMatch(seen -> seen.lapsed());
      assertThat(heard).isEmpty();
    }

    @Test
    void waits_for_a_claim_that_is_under_way() {
      List<String> stops = new ArrayList<>();
      replaceWorld(
          store ->
              new StoreDecorator(store) {
                @Override
                public Exchange exchange(List<Acknowledgement> ends, Claim claim) {
                  if (stops.remove("now")) {
                    world.stop("a", SECOND.multipliedBy(20));
                  }
                  return super.exchange(ends, claim);
                }
              });
      handle(
          (payload, job) -> {
            sleep(SECOND.multipliedBy(5));
            return 1;
          });
      advance(millis(100));
      stops.add("now");
      JobId id = enqueue();
      advance(SECOND.multipliedBy(10));

      assertThat(job(id)).isCompleted();
      assertThat(world.lives("a")).isFalse();
    }

    @Test
    @Tag("R-66")
    void ends_even_when_the_store_cannot_be_reached() {
      replaceWorld(
          store ->
              new StoreDecorator(store) {
                @Override
                public void deregister(NodeId node) {
                  throw new StoreUnavailableException("down");
                }
              });
      handle((payload, job) -> 1);
      advance(SECOND);

      world.stop("a", SECOND);
      advance(SECOND);

      assertThat(world.lives("a")).isFalse();
      assertThat(world.openThings()).isZero();
      assertThat(world.store().recovery().deaths()).isEmpty();
    }

    private JobId stopAndEnqueue(Duration grace) {
      world.stop("a", grace);
      return enqueue();
    }
  }

  @Nested
  @Tag("R-32")
  class Jobs_whose_next_crash_would_be_their_last {
    private final List<String> starts = new ArrayList<>();

    @Test
    void run_one_at_a_time_so_that_none_is_charged_for_its_neighbour() {
      handle(
          (payload, job) -> {
            starts.add(payload + " after " + job.crashes());
            boolean isDone = payload.equals("other") && job.crashes() == 2;
            return isDone ? "done" : sleepLong(payload, job);
          });
      JobId killer = enqueue(NewJob.of("t", "killer"));
      JobId other = enqueue(NewJob.of("t", "other"));
      crashAndRestart();
      crashAndRestart();
      assertThat(starts)
          .containsExactly(
              "killer after 0",
              "other after 0",
              "killer after 1",
              "other after 1",
              "killer after 2");
      crashAndRestart();

      assertThat(job(killer)).isFailedBy(Failure.Kind.CRASH_LOOP);
      assertThat(job(other)).isCompleted();
    }

    private void crashAndRestart() {
      advance(SECOND);
      world.crash("a");
      world.start("a");
      advance(millis(400));
    }
  }
}
