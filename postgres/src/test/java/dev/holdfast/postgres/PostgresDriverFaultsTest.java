package dev.holdfast.postgres;

import dev.holdfast.NodeId;
import dev.holdfast.Transaction;
import dev.holdfast.jdbc.JdbcTransaction;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.NodeInfo;
import dev.holdfast.spi.StoreProvider.OpenMode;
import dev.holdfast.spi.StoreProvider.Surroundings;
import dev.holdfast.spi.TimeSource;
import dev.holdfast.testkit.DriverFaultsContract;
import dev.holdfast.testkit.sql.DriverFaults.Damage;
import dev.holdfast.testkit.sql.DriverFaults.Kind;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** PostgreSQL's driver fails at every call, in every transaction. */
@Tag("R-58")
final class PostgresDriverFaultsTest extends DriverFaultsContract {
  /** The scenarios of the short form: the hot path, as each lost connection costs a new one. */
  private static final Set<String> SHORT =
      Set.of("enqueue", "enqueue in a caller's transaction", "exchange", "heartbeat", "promote");

  private static TestDatabase database;

  private @Nullable WrappingDriver driver;

  @BeforeAll
  static void createDatabase() {
    database = TestDatabase.on(18);
    database.forgetDurability();
  }

  @AfterAll
  static void dropDatabase() {
    database.close();
  }

  @Override
  protected JobStore open(TimeSource clock) {
    database.empty();
    try {
      driver = WrappingDriver.register(faults::wrap);
    } catch (SQLException failure) {
      throw new IllegalStateException("the driver could not be registered", failure);
    }
    NodeInfo self =
        new NodeInfo(new NodeId(new UUID(0, 1)), "any", "host", 4711, 1, "boot", "pid:[1]", "test");
    return PostgresStoreProvider.open(
        WrappingDriver.over(PostgresAddress.parse(database.url()).orElseThrow()),
        OpenMode.CREATE,
        new Surroundings(clock, body -> new Thread(body, "holdfast-test-store"), self),
        new MovedClock(clock));
  }

  @AfterEach
  void deregister() throws SQLException {
    if (driver != null) {
      driver.close();
    }
  }

  @Override
  protected List<Kind> kinds() {
    return List.of(
        new Kind(
            "connection lost",
            Damage.CONNECTION,
            () -> new SQLException("a test's lost connection", "08006")),
        new Kind(
            "I/O error", Damage.STATEMENT, () -> new SQLException("a test's I/O error", "58030")));
  }

  @Override
  protected Connection connect() throws SQLException {
    return faults.wrap(DriverManager.getConnection(database.url()));
  }

  @Override
  protected Transaction transaction(Connection connection) {
    return JdbcTransaction.of(connection);
  }

  @Override
  protected boolean isInShortForm(String scenario) {
    return SHORT.contains(scenario);
  }
}
