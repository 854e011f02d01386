package dev.holdfast.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.HandlerPolicy;
import dev.holdfast.Holdfast;
import dev.holdfast.JobId;
import dev.holdfast.NewJob;
import dev.holdfast.NodeConfig;
import dev.holdfast.RetryPolicy;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What dashboards read with SQL: the same views and columns as on the other database. */
@Tag("R-39")
class ViewsTest {
  private static final Duration WAIT = Duration.ofSeconds(60);

  private static TestDatabase database;

  @BeforeAll
  static void create() {
    database = TestDatabase.on(18);
  }

  @AfterAll
  static void drop() {
    database.close();
  }

  private String address() {
    return database.url();
  }

  private String url() {
    return database.url();
  }

  private void run(Holdfast holdfast) {
    holdfast.handle("ok", String.class, (text, context) -> text);
    holdfast.handle(
        "bad",
        String.class,
        (text, context) -> {
          throw new IllegalStateException("no");
        },
        HandlerPolicy.defaults().retry(RetryPolicy.never()));
    holdfast.start(NodeConfig.defaults().name("viewed"));
    for (String type : List.of("ok", "ok", "ok", "bad")) {
      JobId id = holdfast.enqueue(NewJob.of(type, "x").group("g")).id();
      holdfast.await(id, WAIT).join();
    }
    holdfast.enqueue(NewJob.of("ok", "x").on("letters").in(WAIT));
  }

  private record View(List<String> columns, List<String> rows) {}

  private static View read(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet results = statement.executeQuery(query)) {
      List<String> columns = new ArrayList<>();
      for (int i = 1; i <= results.getMetaData().getColumnCount(); i++) {
        columns.add(results.getMetaData().getColumnLabel(i));
      }
      List<String> rows = new ArrayList<>();
      while (results.next()) {
        List<String> row = new ArrayList<>();
        for (int i = 1; i <= columns.size(); i++) {
          row.add(String.valueOf(results.getString(i)));
        }
        rows.add(String.join(" ", row));
      }
      return new View(columns, rows);
    }
  }

  private static View view(Connection connection, String name) throws SQLException {
    return read(connection, "select * from holdfast." + name);
  }

  private static List<String> rows(Connection connection, String query) throws SQLException {
    return read(connection, query).rows();
  }

  @Test
  void each_view_has_its_columns_and_tells_the_truth() throws SQLException {
    try (Holdfast holdfast = Holdfast.open(address());
        Connection connection = DriverManager.getConnection(url())) {
      run(holdfast);

      assertThat(view(connection, "v_queue_status_summary").columns())
          .containsExactly("queue", "state", "jobs", "oldest_created_at", "newest_created_at");
      assertThat(
              rows(
                  connection,
                  "select queue, state, jobs from holdfast.v_queue_status_summary order by 1, 2"))
          .containsExactly("default COMPLETED 3", "default FAILED 1", "letters SCHEDULED 1");
      assertThat(view(connection, "v_queue_type_summary").columns())
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
      assertThat(
              rows(connection, "select * from holdfast.v_queue_type_summary order by queue, type"))
          .containsExactly(
              "default bad 1 0 0 0 0 0 1 0 0",
              "default ok 3 0 0 0 0 3 0 0 0",
              "letters ok 1 1 0 0 0 0 0 0 0");
      assertThat(view(connection, "v_worker_status").columns())
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
              "heartbeat_at");
      assertThat(rows(connection, "select node, name, alive, held from holdfast.v_worker_status"))
          .containsExactly(holdfast.status().nodes().get(0).id() + " viewed 1 0");
      assertThat(view(connection, "v_task_performance").columns())
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
      assertThat(
              rows(
                  connection,
                  "select type, jobs, completed, failed, retried, cast(success_rate as integer)"
                      + " from holdfast.v_task_performance order by type"))
          .containsExactly("bad 1 0 1 0 0", "ok 3 3 0 0 1");
      assertThat(view(connection, "v_recent_failures").columns())
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
      assertThat(
              rows(
                  connection,
                  "select type, job_group, failure_kind, attempt from holdfast.v_recent_failures"))
          .containsExactly("bad g ERROR 1");
    }
  }

  /** However many jobs there are: no window and no list of failures reads them all. */
  @Test
  void windows_and_failures_are_read_by_their_indexes() throws SQLException {
    try (Holdfast holdfast = Holdfast.open(address());
        Connection connection = DriverManager.getConnection(url());
        Statement settings = connection.createStatement()) {
      assertThat(holdfast.isClosed()).isFalse();
      settings.execute("set enable_seqscan = off");
      settings.execute("set enable_bitmapscan = off");
      assertThat(plan(connection, "select * from holdfast.v_task_performance"))
          .contains("jobs_by_end");
      assertThat(plan(connection, "select * from holdfast.v_recent_failures"))
          .contains("jobs_failed")
          .doesNotContain("Sort");
      assertThat(
              plan(
                  connection,
                  "select type from holdfast.jobs where finished_at >= 5"
                      + " order by finished_at desc limit 9"))
          .contains("jobs_by_end")
          .doesNotContain("Sort");
    }
  }

  private static String plan(Connection connection, String query) throws SQLException {
    return String.join("\n", rows(connection, "explain " + query));
  }
}
