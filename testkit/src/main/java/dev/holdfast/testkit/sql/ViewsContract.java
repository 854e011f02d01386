package dev.holdfast.testkit.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.holdfast.Enqueued;
import dev.holdfast.HandlerPolicy;
import dev.holdfast.Holdfast;
import dev.holdfast.JobId;
import dev.holdfast.NewJob;
import dev.holdfast.NodeConfig;
import dev.holdfast.RetryPolicy;
import dev.holdfast.spi.SystemTime;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The SQL views for dashboards: the same views, columns and rows on every database. While a test
 * writes rows itself, no node runs that could write them too.
 */
@Tag("R-39")
public abstract class ViewsContract {
  private static final Duration WAIT = Duration.ofMinutes(1);
  private static final long SECOND = 1_000_000; // in microseconds, as times are stored
  private static final Instant THEN = Instant.parse("2026-01-31T10:00:00Z");

  /** The states in the order of the columns of v_queue_type_summary. */
  private static final List<String> STATES =
      List.of(
          "SCHEDULED",
          "BLOCKED",
          "PENDING",
          "RUNNING",
          "COMPLETED",
          "FAILED",
          "INTERRUPTED",
          "CANCELLED");

  private Holdfast holdfast;
  private Connection connection;

  /** Opens the queue under test, which stays the same during a test. */
  protected abstract Holdfast open();

  /** Connects to its database, with its tables on the default search path. */
  protected abstract Connection connect() throws SQLException;

  /** Returns a time as this database presents it. */
  protected abstract Instant time(ResultSet row, String column) throws SQLException;

  @BeforeEach
  void openBoth() throws SQLException {
    holdfast = open();
    connection = connect();
  }

  @AfterEach
  void closeBoth() throws SQLException {
    connection.close();
    holdfast.close();
  }

