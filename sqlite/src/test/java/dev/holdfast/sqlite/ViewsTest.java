package dev.holdfast.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Holdfast;
import dev.holdfast.testkit.sql.ViewsContract;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ViewsTest extends ViewsContract {
  @TempDir private Path folder;

  private String address() {
    return folder.resolve("jobs.db").toString();
  }

  @Override
  protected Holdfast open() {
    return Holdfast.open(address());
  }

  @Override
  protected Connection connect() throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + address());
  }

  @Override
  protected Instant time(ResultSet row, String column) throws SQLException {
    return Instant.parse(row.getString(column));
  }

  /** However many jobs there are: no window and no list of failures reads them all. */
  @Test
  void windows_and_failures_are_read_by_their_indexes() throws SQLException {
    try (Connection connection = connect()) {
      assertThat(plan(connection, "select * from v_task_performance"))
          .contains("SEARCH jobs USING INDEX jobs_by_end (finished_at>?)");
      assertThat(plan(connection, "select * from v_recent_failures"))
          .contains("jobs_failed")
          .doesNotContain("B-TREE");
      assertThat(
              plan(
                  connection,
                  "select type from jobs where finished_at >= 5 order by finished_at desc limit 9"))
          .contains("jobs_by_end")
          .doesNotContain("B-TREE");
    }
  }

  private static String plan(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet steps = statement.executeQuery("explain query plan " + query)) {
      List<String> plan = new ArrayList<>();
      while (steps.next()) {
        plan.add(steps.getString("detail"));
      }
      return String.join("\n", plan);
    }
  }
}
