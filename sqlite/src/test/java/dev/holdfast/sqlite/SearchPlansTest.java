package dev.holdfast.sqlite;

import dev.holdfast.NodeId;
import dev.holdfast.jdbc.dialect.LaneHeads;
import dev.holdfast.jdbc.host.NodeFiles;
import dev.holdfast.jdbc.store.SqlJobStore;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.NodeInfo;
import dev.holdfast.spi.StoreProvider.OpenMode;
import dev.holdfast.test.time.MovableTime;
import dev.holdfast.testkit.sql.SearchPlansContract;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.io.TempDir;

/** The plans of searches on SQLite. */
final class SearchPlansTest extends SearchPlansContract {
  @TempDir private Path folder;

  @Override
  protected JobStore open(MovableTime clock, UnaryOperator<Connection> wrap) {
    NativeLibrary.prepare();
    DatabaseFile file =
        DatabaseFile.open(SqliteAddress.parse(path()).orElseThrow(), OpenMode.CREATE);
    NodeInfo self =
        new NodeInfo(new NodeId(new UUID(0, 1)), "a", "host", 1, 1, "boot", "pid:[1]", "test");
    NodeFiles nodes = new NodeFiles(file.sideFolder(), self, clock);
    Doorbell doorbell =
        new Doorbell(file.sideFolder(), body -> new Thread(body, "holdfast-test-store"), nodes);
    LaneHeads heads = new LaneHeads(clock, Duration.ZERO);
    SqliteDatabase database =
        SqliteDatabase.open(
            file,
            OpenMode.CREATE,
            clock,
            doorbell,
            heads,
            (config, url) -> wrap.apply(config.createConnection(url)));
    return new SqlJobStore(database, new SqliteDialect(heads), nodes);
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
