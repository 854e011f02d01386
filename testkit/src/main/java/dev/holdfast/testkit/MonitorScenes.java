package dev.holdfast.testkit;

import static dev.holdfast.testkit.JobAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Failure;
import dev.holdfast.HandlerPolicy;
import dev.holdfast.JobEvent;
import dev.holdfast.JobFilter;
import dev.holdfast.JobId;
import dev.holdfast.MonitorConfig;
import dev.holdfast.MonitorConfig.Action;
import dev.holdfast.NewJob;
import dev.holdfast.NodeConfig;
import dev.holdfast.NodeId;
import dev.holdfast.NodePhase;
import dev.holdfast.RecoveryPolicy;
import dev.holdfast.Vitals;
import dev.holdfast.Vitals.Counter;
import dev.holdfast.error.StoreUnavailableException;
import dev.holdfast.spi.Claim;
import dev.holdfast.spi.Death;
import dev.holdfast.spi.Lease;
import dev.holdfast.spi.NodeInfo;
import dev.holdfast.spi.Orphan;
import dev.holdfast.spi.Rescue;
import dev.holdfast.spi.RunningJob;
import dev.holdfast.spi.ServedWork;
import dev.holdfast.spi.server.ServerStores;
import dev.holdfast.spi.server.Webhook;
import dev.holdfast.spi.server.WebhookEvent;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The monitor that searches for stuck jobs. */
@Tag("R-29")
public abstract class MonitorScenes extends EngineScene {
  private static final NodeId FROZEN = new NodeId(new UUID(6, 6));
  private static final MonitorConfig EACH_MINUTE =
      new MonitorConfig(true, MINUTE, Duration.ofMinutes(10), Action.RETRY);

  /** Starts a node that holds a job and sends heartbeats, but does nothing else any more. */
  private JobId heldByFrozen(NewJob job) {
    NodeInfo info = new NodeInfo(FROZEN, "frozen", "host", 2, 1, "boot", "", "test");
    ServedWork serves = new ServedWork(List.of(), Map.of("t", RecoveryPolicy.RESUME), 1);
    world.store().nodes().register(info, serves, seconds(15));
    JobId id = enqueue(job);
    world.store().exchange(List.of(), new Claim(FROZEN, List.of(), Set.of("t"), 1));
    assertThat(job(id)).isRunning();
    return id;
  }

  private void advanceWithHeartbeats(Duration duration) {
    for (Duration done = Duration.ZERO;
        done.compareTo(duration) < 0;
        done = done.plus(seconds(5))) {
      world.store().nodes().heartbeat(FROZEN, seconds(15), NodePhase.RUNNING, Vitals.none());
      advance(seconds(5));
    }
  }

  private void startMonitor(MonitorConfig config) {
    world.start("watcher", NodeConfig.defaults().queues("other").monitor(config));
  }

  @Nested
  class A_job_over_its_own_time_out {
    @Test
    void is_taken_from_a_node_that_lives_but_does_not_end_it() {
      JobId id = heldByFrozen(job().timeout(seconds(30)));
      startMonitor(EACH_MINUTE);

      advanceWithHeartbeats(seconds(60));
      assertThat(job(id)).isRunning();
      advanceWithHeartbeats(seconds(125));

      assertThat(job(id)).isPending().hasAttempts(1).hasCrashes(0).hasLapses(0);
      assertThat(job(id).failure().orElseThrow().kind()).isEqualTo(Failure.Kind.TIMEOUT);
      assertThat(world.queue().events(id))
          .extracting(JobEvent::why)
          .anyMatch(why -> why.matches("stuck: it ran for .*time-out is 30s.*"));
      assertThat(world.vitals("watcher").count(Counter.STUCK)).isEqualTo(1);
    }

    @Test
    @Tag("R-45")
    void is_sent_to_webhooks_once() {
      world
          .store()
          .server()
          .webhooks()
          .put(
              new Webhook(
                  "w",
                  "https://example.com",
                  "whsec_c2VjcmV0",
                  Optional.empty(),
                  Set.of(WebhookEvent.JOB_STUCK),
                  Optional.empty(),
                  Optional.empty(),
                  Optional.empty(),
                  true,
                  "ada"));
      JobId id = heldByFrozen(job());
      startMonitor(EACH_MINUTE);
      advanceWithHeartbeats(seconds(900));

      assertThat(job(id)).isRunning();
      assertThat(world.store().server().webhooks().deliveries("w", Optional.empty(), 10))
          .singleElement()
          .satisfies(
              told -> assertThat(told.data()).contains(id.toString(), "\"recovered\":false"));
    }

