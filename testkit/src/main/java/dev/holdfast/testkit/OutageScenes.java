package dev.holdfast.testkit;

import static dev.holdfast.test.time.VirtualHandlerThreads.sleep;
import static dev.holdfast.testkit.JobAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.HandlerPolicy;
import dev.holdfast.JobContext;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.LogFilter;
import dev.holdfast.LogLine;
import dev.holdfast.NewJob;
import dev.holdfast.NodeCommand;
import dev.holdfast.NodeId;
import dev.holdfast.NodePhase;
import dev.holdfast.Progress;
import dev.holdfast.Vitals;
import dev.holdfast.error.ConflictException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.event.Level;

/** A time in which the store cannot be reached. */
@Tag("R-58")
public abstract class OutageScenes extends EngineScene {
  private final Outage outage = new Outage();
  private String type = "t";

  @BeforeEach
  void startOverABadLine() {
    replaceWorld(outage::over);
    handle(this::run);
  }

  private Object run(String payload, JobContext job) throws InterruptedException {
    heard.add("start of " + payload);
    try {
      sleep(Duration.ofSeconds(Long.parseLong(payload)));
    } catch (InterruptedException told) {
      heard.add("interrupted " + payload);
      throw told;
    }
    return payload;
  }

  private JobId lasting(int seconds) {
    return enqueue(NewJob.of(type, Integer.toString(seconds)));
  }

  @Test
  void shorter_than_the_lease_stops_no_handler_and_keeps_every_result() {
    JobId ends = lasting(5);
    JobId outlasts = lasting(30);
    advance(seconds(1));

    outage.begin();
    advance(seconds(8));
    outage.end();
    advance(seconds(6));

    assertThat(job(ends)).isCompleted().hasAttempts(1).hasCrashes(0);
    assertThat(job(outlasts)).isRunning();
    advance(seconds(30));
    assertThat(job(outlasts)).isCompleted().hasAttempts(1).hasCrashes(0);
    assertThat(heard).containsExactly("start of 5", "start of 30");
  }

  @Test
  void a_claim_that_is_committed_long_after_its_answer_was_lost_is_given_back_within_seconds() {
    outage.loseNextExchange();
    advance(seconds(20));

    JobId id = lasting(1);
    outage.commitLate(); // claims it, and nobody knows
    assertThat(job(id)).isRunning();
    advance(seconds(5));

    assertThat(job(id)).isCompleted().hasAttempts(1).hasCrashes(0);
  }

  @Test
  void longer_than_the_lease_stops_no_handler_either_and_keeps_every_result() {
    JobId ends = lasting(5);
    JobId outlasts = lasting(90);
    advance(seconds(1));

    outage.begin();
    advance(MINUTE);
    outage.end();
    advance(seconds(10));

    assertThat(job(ends)).isCompleted().hasAttempts(1);
    assertThat(job(outlasts)).isRunning().hasAttempts(1).hasCrashes(0).hasLapses(0);
    advance(MINUTE);
    assertThat(job(outlasts)).isCompleted().hasAttempts(1);
    assertThat(heard).containsExactly("start of 5", "start of 90");
  }

  @Test
  void is_none_when_the_store_answers_that_the_node_is_gone() {
    replaceWorld(
        store ->
            new StoreDecorator(store) {
              @Override
              public NodeCommand heartbeat(
                  NodeId node, Duration lease, NodePhase phase, Vitals vitals) {
                throw new ConflictException("the queue has moved");
              }
            });
    handle(this::run);
    lasting(60);
    advance(seconds(15));

    assertThat(heard).containsExactly("start of 60", "interrupted 60");
  }

  @Test
  void starts_nothing_new_while_the_lease_is_in_doubt() {
    List<JobId> ids = IntStream.range(0, 30).mapToObj(i -> lasting(20)).toList();
    advance(seconds(1));
    int before = heard.size();

    outage.begin();
    advance(MINUTE);
    assertThat(heard).hasSize(before);
    outage.end();
    advance(MINUTE.multipliedBy(3));

    ids.forEach(id -> assertThat(job(id)).isCompleted().hasAttempts(1).hasCrashes(0));
  }

