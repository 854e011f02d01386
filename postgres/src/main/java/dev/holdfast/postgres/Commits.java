package dev.holdfast.postgres;

import dev.holdfast.error.StoreUnavailableException;
import dev.holdfast.jdbc.sql.ConnectionSession;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLWarning;
import org.postgresql.util.PSQLWarning;

/** Ends transactions: commits them, if need be on a standby too, or rolls them back. */
final class Commits {
  private Commits() {}

  static void rollBack(ConnectionSession session, Throwable because) {
    try {
      session.connection().rollback();
    } catch (SQLException lost) {
      session.distrust();
      because.addSuppressed(lost); // then the server rolls back by itself
    }
  }

  static void commit(Connection connection) throws SQLException {
    connection.clearWarnings();
    connection.commit();
    SQLWarning warning = connection.getWarnings();
    if (warning != null) {
      refuseUnconfirmed(warning);
    }
  }

  /**
   * Rejects an unconfirmed commit. With synchronous replication a commit whose wait for the standby
   * was cancelled succeeds with a warning: it is visible, but could be lost with this server. The
   * warning is recognized by the server routine that issues it, as its text is localized.
   */
  static void refuseUnconfirmed(SQLWarning first) {
    for (SQLWarning warning = first; warning != null; warning = warning.getNextWarning()) {
      if (warning instanceof PSQLWarning told
          && "SyncRepWaitForLSN".equals(told.getServerErrorMessage().getRoutine())) {
        throw new StoreUnavailableException(
            "the commit was not confirmed by the standby (%s): whether it lasts is unknown, repeat it"
                .formatted(PostgresErrors.firstLine(warning)),
            warning);
      }
    }
  }
}
