package dev.holdfast.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.jdbc.dialect.ConnectionUse;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Transactions of the engine whose process stands still between two statements. */
@Tag("R-33")
@Timeout(60)
final class FrozenTransactionsTest {
  private static final Set<ConnectionUse> OF_THE_ENGINE =
      EnumSet.complementOf(EnumSet.of(ConnectionUse.CALLERS));

  /** As long as a caller waits; more than two seconds, and much less than ten. */
  private static final String WAIT_MAX = "set lock_timeout = '5s'";

  @Test
  void are_ended_by_the_server_before_a_caller_gives_up_waiting_for_their_rows()
      throws SQLException {
    try (TestDatabase test = TestDatabase.on(18);
        Connection survivor = DriverManager.getConnection(test.url())) {
      execute(survivor, "create table public.frozen (id text)");
      List<Connection> frozen = new ArrayList<>();
      for (ConnectionUse use : OF_THE_ENGINE) {
        execute(survivor, "insert into public.frozen (id) values ('" + use + "')");
        frozen.add(holding(test, use));
      }

      execute(survivor, WAIT_MAX);
      assertThat(lockAll(survivor)).isEqualTo(OF_THE_ENGINE.size());

      for (Connection one : frozen) {
        assertThatThrownBy(() -> lockAll(one)).isInstanceOf(SQLException.class);
        one.close();
      }
    }
  }

  private static Connection holding(TestDatabase test, ConnectionUse use) throws SQLException {
    Connection connection = DriverManager.getConnection(test.url());
    execute(connection, SessionSettings.forSession(use));
    connection.setAutoCommit(false);
    execute(connection, "update public.frozen set id = id where id = '" + use + "'");
    return connection;
  }

  private static int lockAll(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("select id from public.frozen for update")) {
      int locked = 0;
      while (rows.next()) {
        locked++;
      }
      return locked;
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
