package dev.holdfast.postgres;

import dev.holdfast.jdbc.sql.ConnectionSession;
import dev.holdfast.jdbc.sql.Session;
import dev.holdfast.spi.ReadCancellation;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.Function;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs reads so that their statement is cancelled when their caller leaves. */
final class CancellableReads {
  private static final Logger log = LoggerFactory.getLogger(CancellableReads.class);

  private CancellableReads() {}

  /**
   * Runs a query under the cancellation of the calling thread, if there is one. The server acts on
   * a request to cancel at its own time, so the connection is not used again after one.
   */
  static <T> T run(ConnectionSession session, Function<Session, T> query) {
    ReadCancellation cancellation = ReadCancellation.current().orElse(null);
    if (cancellation == null) {
      return query.apply(session);
    }
    session.checkBeforeEach(cancellation::check);
    try {
      return cancellation.read(() -> cancel(session.connection()), () -> query.apply(session));
    } finally {
      if (cancellation.isCancelled()) {
        session.distrust();
      }
    }
  }

  private static void cancel(Connection connection) {
    try {
      connection.unwrap(PGConnection.class).cancelQuery();
    } catch (SQLException unreachable) {
      log.debug("A read could not be cancelled; it ends at its time limit.", unreachable);
    }
  }
}
