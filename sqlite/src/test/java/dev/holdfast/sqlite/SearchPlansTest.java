package dev.holdfast.sqlite;

import dev.holdfast.spi.JobStore;
import dev.holdfast.test.time.MovableTime;
import dev.holdfast.testkit.sql.SearchPlansContract;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.io.TempDir;

/** The plans of searches on SQLite. */
final class SearchPlansTest extends SearchPlansContract {
  @TempDir private Path folder;

  @Override
  protected JobStore open(MovableTime clock, UnaryOperator<Connection> wrap) {
    return SqliteStores.open(folder.resolve("jobs.db"), clock, wrap);
  }

  private String path() {
    return folder.resolve("jobs.db").toString();
  }

  @Override
  protected String plan(String query) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + path());
        Statement statement = connection.createStatement();
        ResultSet steps = statement.executeQuery("explain query plan " + query)) {
      List<String> plan = new ArrayList<>();
      while (steps.next()) {
        plan.add(steps.getString("detail"));
      }
      return String.join("\n", plan);
    }
  }

  @Override
  protected String scan() {
    return "SCAN j";
  }
}
