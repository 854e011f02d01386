package dev.holdfast.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.HandlerPolicy;
import dev.holdfast.Holdfast;
import dev.holdfast.Job;
import dev.holdfast.JobContext;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.NewJob;
import dev.holdfast.RetryPolicy;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.error.StaleLeaseException;
import dev.holdfast.jdbc.JdbcTransaction;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A step's writes and its record, in one transaction of the handler. */
@Tag("R-69")
final class StepInTest {
  private static final Duration LONG = Duration.ofMinutes(2);

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
      statement.execute("create table effects (name text, attempt integer)");
      connection.commit();
    }
  }

  @AfterEach
  void close() {
    holdfast.close();
  }

  @Test
  void a_commit_makes_the_effect_and_the_step_durable_together() throws Exception {
    Job job =
        run(
            (connection, context) -> {
              String receipt = step(connection, context, "charge");
              connection.commit();
              if (context.attempt() < 3) {
                throw new IllegalStateException("boom");
              }
              return receipt;
            });

    assertThat(job.state()).isEqualTo(JobState.COMPLETED);
    assertThat(job.result()).contains("\"charge in attempt 1\"");
    assertThat(effects()).containsExactly("charge 1");
  }

  @Test
  void a_rollback_leaves_neither() throws Exception {
    Job job =
        run(
            (connection, context) -> {
              String receipt = step(connection, context, "charge");
              if (context.attempt() < 3) {
                connection.rollback();
                throw new IllegalStateException("boom");
              }
              connection.commit();
              return receipt;
            });

    assertThat(job.result()).contains("\"charge in attempt 3\"");
    assertThat(effects()).containsExactly("charge 3");
  }

  @Test
  void until_the_commit_other_calls_are_refused_at_once() throws Exception {
    Job job =
        run(
            (connection, context) -> {
              if (context.checkpoint("a", Integer.class).isEmpty()) {
                refusesOtherCalls(connection, context);
              }
              context.sleep("nap", Duration.ZERO);
              return "done";
            });

    assertThat(job.state()).isEqualTo(JobState.COMPLETED);
    assertThat(job.attempt()).isEqualTo(1);
    assertThat(job.result()).contains("\"done\"");
    assertThat(effects()).containsExactly("charge 1");
  }

  private void refusesOtherCalls(Connection connection, JobContext context) throws Exception {
    step(connection, context, "charge");
    refuses(() -> context.step("other", () -> {}));
    refuses(() -> context.sleep("nap", Duration.ZERO));
    refuses(() -> context.checkpoint("a", 1));
    try (Connection second = connect()) {
      refuses(() -> step(second, context, "second"));
      refuses(() -> context.completeIn(JdbcTransaction.of(second), null));
    }
    connection.commit();
    context.step("other", () -> {});
    context.checkpoint("a", 1);
  }

  private interface Call {
    void call() throws Exception;
  }

  private static void refuses(Call call) {
    assertThatThrownBy(call::call)
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("while the transaction of step 'charge' is open");
  }

  @Test
  void several_steps_and_the_completion_may_share_a_transaction() throws Exception {
    Job job =
        run(
            (connection, context) -> {
              step(connection, context, "charge");
              step(connection, context, "ship");
              context.completeIn(JdbcTransaction.of(connection), "all");
              assertThatThrownBy(() -> context.sleep("nap", Duration.ZERO))
                  .isInstanceOf(InvalidRequestException.class);
              connection.commit();
              return null;
            });

    assertThat(job.state()).isEqualTo(JobState.COMPLETED);
    assertThat(job.result()).contains("\"all\"");
    assertThat(effects()).containsExactly("charge 1", "ship 1");
  }

  @Test
  @Tag("R-33")
  void a_job_that_was_cancelled_meanwhile_records_no_step() throws Exception {
    Job job =
        run(
            (connection, context) -> {
              holdfast.queue().cancel(List.of(context.id()), "test");
              assertThatThrownBy(() -> step(connection, context, "charge"))
                  .isInstanceOf(StaleLeaseException.class);
              connection.rollback();
              return null;
            });

    assertThat(job.state()).isEqualTo(JobState.CANCELLED);
    assertThat(effects()).isEmpty();
  }

  private static String step(Connection connection, JobContext job, String name) throws Exception {
    return job.stepIn(
        JdbcTransaction.of(connection),
        name,
        String.class,
        () -> {
          try (Statement statement = connection.createStatement()) {
            statement.executeUpdate(
                "insert into effects values ('%s', %d)".formatted(name, job.attempt()));
          }
          return "%s in attempt %d".formatted(name, job.attempt());
        });
  }

  private Job run(Work work) throws Exception {
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
    holdfast.start();
    JobId id = holdfast.enqueue(NewJob.of("t", "x").maxAttempts(3)).id();
    return holdfast.await(id, LONG).get();
  }

  private List<String> effects() throws SQLException {
    List<String> effects = new ArrayList<>();
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("select name, attempt from effects")) {
      while (rows.next()) {
        effects.add(rows.getString(1) + " " + rows.getInt(2));
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