    @Test
    void is_recovered_though_its_event_cannot_be_written() {
      replaceWorld(
          store ->
              new StoreDecorator(store) {
                @Override
                public ServerStores server() {
                  throw new IllegalStateException("webhooks are out of reach");
                }
              });
      JobId id = heldByFrozen(job().timeout(seconds(30)));
      startMonitor(EACH_MINUTE);

      advanceWithHeartbeats(seconds(185));

      assertThat(job(id)).isPending().hasAttempts(1);
    }

    @Test
    void that_others_hold_hides_no_other_from_an_operator() {
      AtomicReference<JobId> held = new AtomicReference<>();
      replaceWorld(
          store ->
              new StoreDecorator(store) {
                @Override
                public List<Lease> rescue(List<Rescue> rescues, String by) {
                  return super.rescue(
                      rescues.stream()
                          .filter(rescue -> !rescue.lease().job().equals(held.get()))
                          .toList(),
                      by);
                }
              });
      held.set(heldByFrozen(job()));
      advance(SECOND);
      JobId free = enqueue(job());
      world.store().exchange(List.of(), new Claim(FROZEN, List.of(), Set.of("t"), 1));

      assertThat(
              world
                  .queue()
                  .maintenance()
                  .recoverStuck(
                      Duration.ZERO, JobFilter.all(), MonitorConfig.Action.RETRY, 1, "ops"))
          .containsExactly(free);
    }

    @Test
    void is_set_aside_where_its_type_wants_no_second_run_without_a_review() {
      world.handle(
          "t",
          String.class,
          (payload, job) -> "done",
          HandlerPolicy.defaults().recovery(RecoveryPolicy.HOLD));
      JobId id = heldByFrozen(job().timeout(seconds(30)));
      startMonitor(EACH_MINUTE);

      advanceWithHeartbeats(seconds(185));

      assertThat(job(id)).isInterrupted().hasCrashes(0);
    }

    @Test
    void is_failed_where_its_type_wants_no_second_run() {
      world.handle(
          "t",
          String.class,
          (payload, job) -> "done",
          HandlerPolicy.defaults().recovery(RecoveryPolicy.FAIL));
      JobId id = heldByFrozen(job().timeout(seconds(30)));
      startMonitor(EACH_MINUTE);

      advanceWithHeartbeats(seconds(185));

      assertThat(job(id)).isFailedBy(Failure.Kind.TIMEOUT).hasCrashes(0);
    }

    @Test
    void is_left_to_its_node_for_twenty_seconds_after_the_first_look() {
      JobId id = heldByFrozen(job().timeout(Duration.ofMinutes(5)));
      startMonitor(new MonitorConfig(true, SECOND, Duration.ofHours(1), Action.RETRY));

      advanceWithHeartbeats(seconds(335));
      assertThat(job(id)).isRunning();
      advanceWithHeartbeats(seconds(10));

      assertThat(job(id)).isPending();
    }

    @Test
    void is_failed_where_the_configuration_wants_that() {
      JobId id = heldByFrozen(job().timeout(seconds(30)));
      startMonitor(new MonitorConfig(true, MINUTE, Duration.ofMinutes(10), Action.FAIL));

      advanceWithHeartbeats(seconds(185));

      assertThat(job(id)).isFailedBy(Failure.Kind.TIMEOUT);
    }

    @Test
    @Tag("R-75")
    void is_failed_when_its_attempts_are_used_up_and_never_as_a_crash_loop() {
      startMonitor(EACH_MINUTE);
      JobId id = heldByFrozen(job().timeout(seconds(30)).maxAttempts(4));
      for (int attempt = 1; attempt < 4; attempt++) {
        advanceWithHeartbeats(seconds(245));
        assertThat(job(id)).isPending().hasAttempts(attempt).hasCrashes(0);
        world.store().exchange(List.of(), new Claim(FROZEN, List.of(), Set.of("t"), 1));
      }
      advanceWithHeartbeats(seconds(245));

      assertThat(job(id)).isFailedBy(Failure.Kind.TIMEOUT).hasAttempts(4).hasCrashes(0);
    }

    @Test
    @Tag("R-33")
    void tells_its_handler_should_the_node_wake_up() {
      handle(MonitorScenes.this::sleepLong, STEADY);
      JobId id = enqueue(job().timeout(seconds(30)));
      advance(SECOND);

      world
          .queue()
          .maintenance()
          .recoverStuck(Duration.ZERO, JobFilter.all(), Action.RETRY, 10, "ops");
      advance(millis(10));

      assertThat(heard).containsExactly("interrupted");
      assertThat(job(id)).isRunning().hasAttempts(1).hasCrashes(0);
    }
  }

