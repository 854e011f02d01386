package dev.holdfast.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Failure;
import dev.holdfast.HandlerPolicy;
import dev.holdfast.Holdfast;
import dev.holdfast.Job;
import dev.holdfast.JobContext;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.LogFilter;
import dev.holdfast.LogLine;
import dev.holdfast.NewJob;
import dev.holdfast.NodeConfig;
import dev.holdfast.Outcome;
import dev.holdfast.RetryPolicy;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.error.StaleLeaseException;
import dev.holdfast.jdbc.JdbcTransaction;
import dev.holdfast.testkit.process.Eventually;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A handler's own writes and the end of its job, in one transaction. */
@Tag("R-05")
final class CompleteInTest {
  private static final Duration LONG = Duration.ofMinutes(2);

  /**
   * The lease: a disk that stalls for less than that ends no attempt; the test waits for a third of
   * it.
   */
  private static final Duration LEASE = Duration.ofSeconds(10);

  @TempDir private Path folder;
  private Holdfast holdfast;

  /** A handler's actions in its transaction, and its result. */
  private interface Work {
    @Nullable Object in(Connection connection, JobContext job) throws Exception;
  }

  @BeforeEach
  void open() throws SQLException {
    holdfast = Holdfast.open(file().toString());
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute("create table effects (job text, attempt integer)");
      connection.commit();
    }
  }

  @AfterEach
  void close() {
    holdfast.close();
  }

  @Test
  void a_commit_makes_the_effect_and_the_completion_durable_together() throws Exception {
    Job job =
        run(
            (connection, context) -> {
              complete(connection, context, "by hand");
              connection.commit();
              return "disregarded";
            });

    assertThat(job.state()).isEqualTo(JobState.COMPLETED);
    assertThat(job.attempt()).isEqualTo(1);
    assertThat(job.result()).contains("\"by hand\"");
    assertThat(effects()).containsExactly("attempt 1");
    assertThat(holdfast.queue().events(job.id())).hasSize(3);
  }

  @Test
  void an_end_by_a_transaction_is_no_discarded_result() throws Exception {
    List<Object> discarded = new CopyOnWriteArrayList<>();
    List<Object> settled = new CopyOnWriteArrayList<>();
    holdfast.onAcknowledged(
        (ends, stale) -> {
          discarded.addAll(stale);
          settled.addAll(ends);
        });

    run(
        (connection, context) -> {
          complete(connection, context, null);
          connection.commit();
          return null;
        });

    holdfast.close(); // after which every end is durable
    assertThat(settled).hasSize(1);
    assertThat(discarded).isEmpty();
  }

  @Test
  void a_rollback_after_which_the_job_was_taken_is_a_discarded_result() throws Exception {
    List<Object> discarded = new CopyOnWriteArrayList<>();
    holdfast.onAcknowledged((ends, stale) -> discarded.addAll(stale));

    Job job =
        run(
            (connection, context) -> {
              complete(connection, context, null);
              connection.rollback();
              holdfast.queue().cancel(List.of(context.id()), "ada");
              return null;
            });

    holdfast.close(); // after which every end is settled
    assertThat(job.state()).isEqualTo(JobState.CANCELLED);
    assertThat(discarded).hasSize(1);
  }

  @Test
  void what_the_handler_logs_around_the_commit_is_kept() throws Exception {
    Job job =
        run(
            (connection, context) -> {
              context.log("before");
              complete(connection, context, null);
              context.log("between");
              connection.commit();
              context.log("after");
              return null;
            });

    holdfast.close(); // after which every end is stored
    try (Holdfast again = Holdfast.open(file().toString())) {
      assertThat(again.queue().logs(LogFilter.of(job.id())))
          .extracting(LogLine::message)
          .containsExactly("before", "between", "after");
    }
  }

  @Test
  void what_a_handler_logs_that_fails_after_the_commit_is_kept() throws Exception {
    Job job =
        run(
            (connection, context) -> {
              complete(connection, context, null);
              connection.commit();
              context.log("about to fail");
              throw new IllegalStateException("boom");
            });

    holdfast.close(); // after which every end is stored
    assertThat(job.state()).isEqualTo(JobState.COMPLETED);
    try (Holdfast again = Holdfast.open(file().toString())) {
      assertThat(again.queue().logs(LogFilter.of(job.id())))
          .extracting(LogLine::message)
          .containsExactly("about to fail", "failed after completeIn: IllegalStateException: boom");
    }
  }

  @Test
  void a_failure_after_the_commit_is_no_discarded_result() throws Exception {
    List<Object> discarded = new CopyOnWriteArrayList<>();
    holdfast.onAcknowledged((ends, stale) -> discarded.addAll(stale));

    Job job =
        run(
            (connection, context) -> {
              complete(connection, context, null);
              connection.commit();
              throw new IllegalStateException("boom");
            });

    holdfast.close(); // after which every end is settled
    assertThat(job.state()).isEqualTo(JobState.COMPLETED);
    assertThat(discarded).isEmpty();
  }

  @Test
  void a_special_outcome_after_the_commit_is_disregarded_too() throws Exception {
    Job job =
        run(
            (connection, context) -> {
              complete(connection, context, null);
              connection.commit();
              return Outcome.snooze(Duration.ofDays(1));
            });

    assertThat(job.state()).isEqualTo(JobState.COMPLETED);
  }

  @Test
  void a_rollback_without_an_error_fails_the_attempt_and_leaves_no_effect() throws Exception {
    Job job =
        run(
            (connection, context) -> {
              complete(connection, context, null);
              if (context.attempt() < 3) {
                connection.rollback();
              } else {
                connection.commit();
              }
              return null;
            });

    assertThat(job.state()).isEqualTo(JobState.COMPLETED);
    assertThat(job.attempt()).isEqualTo(3);
    assertThat(effects()).containsExactly("attempt 3");
    assertThat(holdfast.queue().events(job.id()))
        .filteredOn(event -> event.failure().isPresent())
        .hasSize(2)
        .allMatch(event -> event.failure().orElseThrow().message().contains("had not committed"));
  }

  @Test
  void a_snooze_after_the_rollback_is_no_way_around_it() throws Exception {
    Job job =
        run(
            (connection, context) -> {
              complete(connection, context, null);
              connection.rollback();
              return Outcome.snooze(Duration.ofDays(1));
            });

    assertThat(job.state()).isEqualTo(JobState.FAILED);
    assertThat(job.failure().orElseThrow().message()).contains("had not committed");
  }

  @Test
  void a_transaction_that_was_never_committed_fails_the_attempt() throws Exception {
    Job job =
        run(
            (connection, context) -> {
              complete(connection, context, null);
              connection.close(); // rolls back
              return null;
            });

    assertThat(job.state()).isEqualTo(JobState.FAILED);
    assertThat(job.attempt()).isEqualTo(3);
    assertThat(job.failure().orElseThrow().message()).contains("had not committed");
    assertThat(effects()).isEmpty();
  }

  @Test
  void an_exception_and_a_rollback_count_as_that_failure() throws Exception {
    Job job =
        run(
            (connection, context) -> {
              complete(connection, context, null);
              connection.rollback();
              throw new IllegalStateException("after all not");
            });

    assertThat(job.state()).isEqualTo(JobState.FAILED);
    assertThat(job.failure().orElseThrow().kind()).isEqualTo(Failure.Kind.ERROR);
    assertThat(job.failure().orElseThrow().message())
        .isEqualTo("IllegalStateException: after all not");
    assertThat(effects()).isEmpty();
  }

  @Test
  void an_exception_after_the_commit_changes_nothing_any_more() throws Exception {
    Job job =
        run(
            (connection, context) -> {
              complete(connection, context, "done");
              connection.commit();
              throw new IllegalStateException("too late");
            });

    assertThat(job.state()).isEqualTo(JobState.COMPLETED);
    assertThat(job.failure()).isEmpty();
    assertThat(effects()).containsExactly("attempt 1");
  }

  @Test
  @Tag("R-33")
  void a_job_that_was_cancelled_meanwhile_cannot_be_completed() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch refused = new CountDownLatch(1);
    JobId id =
        start(
            (connection, context) -> {
              begun.countDown();
              awaitInterrupt();
              try {
                complete(connection, context, null);
              } catch (StaleLeaseException stale) {
                connection.rollback();
                refused.countDown();
              }
              return null;
            });
    begun.await();

    holdfast.queue().cancel(List.of(id), "test");
    refused.await();

    assertThat(holdfast.find(id).orElseThrow().state()).isEqualTo(JobState.CANCELLED);
    assertThat(effects()).isEmpty();
  }

  @Test
  void a_handler_that_continues_after_its_commit_is_not_interrupted() throws Exception {
    CountDownLatch committed = new CountDownLatch(1);
    CountDownLatch looked = new CountDownLatch(1);
    AtomicBoolean cancelled = new AtomicBoolean();
    CountDownLatch ended = new CountDownLatch(1);
    JobId id =
        start(
            (connection, context) -> {
              complete(connection, context, null);
              connection.commit();
              committed.countDown();
              try {
                looked.await();
              } finally {
                cancelled.set(context.isCancelled());
                ended.countDown();
              }
              return null;
            });
    committed.await();
    for (int i = 0; i < 2; i++) { // each heartbeat is followed by a check of this node's jobs
      long before = heartbeats();
      Eventually.is("a heartbeat", () -> heartbeats() != before);
      holdfast.await(holdfast.enqueue(NewJob.of("quick", i)).id(), LONG).get();
    }
    looked.countDown();
    ended.await();

    assertThat(cancelled).isFalse();
    assertThat(holdfast.find(id).orElseThrow().state()).isEqualTo(JobState.COMPLETED);
  }

  @Test
  void a_transaction_on_another_database_is_refused() throws Exception {
    Job job =
        run(
            (connection, context) -> {
              try (Connection other =
                  DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("b.db"))) {
                other.setAutoCommit(false);
                context.completeIn(JdbcTransaction.of(other), null);
              } catch (InvalidRequestException refused) {
                return "refused";
              }
              return null;
            });

    assertThat(job.result()).contains("\"refused\"");
  }

  private long heartbeats() {
    return holdfast.queue().status().nodes().get(0).heartbeatAt().toEpochMilli();
  }

  private static void awaitInterrupt() {
    try {
      Thread.currentThread().join();
    } catch (InterruptedException told) {
      // goes on
    }
  }

  private void complete(Connection connection, JobContext job, @Nullable String result)
      throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.executeUpdate(
          "insert into effects values ('%s', %d)".formatted(job.id(), job.attempt()));
    }
    job.completeIn(JdbcTransaction.of(connection), result);
  }

  private Job run(Work work) throws Exception {
    return holdfast.await(start(work), LONG).get();
  }

  private JobId start(Work work) {
    HandlerPolicy policy = HandlerPolicy.defaults().retry(RetryPolicy.fixed(Duration.ofMillis(1)));
    holdfast.handle(
        "t",
        String.class,
        (payload, job) -> {
          try (Connection connection = connect()) {
            return work.in(connection, job);
          }
        },
        policy);
    holdfast.handle("quick", Object.class, (payload, job) -> payload);
    holdfast.start(NodeConfig.defaults().lease(LEASE));
    return holdfast.enqueue(NewJob.of("t", "x").maxAttempts(3)).id();
  }

  private List<String> effects() throws SQLException {
    List<String> effects = new ArrayList<>();
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("select attempt from effects")) {
      while (rows.next()) {
        effects.add("attempt " + rows.getInt(1));
      }
    }
    return effects;
  }

  private Connection connect() throws SQLException {
    Connection connection =
        DriverManager.getConnection("jdbc:sqlite:" + file() + "?busy_timeout=60000");
    connection.setAutoCommit(false);
    return connection;
  }

  private Path file() {
    return folder.resolve("jobs.db");
  }
}
