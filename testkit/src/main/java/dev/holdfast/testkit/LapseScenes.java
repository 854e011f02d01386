package dev.holdfast.testkit;

import static dev.holdfast.testkit.JobAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Failure;
import dev.holdfast.HandlerPolicy;
import dev.holdfast.JobContext;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.NodeId;
import dev.holdfast.RecoveryPolicy;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Nodes that miss their heartbeats while they run a job: some come back, and some have died. */
@Tag("R-32")
@Tag("R-33")
public abstract class LapseScenes extends EngineScene {
  private static final Duration LONG = seconds(40); // longer than a lease
  private static final Duration FOR_GOOD = Duration.ofDays(9);

  private JobId onTwoNodes(HandlerPolicy policy) {
    handle(this::sleepLong, policy);
    JobId id = enqueue();
    advance(SECOND);
    world.start("b");
    advance(SECOND);
    return id;
  }

  private String holder(JobId id) {
    NodeId holder = job(id).holder().orElseThrow().node();
    return List.of("a", "b", "c", "d", "e", "f").stream()
        .filter(name -> world.lives(name) && world.id(name).equals(holder))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void that_come_back_never_make_a_crash_of_it() {
    JobId id = onTwoNodes(STEADY);

    for (int times = 1; times <= 5; times++) {
      world.pause(holder(id), LONG);
      advance(MINUTE);

      assertThat(job(id)).isRunning().hasCrashes(0).hasLapses(times);
    }
  }

  @Test
  void that_come_back_one_after_the_other_within_a_lease_leave_the_job_alive() {
    JobId id = onTwoNodes(STEADY);
    List.of("c", "d", "e").forEach(world::start);
    advance(SECOND);

    for (int times = 0; times < 4; times++) {
      if (job(id).state() == JobState.RUNNING) {
        world.pause(holder(id), seconds(20));
      }
      advance(seconds(17));
    }
    advance(MINUTE);

    assertThat(job(id)).isRunning().hasCrashes(0);
  }

  @Test
  void that_do_not_come_back_have_crashed_one_lease_later() {
    JobId id = onTwoNodes(STEADY);

    world.pause("a", FOR_GOOD);
    advance(seconds(20));
    assertThat(job(id)).isRunning().hasCrashes(0).hasLapses(1);
    advance(seconds(14));

    assertThat(job(id)).isRunning().hasCrashes(1).hasLapses(0);
  }

  @Test
  void that_die_of_a_job_one_after_the_other_let_it_fail() {
    JobId id = onTwoNodes(STEADY);
    List.of("c", "d", "e", "f").forEach(world::start);
    advance(SECOND);
    int killed = 0;

    while (!job(id).state().isFinished() && killed < 6) {
      if (job(id).state() == JobState.RUNNING) {
        world.pause(holder(id), FOR_GOOD);
        killed++;
      }
      advance(seconds(20));
    }

    assertThat(job(id)).isFailedBy(Failure.Kind.CRASH_LOOP).hasCrashes(3);
    assertThat(killed).isEqualTo(3);
  }

  @Test
  void are_settled_once_and_not_after_an_operator_has_run_the_job_again() {
    JobId id = onTwoNodes(STEADY.recovery(RecoveryPolicy.HOLD));
    world.pause("a", FOR_GOOD);
    advance(seconds(20));
    assertThat(job(id)).isInterrupted().hasLapses(1);

    world.queue().retry(List.of(id), "ops");
    advance(MINUTE);

    assertThat(job(id)).isRunning().hasCrashes(0).hasLapses(0);
  }

  @Test
  void let_the_job_fail_when_there_were_too_many() {
    JobId id = onTwoNodes(STEADY.maxLapses(2));

    for (int times = 1; times <= 2; times++) {
      world.pause(holder(id), LONG);
      advance(MINUTE);
    }

    assertThat(job(id)).isFailedBy(Failure.Kind.LEASE_LOST).hasCrashes(0).hasLapses(2);
  }

  @Test
  void by_default_ten_times() {
    JobId id = onTwoNodes(STEADY);

    for (int times = 1; times <= 10; times++) {
      assertThat(job(id)).isRunning();
      world.pause(holder(id), LONG);
      advance(MINUTE);
    }

    assertThat(job(id)).isFailedBy(Failure.Kind.LEASE_LOST).hasLapses(10);
  }

  @ParameterizedTest
  @CsvSource({"HOLD, INTERRUPTED", "FAIL, FAILED"})
  void leave_the_job_to_the_recovery_of_its_type(RecoveryPolicy policy, JobState becomes) {
    JobId id = onTwoNodes(STEADY.recovery(policy));

    world.pause("a", LONG);
    advance(MINUTE);

    assertThat(job(id).state()).isEqualTo(becomes);
    assertThat(job(id)).hasCrashes(0).hasLapses(1);
  }

  @Test
  void of_a_type_that_allows_more_crashes_fail_it_later_even_without_its_handler() {
    world.start("rescuer");
    handle(this::sleepLong, STEADY.maxCrashes(5));
    JobId id = enqueue();
    for (int crash = 1; crash <= 4; crash++) {
      advance(SECOND);
      world.crash("a");
      advance(SECOND);
      assertThat(job(id)).isPending().hasCrashes(crash);
      world.start("a");
    }
    advance(SECOND);

    world.crash("a");
    advance(SECOND);

    assertThat(job(id)).isFailedBy(Failure.Kind.CRASH_LOOP).hasCrashes(5);
  }

  @Test
  void of_a_type_that_allows_none_fail_it_at_once() {
    JobId id = onTwoNodes(STEADY.maxCrashes(1));

    world.crash("a");
    advance(SECOND);

    assertThat(job(id)).isFailedBy(Failure.Kind.CRASH_LOOP);
  }

  @Test
  void begin_no_handler_after_they_have_come_back_for_a_job_that_was_theirs_before() {
    replaceWorldWithThreads(() -> seconds(8)); // later than the next heartbeat
    handle(this::countStart);
    advance(seconds(4));
    JobId id = enqueue();
    advance(SECOND);
    assertThat(job(id)).isRunning();

    world.pause("a", MINUTE);
    advance(SECOND);
    world.start("b");
    advance(MINUTE.plus(SECOND));

    assertThat(heard).hasSize(1);
    assertThat(job(id)).isCompleted().hasCrashes(0).hasLapses(0);
  }

  private Object countStart(String payload, JobContext job) {
    heard.add("start under token " + job.token());
    return payload;
  }
}
