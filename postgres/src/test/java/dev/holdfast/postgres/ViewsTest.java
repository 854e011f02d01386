package dev.holdfast.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Holdfast;
import dev.holdfast.testkit.sql.ViewsContract;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ViewsTest extends ViewsContract {
  private final TestDatabase database = TestDatabase.on(18);

  @AfterEach
  void drop() {
    database.close();
  }

  @Override
  protected Holdfast open() {
    return Holdfast.open(database.url());
  }

  @Override
  protected Connection connect() throws SQLException {
    Connection connection = DriverManager.getConnection(database.url());
    connection.setSchema("holdfast");
    return connection;
  }

  @Override
  protected Instant time(ResultSet row, String column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }

  /** Checks that windows and lists of failures never read all jobs. */
  @Test
  void windows_and_failures_are_read_by_their_indexes() throws SQLException {
    try (Connection connection = connect();
        Statement settings = connection.createStatement()) {
      settings.execute("set enable_seqscan = off");
      settings.execute("set enable_bitmapscan = off");
      assertThat(plan(connection, "select * from v_task_performance"))
          .contains("jobs_by_end", "Index Cond: (finished_at >=");
      assertThat(plan(connection, "select * from v_recent_failures"))
          .contains("jobs_failed")
          .doesNotContain("Sort");
      assertThat(
              plan(
                  connection,
                  "select type from jobs where finished_at >= 5 order by finished_at desc limit 9"))
          .contains("jobs_by_end")
          .doesNotContain("Sort");
    }
  }

  private static String plan(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet steps = statement.executeQuery("explain " + query)) {
      List<String> plan = new ArrayList<>();
      while (steps.next()) {
        plan.add(steps.getString(1));
      }
      return String.join("\n", plan);
    }
  }
}
