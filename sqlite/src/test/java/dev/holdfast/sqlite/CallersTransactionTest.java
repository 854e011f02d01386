package dev.holdfast.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.Holdfast;
import dev.holdfast.Job;
import dev.holdfast.JobFilter;
import dev.holdfast.JobId;
import dev.holdfast.JobQueue;
import dev.holdfast.JobState;
import dev.holdfast.NewJob;
import dev.holdfast.PageRequest;
import dev.holdfast.error.ConflictException;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.jdbc.JdbcTransaction;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("R-04")
final class CallersTransactionTest {
  @TempDir private Path folder;
  private Holdfast holdfast;
  private Connection connection;

  @BeforeEach
  void open() throws SQLException {
    holdfast = Holdfast.open(folder.resolve("jobs.db").toString());
    connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("jobs.db"));
    connection.setAutoCommit(false);
  }

  @AfterEach
  void close() throws SQLException {
    connection.close();
    holdfast.close();
  }

  @Test
  void a_commit_makes_the_order_and_its_job_durable_together() throws SQLException {
    JobId id = enqueueInTransaction();
    assertThat(holdfast.find(id)).as("before the commit").isEmpty();

    connection.commit();

    assertThat(holdfast.find(id)).map(Job::state).contains(JobState.PENDING);
  }

  @Test
  void a_rolled_back_order_leaves_no_job() throws SQLException {
    JobId id = enqueueInTransaction();

    connection.rollback();

    assertThat(holdfast.find(id)).isEmpty();
  }

  @Test
  void the_commit_wakes_the_workers() throws Exception {
    holdfast.handle("invoice", String.class, (payload, job) -> "sent");
    holdfast.start();
    JobId id = enqueueInTransaction();

    connection.commit();

    assertThat(holdfast.await(id, Duration.ofMinutes(1)).get().result()).contains("\"sent\"");
  }

  @Test
  void a_write_past_the_open_transaction_is_refused_at_once() throws SQLException {
    enqueueInTransaction();

    assertThatThrownBy(() -> holdfast.enqueue(NewJob.of("invoice", "past")))
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining("queue.in(transaction)");

    connection.rollback();
    holdfast.enqueue(NewJob.of("invoice", "after"));
  }

  @Test
  void a_connection_that_was_closed_without_rollback_leaves_its_thread_free() throws SQLException {
    JobId id = enqueueInTransaction();

    connection.close();
    connection.close();

    assertThat(holdfast.enqueue(NewJob.of("invoice", "after"))).isNotNull();
    assertThat(holdfast.find(id)).isEmpty();
  }

  @Test
  void a_transaction_that_is_handed_to_another_thread_leaves_the_first_one_free() throws Exception {
    enqueueInTransaction();
    Thread other = new Thread(this::enqueueInTransaction);
    other.start();
    other.join();

    connection.commit();

    assertThat(holdfast.enqueue(NewJob.of("invoice", "after"))).isNotNull();
    assertThat(holdfast.queue().list(JobFilter.all(), PageRequest.first(10)).items()).hasSize(3);
  }

  @Test
  void a_transaction_that_failed_inside_leaves_its_thread_free_when_it_is_closed()
      throws SQLException {
    JobQueue inside = holdfast.queue().in(JdbcTransaction.of(connection));
    inside.enqueue(NewJob.of("invoice", "first"));
    assertThatThrownBy(
            () -> inside.enqueue(NewJob.of("invoice", "x").after(holdfast.queue().newId())))
        .isInstanceOf(RuntimeException.class);

    connection.close();

    assertThat(holdfast.enqueue(NewJob.of("invoice", "after"))).isNotNull();
  }

  @Test
  void several_transactions_on_one_connection_follow_each_other() throws SQLException {
    JobId first = enqueueInTransaction();
    connection.commit();
    JobId second = enqueueInTransaction();
    connection.rollback();
    JobId third = enqueueInTransaction();
    connection.commit();

    assertThat(holdfast.find(first)).isPresent();
    assertThat(holdfast.find(second)).isEmpty();
    assertThat(holdfast.find(third)).isPresent();
  }

  @Test
  void a_connection_to_another_file_is_refused() throws SQLException {
    try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("b.db"))) {
      other.setAutoCommit(false);

      assertThatThrownBy(
              () ->
                  holdfast.queue().in(JdbcTransaction.of(other)).enqueue(NewJob.of("invoice", "x")))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("both must be in one database");
    }
  }

  @Test
  void a_connection_in_auto_commit_mode_is_refused() throws SQLException {
    connection.setAutoCommit(true);

    assertThatThrownBy(() -> JdbcTransaction.of(connection))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("setAutoCommit(false)");
  }

  private JobId enqueueInTransaction() {
    return holdfast
        .queue()
        .in(JdbcTransaction.of(connection))
        .enqueue(NewJob.of("invoice", "order 42"))
        .id();
  }
}
