package dev.holdfast.postgres;

import dev.holdfast.NodeId;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.NodeInfo;
import dev.holdfast.spi.StoreProvider.OpenMode;
import dev.holdfast.spi.StoreProvider.Surroundings;
import dev.holdfast.test.time.MovableTime;
import dev.holdfast.testkit.sql.SearchPlansContract;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/** The plans of searches on PostgreSQL, as they are among ten million jobs. */
final class SearchPlansTest extends SearchPlansContract {
  /** Lets the planner believe that there are so many; it reads a small table as a whole. */
  private static final String MANY =
      """
      update pg_class set reltuples = 1e7 * relpages / greatest(1, pg_relation_size(oid) / 8192)
       where oid in ('holdfast.jobs'::regclass, 'holdfast.job_fields'::regclass)
      """;

  private final TestDatabase database = TestDatabase.on(18);
  private @Nullable WrappingDriver driver;

  @AfterEach
  void drop() throws SQLException {
    if (driver != null) {
      driver.close();
    }
    database.close();
  }

  @Override
  protected JobStore open(MovableTime clock, UnaryOperator<Connection> wrap) throws SQLException {
    driver = WrappingDriver.register(wrap);
    NodeInfo self =
        new NodeInfo(new NodeId(new UUID(0, 1)), "a", "host", 1, 1, "boot", "pid:[1]", "test");
    return PostgresStoreProvider.open(
        WrappingDriver.over(PostgresAddress.parse(database.url()).orElseThrow()),
        OpenMode.CREATE,
        new Surroundings(clock, body -> new Thread(body, "holdfast-test-store"), self),
        new MovedClock(clock));
  }

  @Override
  protected String plan(String query) throws SQLException {
    try (Connection connection = DriverManager.getConnection(database.url());
        Statement statement = connection.createStatement()) {
      connection.setSchema("holdfast");
      statement.execute("set enable_bitmapscan = off");
      statement.execute("analyze jobs, job_fields");
      statement.execute(MANY);
      try (ResultSet steps = statement.executeQuery("explain " + query)) {
        List<String> plan = new ArrayList<>();
        while (steps.next()) {
          plan.add(steps.getString(1));
        }
        return String.join("\n", plan);
      }
    }
  }

  @Override
  protected String scan() {
    return "Seq Scan on jobs";
  }
}
