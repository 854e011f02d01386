package dev.holdfast.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.NodeId;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.NodeInfo;
import dev.holdfast.spi.StoreProvider.OpenMode;
import dev.holdfast.spi.StoreProvider.Surroundings;
import dev.holdfast.spi.SystemTime;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A transaction that its caller abandoned, and that continues on the server. */
@Tag("R-58")
@Timeout(120)
final class GivenUpSessionsTest {
  @Test
  void a_session_that_was_given_up_is_unsettled_until_its_transaction_has_ended()
      throws SQLException {
    try (TestDatabase database = TestDatabase.on(18);
        Connection given = DriverManager.getConnection(database.url())) {
      SystemTime time = new SystemTime();
      PostgresAddress address = PostgresAddress.parse(database.url()).orElseThrow();
      NodeInfo self =
          new NodeInfo(
              new NodeId(new UUID(0, 1)), "any", "host", 4711, 1, "boot", "pid:[1]", "test");
      Surroundings surroundings = new Surroundings(time, Thread::new, self);
      Pools pools = new Pools(address, false, Thread::new);
      try (JobStore store =
              PostgresStoreProvider.open(
                  address, OpenMode.CREATE, surroundings, new DatabaseClock(time));
          PostgresDatabase behind = database(address, pools, time, given, surroundings)) {
        GivenUpSessions sessions = new GivenUpSessions(behind, false, time);
        assertThat(store.recovery().hasUnsettled()).isFalse();
        assertThat(sessions.exist()).isFalse();
        given.setAutoCommit(false);
        execute(given, "select 1");

        sessions.add(given);

        assertThat(sessions.exist()).isTrue();
        assertThat(sessions.exist()).isTrue();
        given.commit();
        assertThat(sessions.exist()).isFalse();
      }
    }
  }

  private static PostgresDatabase database(
      PostgresAddress address,
      Pools pools,
      SystemTime time,
      Connection connection,
      Surroundings surroundings)
      throws SQLException {
    Marks marks = new Marks(time);
    return new PostgresDatabase(
        address,
        pools,
        new DatabaseClock(time),
        marks,
        new BusyLanes(marks, time),
        "test",
        ServerLife.behind(connection),
        surroundings);
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
