package dev.holdfast.sqlite;

import dev.holdfast.NodeId;
import dev.holdfast.Transaction;
import dev.holdfast.jdbc.JdbcTransaction;
import dev.holdfast.jdbc.dialect.LaneHeads;
import dev.holdfast.jdbc.host.NodeFiles;
import dev.holdfast.jdbc.store.SqlJobStore;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.NodeInfo;
import dev.holdfast.spi.StoreProvider.OpenMode;
import dev.holdfast.spi.TimeSource;
import dev.holdfast.testkit.DriverFaultsContract;
import dev.holdfast.testkit.sql.DriverFaults.Damage;
import dev.holdfast.testkit.sql.DriverFaults.Kind;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** SQLite's driver fails at every call, in every transaction. */
final class SqliteDriverFaultsTest extends DriverFaultsContract {
  /** One of each sort; the others leave jobs behind, so that each claim after them looks longer. */
  private static final Set<String> SHORT =
      Set.of(
          "enqueue",
          "enqueue in a caller's transaction",
          "exchange",
          "exchange of every end",
          "heartbeat",
          "promote",
          "note",
          "checkpoint");

  @TempDir private Path folder;
  private @Nullable Connection callers;

  @Override
  protected JobStore open(TimeSource time) {
    NativeLibrary.prepare();
    SqliteAddress address = // nothing here is about power cuts
        SqliteAddress.parse("jdbc:sqlite:" + databaseFile() + "?synchronous=NORMAL").orElseThrow();
    DatabaseFile file = DatabaseFile.open(address, OpenMode.CREATE);
    NodeInfo self =
        new NodeInfo(new NodeId(new UUID(0, 1)), "any", "host", 4711, 1, "boot", "pid:[1]", "test");
    NodeFiles nodes = new NodeFiles(file.sideFolder(), self, time);
    Doorbell doorbell =
        new Doorbell(file.sideFolder(), body -> new Thread(body, "holdfast-test-store"), nodes);
    LaneHeads heads = new LaneHeads(time, Duration.ZERO);
    return new SqlJobStore(
        SqliteDatabase.open(
            file,
            OpenMode.CREATE,
            time,
            doorbell,
            heads,
            (config, url) -> faults.wrap(config.createConnection(url))),
        new SqliteDialect(heads),
        nodes);
  }

  private Path databaseFile() {
    return folder.resolve("jobs.db");
  }

  @Override
  protected List<Kind> kinds() {
    return List.of(kind(SQLiteErrorCode.SQLITE_IOERR), kind(SQLiteErrorCode.SQLITE_FULL));
  }

  private static Kind kind(SQLiteErrorCode code) {
    return new Kind(
        code.name(), Damage.STATEMENT, () -> new SQLiteException("a test's " + code.name(), code));
  }

  /** The one before was closed by its caller, unless the driver refused. */
  @Override
  protected Connection connect() throws SQLException {
    closeCallers();
    callers = DriverManager.getConnection("jdbc:sqlite:" + databaseFile() + "?busy_timeout=5000");
    return faults.wrap(callers);
  }

  private void closeCallers() throws SQLException {
    if (callers != null) {
      callers.close();
    }
  }

  @Override
  protected Transaction transaction(Connection connection) {
    return JdbcTransaction.of(connection);
  }

  @Override
  protected boolean isInShortForm(String scenario) {
    return SHORT.contains(scenario);
  }

  @Override
  protected void assertNothingLeaks() throws SQLException {
    closeCallers();
  }
}
