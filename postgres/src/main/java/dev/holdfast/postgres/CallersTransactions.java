package dev.holdfast.postgres;

import dev.holdfast.Transaction;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.jdbc.JdbcTransaction;
import dev.holdfast.jdbc.dialect.Database.Work;
import dev.holdfast.jdbc.dialect.PostCommitSignals;
import dev.holdfast.jdbc.dialect.Tx;
import dev.holdfast.jdbc.sql.ConnectionSession;
import dev.holdfast.jdbc.sql.Session;
import dev.holdfast.jdbc.sql.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;
import java.util.function.Consumer;
import org.postgresql.PGConnection;

/**
 * Work inside callers' own transactions. Meanwhile the session uses our search path, so that our
 * statements never resolve to tables of the caller, and a session that would wait for a row
 * indefinitely waits at most 5 s; afterwards both settings are restored.
 */
final class CallersTransactions {
  private static final Sql TAKE_PATH =
      Sql.of(
          """
          select p.path, set_config('search_path', 'holdfast', true),
                 pg_current_xact_id()::text::bigint, p.timeout,
                 set_config('lock_timeout', case p.timeout when '0' then '5s' else p.timeout end, true)
            from (select current_setting('search_path') as path,
                         current_setting('lock_timeout') as timeout) p
          """);

  private static final Sql GIVE_PATH_BACK =
      Sql.of(
          """
          select set_config('search_path', :path, true), set_config('lock_timeout', :timeout, true)
          """);

  private final PostgresErrors errors;
  private final StoreClock clock;
  private final String identity;

  /** The connections that were checked, as long as the caller keeps them. */
  private final Map<PGConnection, Boolean> known = Collections.synchronizedMap(new WeakHashMap<>());

  CallersTransactions(PostgresErrors errors, StoreClock clock, String identity) {
    this.errors = errors;
    this.clock = clock;
    this.identity = identity;
  }

  private record Taken(String path, long transaction, String timeout) {}

  <T> T run(Transaction transaction, Work<T> work, Consumer<OpenTransaction> onNews) {
    Connection connection = connectionOf(transaction);
    ConnectionSession session = new ConnectionSession(connection, id -> id, errors.forCallers());
    try {
      check(connection, session);
      Taken taken =
          session
              .sql(TAKE_PATH)
              .first(row -> new Taken(row.text(1), row.number(3), row.text(4)))
              .orElseThrow();
      PostCommitSignals postCommit = new PostCommitSignals();
      T answer;
      try {
        answer = work.run(new Tx(session, clock.atMost(session), postCommit));
      } catch (RuntimeException | Error failure) {
        giveBackQuietly(session, taken, failure);
        throw failure;
      }
      giveBack(session, taken);
      if (!postCommit.signals().isEmpty()) {
        onNews.accept(new OpenTransaction(taken.transaction, postCommit));
      }
      return answer;
    } finally {
      session.release();
    }
  }

  private static void giveBack(Session session, Taken taken) {
    session
        .sql(GIVE_PATH_BACK)
        .set("path", taken.path)
        .set("timeout", taken.timeout)
        .first(row -> row.text(1));
  }

  /**
   * Restores the settings. A failed transaction accepts no statements; but its end, or a rollback
   * to a savepoint of the caller's, restores the settings as well.
   */
  private static void giveBackQuietly(Session session, Taken taken, Throwable because) {
    try {
      giveBack(session, taken);
    } catch (RuntimeException failedBefore) {
      because.addSuppressed(failedBefore);
    }
  }

  private void check(Connection connection, Session session) {
    PGConnection physical = physical(connection);
    if (known.containsKey(physical)) {
      return;
    }
    if (!isOurs(session)) {
      throw new InvalidRequestException(
          "the transaction does not belong to the database of the queue: both must be in one"
              + " database database");
    }
    known.put(physical, true);
  }

  private boolean isOurs(Session session) {
    try {
      return session.sql(Schema.IDENTITY).first(row -> row.text(1)).equals(Optional.of(identity));
    } catch (IllegalStateException noSuchTable) {
      return false;
    }
  }

  private static PGConnection physical(Connection connection) {
    try {
      return connection.unwrap(PGConnection.class);
    } catch (SQLException other) {
      throw new InvalidRequestException(
          "the transaction's connection is not a PostgreSQL connection: " + other.getMessage(),
          other);
    }
  }

  private static Connection connectionOf(Transaction transaction) {
    if (transaction instanceof JdbcTransaction jdbc) {
      return jdbc.connection();
    }
    throw new InvalidRequestException(
        "a %s cannot be used on a queue in PostgreSQL: use JdbcTransaction.of(connection)"
            .formatted(transaction.getClass().getSimpleName()));
  }
}
