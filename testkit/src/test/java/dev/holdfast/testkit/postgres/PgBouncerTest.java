package dev.holdfast.testkit.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class PgBouncerTest {

  @Test
  void gives_the_session_to_another_client_after_each_transaction() throws SQLException {
    assumeTrue(PgBouncer.isInstalled(), "pgbouncer is not installed");
    try (PostgresServer server = PostgresServer.start(18);
        PgBouncer pooler = PgBouncer.inFrontOf(server.url());
        Connection first = DriverManager.getConnection(pooler.url(server.url()));
        Connection second = DriverManager.getConnection(pooler.url(server.url()))) {
      assertThat(session(first)).isEqualTo(session(second));
    }
  }

  private static int session(Connection connection) throws SQLException {
    try (Statement sql = connection.createStatement();
        ResultSet row = sql.executeQuery("select pg_backend_pid()")) {
      row.next();
      return row.getInt(1);
    }
  }
}
