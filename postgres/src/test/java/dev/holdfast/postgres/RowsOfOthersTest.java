package dev.holdfast.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Enqueued;
import dev.holdfast.Holdfast;
import dev.holdfast.Job;
import dev.holdfast.JobEvent;
import dev.holdfast.JobId;
import dev.holdfast.JobQueue.Changed;
import dev.holdfast.JobState;
import dev.holdfast.NewJob;
import dev.holdfast.NodeConfig;
import dev.holdfast.NodeId;
import dev.holdfast.Schedule;
import dev.holdfast.jdbc.JdbcTransaction;
import dev.holdfast.spi.Claim;
import dev.holdfast.spi.Claimed;
import dev.holdfast.spi.NodeInfo;
import dev.holdfast.spi.ServedWork;
import dev.holdfast.testkit.process.Eventually;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rows that other sessions hold: only the job of such a row waits. */
final class RowsOfOthersTest {
  private static final Duration LONG = Duration.ofMinutes(2);
  private static final NodeId GHOST = new NodeId(new UUID(9, 9));

  private TestDatabase database;
  private Holdfast holdfast;
  private final CountDownLatch gate = new CountDownLatch(1);
  private final CountDownLatch inHandler = new CountDownLatch(1);

  @BeforeEach
  void open() {
    database = TestDatabase.on(18);
    holdfast = Holdfast.open(database.url());
    holdfast.handle("free", Integer.class, (n, job) -> n);
    holdfast.handle(
        "gated",
        Integer.class,
        (n, job) -> {
          inHandler.countDown();
          gate.await();
          return n;
        });
  }

  @AfterEach
  void close() {
    gate.countDown();
    holdfast.close();
    database.close();
  }

  private void start() {
    holdfast.start(NodeConfig.defaults().concurrency(4).pollInterval(Duration.ofMillis(50)));
  }

  private static String row(JobId job) {
    return "'" + job + "'";
  }

  private List<JobId> enqueue(int count) {
    return holdfast
        .queue()
        .enqueue(IntStream.range(0, count).mapToObj(n -> NewJob.of("free", n)).toList())
        .stream()
        .map(Enqueued::id)
        .toList();
  }

  private void othersRun() throws Exception {
    for (int round = 0; round < 3; round++) {
      holdfast.queue().await(enqueue(60), LONG).get();
    }
  }

  private Job job(JobId id) {
    return holdfast.find(id).orElseThrow();
  }

  /** A token that has not grown tells that no other claim followed the first. */
  private void assertRanOnce(JobId id) throws Exception {
    Job ended = holdfast.queue().await(List.of(id), LONG).get().get(0);
    assertThat(ended.state()).isEqualTo(JobState.COMPLETED);
    assertThat(ended.attempt()).isEqualTo(1);
    assertThat(ended.token()).isEqualTo(1);
  }

  @Test
  void hold_up_the_end_of_their_own_job_alone() throws Exception {
    JobId held = holdfast.enqueue(NewJob.of("gated", 1)).id();
    start();
    inHandler.await();

    try (Stranger stranger =
        Stranger.holding(
            database.url(), "select 1 from jobs where id = " + row(held) + " for update")) {
      gate.countDown();
      othersRun();
      assertThat(job(held).state()).isEqualTo(JobState.RUNNING);
    }

    assertRanOnce(held);
  }

  @Test
  void other_than_the_jobs_own_delay_its_end_only() throws Exception {
    JobId held = holdfast.enqueue(NewJob.of("gated", 1).on("slow")).id();
    holdfast.handle(
        "talks",
        Integer.class,
        (n, job) -> {
          job.progress(10, "began");
          inHandler.countDown();
          gate.await();
          job.progress(90, "ends");
          return n;
        });
    JobId talks = holdfast.enqueue(NewJob.of("talks", 1)).id();
    start();
    inHandler.await();
    Eventually.is("progress is stored", () -> database.count("job_progress") == 1);

    try (Stranger stranger =
        Stranger.holding(database.url(), "select 1 from job_progress for update")) {
      gate.countDown();
      othersRun();
      holdfast.queue().await(List.of(held), LONG).get();
      assertThat(job(talks).state()).isEqualTo(JobState.RUNNING);
    }

    assertRanOnce(talks);
  }

  @Test
  void of_a_dead_nodes_jobs_leave_its_other_jobs_to_survivors() throws Exception {
    List<JobId> jobs = enqueue(6);
    List<Claimed> claimed = ghostClaims(6);

    try (Stranger frozen = Stranger.holding(database.url(), "select 1")) {
      holdfast
          .embedding()
          .store()
          .complete(
              JdbcTransaction.of(frozen.connection()),
              claimed.get(0).lease(),
              Optional.of("1"),
              Duration.ZERO);
      start();
      holdfast.queue().await(jobs.subList(1, 6), LONG).get();
      othersRun();
      assertThat(job(jobs.get(0)).state()).isEqualTo(JobState.RUNNING);
      assertThat(database.count("nodes where id = '" + GHOST + "' and ended_at is null")).isOne();
    }

    holdfast.queue().await(jobs.subList(0, 1), LONG).get();
    Eventually.is(
        "the dead node is deregistered",
        () -> database.count("nodes where id = '" + GHOST + "' and ended_at is not null") == 1);
  }

  private List<Claimed> ghostClaims(int count) {
    NodeInfo ghost = new NodeInfo(GHOST, "ghost", "elsewhere", 1, 1, "boot", "pid", "test");
    ServedWork serves = new ServedWork(List.of(), Map.of(), Map.of(), 1_000);
    holdfast.embedding().store().nodes().registerRemote(ghost, serves, Duration.ofMillis(300));
    return holdfast
        .embedding()
        .store()
        .exchange(List.of(), new Claim(GHOST, List.of(), Set.of("free"), count))
        .claimed();
  }

