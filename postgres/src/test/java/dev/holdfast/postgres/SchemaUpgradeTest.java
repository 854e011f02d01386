package dev.holdfast.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Holdfast;
import dev.holdfast.jdbc.sql.ConnectionSession;
import dev.holdfast.jdbc.sql.Migrations;
import dev.holdfast.spi.StoreProvider.OpenMode;
import dev.holdfast.test.time.MovableTime;
import dev.holdfast.testkit.process.Eventually;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A schema upgrade while nodes of an older version are running. */
@Tag("R-79")
@Timeout(120)
final class SchemaUpgradeTest {
  private static final String HEARTBEAT = "update holdfast.nodes set heartbeats = heartbeats + 1";

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private TestDatabase database;
  private PostgresAddress address;

  @BeforeEach
  void open() {
    database = TestDatabase.on(18);
    address = PostgresAddress.parse(database.url()).orElseThrow();
    Holdfast.open(database.url()).close();
  }

  @AfterEach
  void close() {
    threads.shutdownNow();
    database.close();
  }

  @Test
  void waiting_for_a_table_in_long_use_does_not_delay_heartbeats() throws Exception {
    try (Connection user = connect();
        Connection node = connect()) {
      user.setAutoCommit(false);
      execute(user, "select * from holdfast.nodes"); // holds the table until the commit
      Future<?> upgrade = threads.submit(this::upgrade);
      Eventually.is("the upgrade waits for the table", () -> isWaiting(node));

      execute(node, "set lock_timeout = '5s'");
      execute(node, HEARTBEAT);

      assertThat(upgrade.isDone()).isFalse();
      user.commit();
      upgrade.get();
      assertThat(
              count(node, "select count(*) from holdfast.schema_history where name like '%test%'"))
          .isEqualTo(2);
    }
  }

  @Test
  void each_migration_is_a_transaction_of_its_own_so_that_locks_end_with_it() throws Exception {
    upgrade();

    try (Connection any = connect()) {
      assertThat(count(any, "select count(distinct xmin::text) from holdfast.schema_history"))
          .isEqualTo(3);
    }
  }

  private void upgrade() {
    List<String> names = new ArrayList<>();
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery("select name from holdfast.schema_history order by number")) {
      while (rows.next()) {
        names.add(rows.getString(1));
      }
      names.add("test-nodes");
      names.add("test-index");
      ConnectionSession session =
          new ConnectionSession(connection, id -> id, new PostgresErrors(address));
      new Schema(address, new Migrations(Schema.class, names))
          .prepare(session, OpenMode.EXISTING, new MovedClock(new MovableTime()));
    } catch (SQLException failure) {
      throw new IllegalStateException(failure);
    }
  }

  private static boolean isWaiting(Connection connection) throws SQLException {
    return count(connection, "select count(*) from pg_locks where not granted") > 0;
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection(database.url());
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static long count(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      row.next();
      return row.getLong(1);
    }
  }
}