  @Nested
  class A_job_that_runs_for_long {
    @Test
    void under_a_live_lease_is_reported_and_left_alone() {
      JobId id = heldByFrozen(job());
      startMonitor(EACH_MINUTE);
      advanceWithHeartbeats(seconds(595));

      List<String> lines = LogMemory.during(() -> advanceWithHeartbeats(seconds(60)));

      assertThat(job(id)).isRunning().hasCrashes(0);
      assertThat(lines)
          .anyMatch(line -> line.contains("Job " + id + " has been running for 10m 0s"))
          .contains("WARN The monitor recovered 0 stuck jobs and found 1 that run long.");
      assertThat(world.vitals("watcher").count(Counter.STUCK)).isZero();
    }

    @Test
    void without_a_live_lease_is_recovered_when_nothing_else_did_it() {
      replaceWorld(
          store ->
              new StoreDecorator(store) {
                @Override
                public List<Orphan> orphans(
                    Collection<Death> deaths, Optional<JobId> after, int limit) {
                  throw new StoreUnavailableException("recovery is broken");
                }
              });
      JobId id = heldByFrozen(job());
      startMonitor(EACH_MINUTE);

      advance(Duration.ofMinutes(9));
      assertThat(job(id)).isRunning();
      advance(Duration.ofMinutes(3));

      assertThat(job(id)).isPending().hasCrashes(0); // it is unknown whether it had begun
      assertThat(lastEvent(id).why()).endsWith("without a live lease");
    }
  }

  @Nested
  @Tag("R-28")
  class A_wall_clock_that_jumps {
    @Test
    void makes_no_job_stuck_that_is_within_its_own_time_out() {
      handle(MonitorScenes.this::sleepLong, STEADY, NodeConfig.defaults().monitor(EACH_MINUTE));
      JobId id = enqueue(job().timeout(Duration.ofMinutes(50)));
      advance(seconds(90));

      world.time().stepWallClock(Duration.ofHours(5));
      advance(Duration.ofMinutes(20));

      assertThat(job(id)).isRunning().hasCrashes(0);
      assertThat(heard).isEmpty();
    }

    @Test
    void takes_no_job_from_a_node_whose_next_heartbeat_is_still_to_come() {
      MonitorConfig often = new MonitorConfig(true, SECOND, Duration.ofMinutes(10), Action.RETRY);
      handle(MonitorScenes.this::sleepLong, STEADY, NodeConfig.defaults().monitor(often));
      JobId id = enqueue();
      advance(seconds(90));

      world.time().stepWallClock(Duration.ofHours(5));
      advance(Duration.ofMinutes(2));

      assertThat(job(id)).isRunning().hasCrashes(0);
      assertThat(heard).isEmpty();
    }
  }

  @Nested
  class The_monitor {
    private int looks;
    private boolean fails;

    private void countLooks() {
      replaceWorld(
          store ->
              new StoreDecorator(store) {
                @Override
                public List<RunningJob> running(Duration atLeast, JobFilter filter, int limit) {
                  looks++;
                  if (fails) {
                    throw new StoreUnavailableException("down");
                  }
                  return super.running(atLeast, filter, limit);
                }
              });
    }

    @Test
    void runs_at_the_configured_interval_and_not_at_the_start() {
      countLooks();
      startMonitor(EACH_MINUTE);

      advance(seconds(59));
      assertThat(looks).isZero();
      advance(seconds(242));

      assertThat(looks).isEqualTo(5);
    }

    @Test
    void that_is_switched_off_does_not_look_at_all() {
      countLooks();
      JobId id = heldByFrozen(job().timeout(SECOND));
      startMonitor(new MonitorConfig(false, SECOND, SECOND, Action.RETRY));

      advanceWithHeartbeats(Duration.ofMinutes(10));

      assertThat(job(id)).isRunning();
      assertThat(looks).isZero();
      assertThat(world.vitals("watcher").duties())
          .extracting(Vitals.Duty::name)
          .doesNotContain("monitor")
          .contains("recovery", "heartbeat", "worker", "retention");
    }

    @Test
    @Tag("R-66")
    void survives_its_own_errors_and_shows_them() {
      countLooks();
      fails = true;
      JobId id = heldByFrozen(job().timeout(seconds(30)));
      startMonitor(EACH_MINUTE);

      advanceWithHeartbeats(seconds(200));
      assertThat(world.vitals("watcher").isDegraded()).isTrue();
      assertThat(world.vitals("watcher").duties())
          .anyMatch(duty -> duty.name().equals("monitor") && duty.failures() > 1);
      fails = false;
      advanceWithHeartbeats(seconds(185));

      assertThat(world.vitals("watcher").isDegraded()).isFalse();
      assertThat(job(id)).isPending();
    }
  }
}