  @Test
  void in_their_hundreds_hide_no_other_job_of_a_dead_node() throws Exception {
    List<JobId> jobs = enqueue(620);
    assertThat(ghostClaims(620)).hasSize(620);
    String last = row(jobs.get(599));

    try (Stranger stranger =
        Stranger.holding(
            database.url(), "select 1 from jobs where id <= " + last + " for update")) {
      start();
      holdfast.queue().await(jobs.subList(600, 620), LONG).get();
    }

    for (int from = 0; from < 600; from += 200) {
      holdfast.queue().await(jobs.subList(from, from + 200), LONG).get();
    }
  }

  @Test
  void of_a_queue_under_a_limit_hold_up_that_queue_alone() throws Exception {
    holdfast.queue().queues().configure("tight", settings -> settings.concurrency(1));
    holdfast.queue().queues().configure("roomy", settings -> settings.concurrency(3));
    JobId tight = holdfast.enqueue(NewJob.of("free", 1).on("tight")).id();
    JobId roomy = holdfast.enqueue(NewJob.of("free", 2).on("roomy")).id();

    try (Stranger stranger =
        Stranger.holding(database.url(), "select 1 from queues where name = 'tight' for update")) {
      start();
      holdfast.queue().await(List.of(roomy), LONG).get();
      othersRun();
      assertThat(job(tight).state()).isEqualTo(JobState.PENDING);
    }

    holdfast.queue().await(List.of(tight), LONG).get();
  }

  @Test
  void that_an_open_transaction_waits_for_can_end_meanwhile() throws Exception {
    JobId first = holdfast.enqueue(NewJob.of("gated", 1)).id();
    start();
    inHandler.await();
    JobId second;

    try (Stranger caller = Stranger.holding(database.url(), "select 1")) {
      second =
          holdfast
              .queue()
              .in(JdbcTransaction.of(caller.connection()))
              .enqueue(NewJob.of("free", 2).after(first))
              .id();
      gate.countDown();
      othersRun();
      holdfast.queue().await(List.of(first), LONG).get();
      caller.connection().commit();
    }

    assertThat(holdfast.queue().await(List.of(second), LONG).get().get(0).state())
        .isEqualTo(JobState.COMPLETED);
  }

  @Test
  void of_a_dependent_delay_its_cancellation_in_the_name_of_the_same_person() throws Exception {
    JobId first = holdfast.enqueue(NewJob.of("none", 1)).id();
    JobId second = holdfast.enqueue(NewJob.of("none", 2).after(first)).id();
    JobId third = holdfast.enqueue(NewJob.of("none", 3).after(second)).id();
    try (Stranger stranger =
        Stranger.holding(
            database.url(), "select 1 from jobs where id = " + row(second) + " for update")) {
      assertThat(holdfast.queue().cancel(List.of(first), "ada").get(0).done()).isTrue();
      assertThat(job(second).state()).isEqualTo(JobState.BLOCKED);
    }
    start();

    holdfast.queue().await(List.of(second, third), LONG).get();
    for (JobId cancelled : List.of(second, third)) {
      assertThat(holdfast.queue().events(cancelled))
          .last()
          .extracting(JobEvent::by)
          .isEqualTo("ada");
    }
  }

  @Test
  void are_named_to_operators_who_get_the_rest() throws Exception {
    List<JobId> jobs = enqueue(3);

    try (Stranger stranger =
        Stranger.holding(
            database.url(), "select 1 from jobs where id = " + row(jobs.get(1)) + " for update")) {
      List<Changed> changed = holdfast.queue().cancel(jobs, "me");
      assertThat(changed).extracting(Changed::done).containsExactly(true, false, true);
      assertThat(changed.get(1).heldBy().orElseThrow()).contains("'stranger'");
      assertThat(changed.get(1).before()).contains(JobState.PENDING);

      List<Changed> deleted = holdfast.queue().delete(jobs);
      assertThat(deleted).extracting(Changed::done).containsExactly(true, false, true);
    }

    assertThat(holdfast.queue().cancel(jobs.subList(1, 2), "me").get(0).done()).isTrue();
  }

  @Test
  void of_running_jobs_are_named_by_doctor_with_who_holds_them() throws Exception {
    JobId held = holdfast.enqueue(NewJob.of("gated", 1)).id();
    start();
    inHandler.await();

    try (Stranger stranger =
        Stranger.holding(
            database.url(), "select 1 from jobs where id = " + row(held) + " for update")) {
      Eventually.is(
          "doctor names it",
          () ->
              holdfast.queue().maintenance().examine().stream()
                  .anyMatch(
                      finding ->
                          finding.code().equals("rows-held")
                              && finding.text().contains("'stranger'")
                              && finding.text().contains(held.toString())));
    }
    assertThat(holdfast.queue().maintenance().examine())
        .noneMatch(finding -> finding.code().equals("rows-held"));
  }

  @Test
  void of_one_schedule_hold_up_no_other() throws Exception {
    for (String name : List.of("a", "b")) {
      holdfast.schedule(Schedule.every(name, Duration.ofSeconds(1), NewJob.of("free", 1)));
    }

    try (Stranger stranger =
        Stranger.holding(database.url(), "select 1 from schedules where name = 'a' for update")) {
      start();
      Eventually.is("b fires", () -> database.count("schedule_fires where schedule = 'b'") > 0);
      assertThat(database.count("schedule_fires where schedule = 'a'")).isZero();
    }

    Eventually.is("a fires", () -> database.count("schedule_fires where schedule = 'a'") > 0);
  }
}
