package dev.holdfast.jdbc.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The session of one connection, which prepares each statement once. Used by one thread at a time.
 *
 * <p>It records whether an error has made the connection suspect. A suspect connection is closed by
 * its owner and never used again.
 */
public final class ConnectionSession implements Session, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ConnectionSession.class);

  private final Connection connection;
  private final Function<UUID, Object> ids;
  private final SqlErrors errors;
  private final Consumer<SQLWarning> warnings;
  private boolean sound = true;
  private int limitSeconds; // 0: none
  private Runnable beforeEach = () -> {};
  private final IdentityHashMap<Sql, PreparedStatement> prepared = new IdentityHashMap<>();

  /**
   * @param ids how the dialect stores a UUID
   * @param errors translates database errors
   */
  public ConnectionSession(Connection connection, Function<UUID, Object> ids, SqlErrors errors) {
    this(connection, ids, errors, warning -> {});
  }

  /**
   * @param warnings receives the database's warnings about statements
   */
  public ConnectionSession(
      Connection connection,
      Function<UUID, Object> ids,
      SqlErrors errors,
      Consumer<SQLWarning> warnings) {
    this.warnings = warnings;
    this.connection = connection;
    this.ids = ids;
    this.errors = errors;
  }

  /** Limits the duration of each statement of this session; the database cancels longer ones. */
  public void limitStatements(Duration longest) {
    limitSeconds = Math.toIntExact(longest.toSeconds());
  }

  /** Runs this before each statement of this session; what it throws keeps the statement off. */
  public void checkBeforeEach(Runnable check) {
    beforeEach = check;
  }

  @Override
  public Bound sql(Sql sql) {
    beforeEach.run();
    try {
      PreparedStatement statement = prepared.get(sql);
      if (statement == null) {
        statement = connection.prepareStatement(sql.text());
        if (limitSeconds > 0) {
          statement.setQueryTimeout(limitSeconds);
        }
        prepared.put(sql, statement);
      }
      return new Bound(sql, statement, ids, this::meaning, warnings);
    } catch (SQLException failure) {
      throw meaning(failure);
    }
  }

  @Override
  public <T> T once(Sql sql, Function<Bound, T> use) {
    beforeEach.run();
    try (PreparedStatement statement = connection.prepareStatement(sql.text())) {
      if (limitSeconds > 0) {
        statement.setQueryTimeout(limitSeconds);
      }
      return use.apply(new Bound(sql, statement, ids, this::meaning, warnings));
    } catch (SQLException failure) {
      throw meaning(failure);
    }
  }

  @Override
  public <T> T atOneInstant(Supplier<T> queries) {
    try {
      if (!connection.getAutoCommit()) {
        return queries.get();
      }
      int isolation = connection.getTransactionIsolation();
      connection.setTransactionIsolation(
          Connection.TRANSACTION_SERIALIZABLE); // all engines have it
      T answer;
      try {
        connection.setAutoCommit(false);
        answer = queries.get();
      } catch (RuntimeException | Error | SQLException failure) {
        endQuietly(isolation, failure);
        throw failure;
      }
      endReading(isolation);
      return answer;
    } catch (SQLException failure) {
      throw meaning(failure);
    }
  }

  private void endReading(int isolation) throws SQLException {
    connection.rollback();
    connection.setAutoCommit(true);
    connection.setTransactionIsolation(isolation);
  }

  private void endQuietly(int isolation, Throwable because) {
    try {
      endReading(isolation);
    } catch (SQLException failedAsWell) {
      sound = false; // it stays as it is until it is closed
      because.addSuppressed(failedAsWell);
    }
  }

  @Override
  public void warnOf(SQLWarning warning) {
    warnings.accept(warning);
  }

  /** Also records whether the failure made the connection suspect. */
  @Override
  public RuntimeException meaning(SQLException failure) {
    sound &= errors.isHarmless(failure);
    return errors.meaning(failure);
  }

  /** Returns whether the connection is usable: no error has made it suspect. */
  public boolean isSound() {
    return sound;
  }

  /** Makes the connection suspect, after a failure that was not a database error. */
  public void distrust() {
    sound = false;
  }

  @Override
  public Connection connection() {
    return connection;
  }

  /** Closes the statements and the connection. */
  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException failure) {
      throw meaning(failure);
    }
  }

  /** Closes the statements only; the owner of the connection notices itself if it is lost. */
  public void release() {
    for (PreparedStatement statement : prepared.values()) {
      try {
        statement.close();
      } catch (SQLException lost) {
        log.debug("A statement on a caller's connection could not be closed.", lost);
      }
    }
    prepared.clear();
  }
}
