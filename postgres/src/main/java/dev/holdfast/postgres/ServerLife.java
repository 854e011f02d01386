package dev.holdfast.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.postgresql.PGConnection;

/**
 * The server, and its current life, that a connection leads to. Session locks mean something only
 * within one life, and only if the session is not shared.
 *
 * @param life an identifier that changes with each start and each promotion
 * @param pooled whether each transaction may use another session
 */
record ServerLife(String life, boolean pooled) {
  /** The server's life as an SQL expression: its start and its timeline. */
  static final String LIFE =
      """
      (extract(epoch from pg_postmaster_start_time()) * 1000000)::bigint || '/' ||
      case when pg_is_in_recovery() then 0
           else ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::int end
      """;

  private static final String ASK = "select " + LIFE + ", pg_backend_pid()";

  /** Returns the server behind a connection. A pooler reports a process id of its own. */
  static ServerLife behind(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(ASK)) {
      row.next();
      boolean isDirect = connection.unwrap(PGConnection.class).getBackendPID() == row.getInt(2);
      return new ServerLife(row.getString(1), !isDirect);
    }
  }

  /** Returns the timeline, which grows when a standby is promoted; 0 for a standby. */
  int timeline() {
    return Integer.parseInt(life.substring(life.indexOf('/') + 1));
  }
}
