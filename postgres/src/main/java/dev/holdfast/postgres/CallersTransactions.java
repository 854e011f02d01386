package dev.holdfast.postgres;

import dev.holdfast.InvalidRequestException;
import dev.holdfast.Transaction;
import dev.holdfast.jdbc.JdbcTransaction;
import dev.holdfast.jdbc.store.Database.Work;
import dev.holdfast.jdbc.store.News;
import dev.holdfast.jdbc.store.Session;
import dev.holdfast.jdbc.store.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;
import java.util.function.Consumer;
import org.postgresql.PGConnection;

/**
 * Work inside callers' own transactions. For its time the session's search path is ours, so that
 * our statements can meet no table of the caller's; then it is as it was.
 */
final class CallersTransactions {
  private static final Sql TAKE_PATH =
      Sql.of(
          """
          select current_setting('search_path'), set_config('search_path', 'holdfast', true),
                 pg_current_xact_id()::text::bigint
          """);

  private static final Sql GIVE_PATH_BACK = Sql.of("select set_config('search_path', :path, true)");

  private final PostgresErrors errors;
  private final StoreClock clock;
  private final String identity;

  /** Connections that were looked at, as long as the caller keeps them. */
  private final Map<PGConnection, Boolean> known = Collections.synchronizedMap(new WeakHashMap<>());

  CallersTransactions(PostgresErrors errors, StoreClock clock, String identity) {
    this.errors = errors;
    this.clock = clock;
    this.identity = identity;
  }

  private record Taken(String path, long transaction) {}

  <T> T run(Transaction transaction, Work<T> work, Consumer<OpenTransaction> onNews) {
    Connection connection = connectionOf(transaction);
    Session session = new Session(connection, id -> id, errors::meaningForCaller);
    try {
      check(connection, session);
      Taken taken =
          session.sql(TAKE_PATH).first(row -> new Taken(row.text(1), row.number(3))).orElseThrow();
      News news = new News();
      T answer = work.run(session, clock.atMost(session), news);
      session.sql(GIVE_PATH_BACK).set("path", taken.path).first(row -> row.text(1));
      if (!news.signals().isEmpty()) {
        onNews.accept(new OpenTransaction(taken.transaction, news));
      }
      return answer;
    } finally {
      session.release();
    }
  }

  private void check(Connection connection, Session session) {
    PGConnection physical = physical(connection);
    if (known.containsKey(physical)) {
      return;
    }
    if (!isOurs(session)) {
      throw new InvalidRequestException(
          "the transaction is not one of the database that holds the queue: both must be one database");
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
          "the transaction's connection is not one of PostgreSQL: " + other.getMessage(), other);
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
