package dev.holdfast.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.NodeId;
import dev.holdfast.error.BusyException;
import dev.holdfast.jdbc.dialect.ConnectionUse;
import dev.holdfast.jdbc.sql.Sql;
import dev.holdfast.spi.NodeInfo;
import dev.holdfast.spi.StoreProvider.Surroundings;
import dev.holdfast.spi.SystemTime;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Reads of callers that take long. */
@Timeout(60)
final class LongReadsTest {
  private static final Sql LONG = Sql.of("select count(*) from (select pg_sleep(3600)) as nap");
  private static final Sql SHORT = Sql.of("select 1");

  @Test
  void end_after_their_time_and_leave_the_server_and_the_pool_as_they_were() throws SQLException {
    SystemTime time = new SystemTime();
    try (TestDatabase test = TestDatabase.on(18);
        Connection connection = DriverManager.getConnection(test.url());
        PostgresDatabase database = database(test, connection, time)) {

      assertThatThrownBy(
              () ->
                  database.read(
                      ConnectionUse.CALLERS,
                      session -> session.sql(LONG).number(),
                      Duration.ofSeconds(1)))
          .isInstanceOf(BusyException.class)
          .hasMessageContaining("took longer than 1 s");

      long next = database.read(ConnectionUse.CALLERS, session -> session.sql(SHORT).number());
      assertThat(next).isOne();
      assertThat(sleepers(connection)).isZero();
    }
  }

  private static long sleepers(Connection connection) throws SQLException {
    try (var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "select count(*) from pg_stat_activity where wait_event = 'PgSleep'")) {
      rows.next();
      return rows.getLong(1);
    }
  }

  private static PostgresDatabase database(
      TestDatabase test, Connection connection, SystemTime time) throws SQLException {
    PostgresAddress address = PostgresAddress.parse(test.url()).orElseThrow();
    NodeInfo self =
        new NodeInfo(new NodeId(new UUID(0, 1)), "any", "host", 4711, 1, "boot", "pid:[1]", "test");
    Marks marks = new Marks(time);
    return new PostgresDatabase(
        address,
        new Pools(address, false, Thread::new),
        new DatabaseClock(time),
        marks,
        new BusyLanes(marks, time),
        "test",
        ServerLife.behind(connection),
        new Surroundings(time, Thread::new, self));
  }
}
