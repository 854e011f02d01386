package dev.holdfast.postgres;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Opens the connections of one pool. While callers wait for one and the server cannot be reached,
 * it tries again after the same short pause. A pool that got the error would pause longer each
 * time, up to 5 s, and its callers would wait that long after the server is back.
 */
final class PatientSource implements DataSource {
  /** The pause between two tries. */
  static final Duration PAUSE = Duration.ofMillis(200);

  /** Errors of a connection that cannot be made now: connection exceptions, and a server start. */
  private static final String NO_CONNECTION = "08";

  private static final String STARTING_OR_STOPPING = "57P03";

  /** Opens one connection, or says why it cannot. */
  interface Opener {
    Connection open() throws SQLException;
  }

  private final Opener opener;
  private final Duration pause;
  private final AtomicInteger waiting = new AtomicInteger();
  private volatile Optional<SQLException> failure = Optional.empty(); // of the newest try
  private volatile int loginTimeout;

  PatientSource(Opener opener, Duration pause) {
    this.opener = opener;
    this.pause = pause;
  }

  /**
   * Takes a connection from the pool.
   *
   * @throws SQLTransientConnectionException if there was none in time, with the reason
   */
  Connection take(DataSource pool) throws SQLException {
    waiting.incrementAndGet();
    try {
      return pool.getConnection();
    } catch (SQLTransientConnectionException timeout) {
      throw because(timeout);
    } finally {
      waiting.decrementAndGet();
    }
  }

  private SQLException because(SQLTransientConnectionException timeout) {
    return failure
        .<SQLException>map(
            cause ->
                new SQLTransientConnectionException(
                    timeout.getMessage(), cause.getSQLState(), cause))
        .orElse(timeout);
  }

  @Override
  public Connection getConnection() throws SQLException {
    while (true) {
      try {
        Connection connection = opener.open();
        failure = Optional.empty();
        return connection;
      } catch (SQLException refused) {
        failure = Optional.of(refused);
        if (!isOutage(refused) || waiting.get() == 0 || Thread.currentThread().isInterrupted()) {
          throw refused;
        }
      }
      StoreThread.restBriefly(pause);
    }
  }

  private static boolean isOutage(SQLException refused) {
    @Nullable String state = refused.getSQLState();
    return state != null && (state.startsWith(NO_CONNECTION) || state.equals(STARTING_OR_STOPPING));
  }

  @Override
  public Connection getConnection(String user, String password) throws SQLException {
    throw new SQLFeatureNotSupportedException("the address names the user");
  }

  @Override
  public @Nullable PrintWriter getLogWriter() {
    return null;
  }

  @Override
  public void setLogWriter(@Nullable PrintWriter writer) {}

  /** The opener has its own limit; a pool that is closed waits this long for a try to end. */
  @Override
  public void setLoginTimeout(int seconds) {
    loginTimeout = seconds;
  }

  @Override
  public int getLoginTimeout() {
    return loginTimeout;
  }

  @Override
  public Logger getParentLogger() throws SQLFeatureNotSupportedException {
    throw new SQLFeatureNotSupportedException("it does not log");
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    throw new SQLException("it wraps nothing, least of all a " + type.getName());
  }

  @Override
  public boolean isWrapperFor(Class<?> type) {
    return false;
  }
}
