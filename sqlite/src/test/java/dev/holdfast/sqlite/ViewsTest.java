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
import java.util.regex.Pattern;
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

  /** Checks that windows and lists of failures never read all jobs. */
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

  /** Dashboards bring their own SQLite, which may be older than 3.38 and lack its functions. */
  @Test
  void views_use_no_function_that_older_programs_lack() throws SQLException {
    List<String> views = new ArrayList<>();
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery("select sql from sqlite_schema where type = 'view'")) {
      while (row.next()) {
        views.add(row.getString(1));
      }
    }

    assertThat(views).hasSizeGreaterThanOrEqualTo(5);
    assertThat(views)
        .noneMatch(sql -> Pattern.compile("unixepoch\\(|subsec|timediff").matcher(sql).find());
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
