package dev.holdfast.sqlite;

import dev.holdfast.jdbc.sql.ConnectionSession;
import dev.holdfast.jdbc.sql.Sql;
import org.jspecify.annotations.Nullable;

/**
 * The one connection that writes, and its transactions. A suspect connection is closed, which ends
 * any open transaction, and the next transaction gets another. Used by one thread at a time.
 */
final class Writer implements AutoCloseable {
  private static final Sql BEGIN = Sql.of("begin immediate");
  private static final Sql COMMIT = Sql.of("commit");
  private static final Sql ROLLBACK = Sql.of("rollback");

  private final Connections connections;
  private @Nullable ConnectionSession current;

  /** Creates the writer with the connection that prepared the schema. */
  Writer(Connections connections, ConnectionSession opened) {
    this.connections = connections;
    this.current = opened;
  }

  /** Begins a transaction, which takes SQLite's write lock. */
  ConnectionSession begin() {
    ConnectionSession session = current;
    if (session == null) {
      session = connections.openWriter();
      current = session;
    }
    try {
      session.execute(BEGIN);
      return session;
    } catch (RuntimeException | Error failure) {
      end(session, failure);
      throw failure;
    }
  }

  /** Commits. If this throws, the transaction may have been committed, until {@link #rollBack}. */
  void commit(ConnectionSession session) {
    session.execute(COMMIT);
  }

  /** Rolls back after a failure; afterwards no lock is held in any case. */
  void rollBack(ConnectionSession session, Throwable because) {
    if (because instanceof Error) {
      session.distrust();
    }
    if (session.isSound()) {
      try {
        session.execute(ROLLBACK);
      } catch (RuntimeException | Error failure) {
        session.distrust();
        because.addSuppressed(failure);
      }
    }
    replaceSuspect(session);
  }

  /**
   * Ends a transaction that failed to begin: usually nothing has begun, but a suspect connection
   * may have.
   */
  private void end(ConnectionSession session, Throwable because) {
    if (because instanceof Error) {
      session.distrust();
    }
    replaceSuspect(session);
  }

  private void replaceSuspect(ConnectionSession session) {
    if (!session.isSound()) {
      current = null;
      connections.discard(session);
    }
  }

  @Override
  public void close() {
    if (current != null) {
      current.close();
    }
  }
}