  @Test
  void interrupts_the_handlers_of_exclusive_types_before_the_lease_ends() {
    restart(STEADY.exclusively());
    JobId id = lasting(60);
    advance(millis(100));

    outage.begin();
    advance(seconds(15));
    assertThat(heard).containsExactly("start of 60", "interrupted 60");
    outage.end();
    advance(seconds(10));

    assertThat(job(id)).isRunning().hasAttempts(1).hasCrashes(0).hasLapses(0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"queue", "group", "type"})
  void interrupts_those_that_run_under_a_limit_of_one(String limit) {
    switch (limit) {
      case "queue" -> world.queue().queues().configure("default", queue -> queue.concurrency(1));
      case "group" ->
          world.queue().queues().configure("default", queue -> queue.concurrencyPerGroup(1));
      default -> world.queue().queues().limitType("t", 1);
    }
    enqueue(NewJob.of("t", "60").group("g"));
    advance(seconds(1));
    assertThat(heard).containsExactly("start of 60");

    outage.begin();
    advance(seconds(15));

    assertThat(heard).containsExactly("start of 60", "interrupted 60");
  }

  @Test
  void leaves_those_alone_that_run_under_a_higher_limit() {
    world.queue().queues().configure("default", queue -> queue.concurrency(2));
    lasting(60);
    advance(seconds(1));

    outage.begin();
    advance(seconds(40));

    assertThat(heard).containsExactly("start of 60");
  }

  @Test
  void lets_a_checkpoint_wait_and_costs_no_attempt() {
    world.crash("a");
    world.handle(
        "saves",
        String.class,
        (payload, job) -> {
          sleep(seconds(2));
          job.checkpoint("page", 7);
          return job.checkpoint("page", Integer.class).orElse(0) + job.signal("no").orElse("");
        },
        STEADY);
    world.start("a");
    JobId id = enqueue(NewJob.of("saves", "x").maxAttempts(1));
    advance(seconds(1));

    outage.begin();
    advance(MINUTE);
    outage.end();
    advance(seconds(5));

    assertThat(job(id)).isCompleted().hasAttempts(1).hasResult("\"7\"");
  }

  @Test
  void keeps_the_newest_thousand_lines_of_a_job_and_counts_the_others() {
    world.crash("a");
    world.handle(
        "talks",
        String.class,
        (payload, job) -> {
          for (int i = 1; i <= 3_000; i++) {
            sleep(millis(10));
            job.log("line " + i);
          }
          job.progress(50, "half");
          sleep(MINUTE);
          return "";
        },
        STEADY);
    world.start("a");
    JobId id = enqueue(NewJob.of("talks", "x"));
    advance(seconds(1));

    outage.begin();
    advance(seconds(40));
    outage.end();
    advance(seconds(10));

    List<String> lines =
        world.store().logs(new LogFilter(Optional.of(id), Level.TRACE, 5_000)).stream()
            .map(LogLine::message)
            .toList();
    assertThat(lines).hasSizeBetween(1_050, 1_150).endsWith("line 3000").contains("line 2001");
    assertThat(lines)
        .filteredOn(line -> line.contains("older lines were dropped"))
        .hasSize(1)
        .allMatch(line -> line.endsWith("as the database could not be reached"));
    assertThat(job(id).progress()).map(Progress::message).contains("half");
  }

  private void restart(HandlerPolicy policy) {
    world.crash("a");
    world.handle("t2", String.class, this::run, policy);
    type = "t2";
    world.start("a");
  }

  @Test
  void is_seen_in_the_nodes_vital_signs_while_it_lasts() {
    advance(seconds(1));
    assertThat(world.vitals("a").isDegraded()).isFalse();

    outage.begin();
    advance(seconds(10));
    assertThat(world.vitals("a").isDegraded()).isTrue();
    assertThat(world.vitals("a").duties())
        .anyMatch(
            duty ->
                duty.name().equals("heartbeat")
                    && duty.failures() > 0
                    && duty.error().orElse("").contains("down"));
    outage.end();
    advance(seconds(10));

    assertThat(world.vitals("a").isDegraded()).isFalse();
  }

  @Test
  void of_any_length_ends_with_the_work_going_on_by_itself() {
    advance(seconds(1));
    outage.begin();
    advance(Duration.ofHours(3));
    outage.end();

    JobId id = lasting(1);
    advance(seconds(10));

    assertThat(job(id)).isCompleted();
    assertThat(world.store().insights().status().counts()).containsEntry(JobState.COMPLETED, 1L);
  }

  @Test
  void that_hides_the_answer_to_no_call_runs_nothing_twice() {
    JobId id = lasting(5);
    advance(seconds(1));
    outage.begin();
    advance(seconds(10));
    outage.end();
    advance(MINUTE);

    assertThat(job(id)).isCompleted();
    assertThat(history(id)).containsExactly(JobState.PENDING, JobState.RUNNING, JobState.COMPLETED);
  }
}
