package dev.holdfast.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.postgresql.PGConnection;

/**
 * Which life of which server a connection is to. Locks of a session say something only within one
 * life, and only where the session is ours alone.
 *
 * @param started when the server was started, in microseconds
 * @param timeline grows when a standby is promoted
 * @param pooled whether the session may be another one in the next transaction
 */
record Server(long started, int timeline, boolean pooled) {
  private static final String ASK =
      """
      select (extract(epoch from pg_postmaster_start_time()) * 1000000)::bigint,
             case when pg_is_in_recovery() then 0
                  else ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::int end,
             pg_backend_pid()
      """;

  /** A pooler answers the connection with a process id of its own making. */
  static Server behind(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(ASK)) {
      row.next();
      boolean isDirect = connection.unwrap(PGConnection.class).getBackendPID() == row.getInt(3);
      return new Server(row.getLong(1), row.getInt(2), !isDirect);
    }
  }

  /** This life, for comparing. */
  String life() {
    return started + "/" + timeline;
  }
}