  private void change(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      assertThat(statement.executeUpdate(sql)).as(sql).isPositive();
    }
  }

  /** Reads one value of each row. */
  private interface Reading<T> {
    T of(ResultSet row) throws SQLException;
  }

  private <T> List<T> read(String query, Reading<T> reading) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet results = statement.executeQuery(query)) {
      List<T> read = new ArrayList<>();
      while (results.next()) {
        read.add(reading.of(results));
      }
      return read;
    }
  }

  private List<String> rows(String query) throws SQLException {
    return read(
        query,
        row -> {
          List<String> values = new ArrayList<>();
          for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
            values.add(String.valueOf(row.getString(i)));
          }
          return String.join(" ", values);
        });
  }

  private List<String> columns(String view) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet results = statement.executeQuery("select * from " + view)) {
      List<String> columns = new ArrayList<>();
      for (int i = 1; i <= results.getMetaData().getColumnCount(); i++) {
        columns.add(results.getMetaData().getColumnLabel(i));
      }
      return columns;
    }
  }

  @Test
  void each_view_has_its_columns() throws SQLException {
    assertThat(columns("v_queue_status_summary"))
        .containsExactly(
            "queue", "state", "jobs", "oldest_created_at", "newest_created_at", "avg_priority");
    assertThat(columns("v_queue_type_summary"))
        .containsExactly(
            "queue",
            "type",
            "jobs",
            "scheduled",
            "blocked",
            "pending",
            "running",
            "completed",
            "failed",
            "interrupted",
            "cancelled");
    assertThat(columns("v_worker_status"))
        .containsExactly(
            "node",
            "name",
            "host",
            "process_id",
            "version",
            "phase",
            "told_to",
            "slots",
            "held",
            "alive",
            "started_at",
            "heartbeat_at",
            "heartbeat_age_seconds");
    assertThat(columns("v_task_performance"))
        .containsExactly(
            "type",
            "jobs",
            "completed",
            "failed",
            "success_rate",
            "retried",
            "avg_attempts",
            "avg_seconds",
            "min_seconds",
            "max_seconds");
    assertThat(columns("v_recent_failures"))
        .containsExactly(
            "id",
            "queue",
            "type",
            "job_group",
            "attempt",
            "max_attempts",
            "crashes",
            "failure_kind",
            "failure_message",
            "created_at",
            "started_at",
            "finished_at");
  }

  @Test
  void what_a_node_does_is_seen_in_all_of_them() throws SQLException {
    run();

    assertThat(rows("select queue, state, jobs from v_queue_status_summary order by 1, 2"))
        .containsExactly("default COMPLETED 3", "default FAILED 1", "letters SCHEDULED 1");
    assertThat(rows("select * from v_queue_type_summary order by queue, type"))
        .containsExactly(
            "default bad 1 0 0 0 0 0 1 0 0",
            "default ok 3 0 0 0 0 3 0 0 0",
            "letters ok 1 1 0 0 0 0 0 0 0");
    assertThat(rows("select node, name, process_id, alive, held from v_worker_status"))
        .containsExactly(
            "%s viewed %d 1 0"
                .formatted(
                    holdfast.queue().status().nodes().get(0).id(), ProcessHandle.current().pid()));
    assertThat(
            rows(
                "select type, jobs, completed, failed, retried from v_task_performance order by 1"))
        .containsExactly("bad 1 0 1 0", "ok 3 3 0 0");
    assertThat(rows("select type, job_group, failure_kind, attempt from v_recent_failures"))
        .containsExactly("bad g ERROR 1");
  }

  private void run() {
    holdfast.handle("ok", String.class, (text, context) -> text);
    holdfast.handle(
        "bad",
        String.class,
        (text, context) -> {
          throw new IllegalStateException("no");
        },
        HandlerPolicy.defaults().retry(RetryPolicy.none()));
    holdfast.start(NodeConfig.defaults().name("viewed"));
    for (String type : List.of("ok", "ok", "ok", "bad")) {
      JobId id = holdfast.enqueue(NewJob.of(type, "x").group("g")).id();
      holdfast.await(id, WAIT).join();
    }
    holdfast.enqueue(NewJob.of("ok", "x").on("letters").in(WAIT));
  }

  /** Adds one scheduled job, two blocked ones, and so on. */
  @Test
  void jobs_of_each_state_are_counted_with_their_oldest_and_newest() throws SQLException {
    for (int i = 0; i < STATES.size(); i++) {
      for (int job = 0; job <= i; job++) {
        holdfast.enqueue(NewJob.of("t", "x").on("q").group(STATES.get(i)).priority(job));
      }
    }
    change("update jobs set state = job_group");
    change("update jobs set created_at = %d + priority * 1000000".formatted(micros(THEN)));
    holdfast.enqueue(NewJob.of("t", "x").on("other"));

    assertThat(rows("select * from v_queue_type_summary order by queue"))
        .containsExactly("other t 1 0 0 1 0 0 0 0 0", "q t 36 1 2 3 4 5 6 7 8");
    for (int i = 0; i < STATES.size(); i++) {
      String ofState =
          "select * from v_queue_status_summary where queue = 'q' and state = '%s'"
              .formatted(STATES.get(i));
      assertThat(read(ofState, row -> row.getInt("jobs"))).containsExactly(i + 1);
      assertThat(read(ofState, row -> time(row, "oldest_created_at"))).containsExactly(THEN);
      assertThat(read(ofState, row -> time(row, "newest_created_at")))
          .containsExactly(THEN.plusSeconds(i));
    }
  }

  private static long micros(Instant time) {
    return time.getEpochSecond() * SECOND;
  }

  @Test
  void of_a_node_that_has_not_ended_shows_whether_it_is_alive_and_what_it_holds()
      throws SQLException {
    for (String name : List.of("ended", "viewed")) {
      try (Holdfast node = open()) {
        node.start(NodeConfig.defaults().name(name).concurrency(7));
      }
    }
    assertThat(rows("select * from v_worker_status")).isEmpty();
    holdfast.queue().enqueue(Collections.nCopies(3, NewJob.of("t", "x")));
    holdfast.enqueue(NewJob.of("waits", "x"));
    change("update jobs set node = (select id from nodes where name = 'viewed')");
    change("update jobs set state = 'RUNNING' where type = 't'");
    change(
        "update nodes set ended_at = null, wanted = 'DRAIN', started_at = %d, heartbeat_at = %d where name = 'viewed'"
            .formatted(micros(THEN), micros(THEN.plusSeconds(5))));
    String shown = "select name, told_to, slots, held, alive from v_worker_status";

    change("update nodes set lease_until = %d".formatted(micros(THEN)));
    assertThat(rows(shown)).containsExactly("viewed DRAIN 7 3 0");

    change("update nodes set lease_until = 10 * lease_until");
    assertThat(rows(shown)).containsExactly("viewed DRAIN 7 3 1");
    String all = "select * from v_worker_status";
    assertThat(read(all, row -> time(row, "started_at"))).containsExactly(THEN);
    assertThat(read(all, row -> time(row, "heartbeat_at"))).containsExactly(THEN.plusSeconds(5));
    double age = Duration.between(THEN.plusSeconds(5), new SystemTime().now()).toMillis() / 1_000.0;
    assertThat(read(all, row -> row.getDouble("heartbeat_age_seconds")).get(0))
        .isCloseTo(age, within(60.0));
    holdfast.enqueue(NewJob.of("first", "x").on("averages").priority(7));
    holdfast.enqueue(NewJob.of("second", "x").on("averages").priority(2));
    assertThat(
            read(
                "select * from v_queue_status_summary where queue = 'averages'",
                row -> row.getDouble("avg_priority")))
        .containsExactly(4.5);
  }

  @Test
  void the_performance_is_that_of_the_last_24_hours() throws SQLException {
    ended(1, "COMPLETED", 1, Duration.ZERO, 2);
    ended(2, "COMPLETED", 2, Duration.ofMinutes(1), 4);
    ended(3, "FAILED", 3, Duration.ofMinutes(2), 9);
    ended(4, "COMPLETED", 1, Duration.ofHours(23), 1);
    ended(5, "COMPLETED", 5, Duration.ofHours(25), 100);
    ended(6, "CANCELLED", 5, Duration.ZERO, 100);

    assertThat(rows("select type, jobs, completed, failed, retried from v_task_performance"))
        .containsExactly("t 4 3 1 2");
    assertThat(
            read(
                "select * from v_task_performance",
                row ->
                    List.of(
                        row.getDouble("success_rate"),
                        row.getDouble("avg_attempts"),
                        row.getDouble("avg_seconds"),
                        row.getDouble("min_seconds"),
                        row.getDouble("max_seconds"))))
        .containsExactly(List.of(0.75, 1.75, 4.0, 1.0, 9.0));
  }

  /** Adds a job, identified by its priority, that ended this long ago after this many seconds. */
  private void ended(int priority, String state, int attempt, Duration ago, int seconds)
      throws SQLException {
    holdfast.enqueue(NewJob.of("t", "x").priority(priority));
    change(
        "update jobs set state = '%s', attempt = %d, started_at = created_at - %d, finished_at = created_at - %d where priority = %d"
            .formatted(
                state,
                attempt,
                (ago.toSeconds() + seconds) * SECOND,
                ago.toSeconds() * SECOND,
                priority));
  }

  @Test
  void failures_are_the_newest_hundred_the_newest_first() throws SQLException {
    List<JobId> ids =
        holdfast
            .queue()
            .enqueue(
                IntStream.rangeClosed(1, 102)
                    .mapToObj(n -> NewJob.of("t", "x").on("q").group("g").priority(n))
                    .toList())
            .stream()
            .map(Enqueued::id)
            .toList();
    change(
        "update jobs set state = 'FAILED', attempt = 2, crashes = 1, failure_kind = 'ERROR', failure_message = 'no', created_at = %d, started_at = %d, finished_at = %d + priority * 1000000"
            .formatted(micros(THEN), micros(THEN), micros(THEN)));
    change("update jobs set state = 'CANCELLED' where priority = 102");
    List<String> newest =
        new ArrayList<>(ids.subList(1, 101).stream().map(JobId::toString).toList());
    Collections.reverse(newest);

    assertThat(rows("select id from v_recent_failures")).containsExactlyElementsOf(newest);
    assertThat(
            rows(
                "select distinct queue, type, job_group, attempt, max_attempts, crashes,"
                    + " failure_kind, failure_message from v_recent_failures"))
        .containsExactly("q t g 2 4 1 ERROR no");
    String all = "select * from v_recent_failures";
    assertThat(read(all, row -> time(row, "created_at"))).containsOnly(THEN);
    assertThat(read(all, row -> time(row, "started_at"))).containsOnly(THEN);
    assertThat(read(all, row -> time(row, "finished_at")))
        .startsWith(THEN.plusSeconds(101))
        .endsWith(THEN.plusSeconds(2));
  }
}
