package dev.holdfast.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.holdfast.jdbc.dialect.ConnectionUse;
import dev.holdfast.postgres.driver.ListeningSocketFactory;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.ReentrantLock;

/** The connections: a few for each use, opened on demand. */
final class Pools implements AutoCloseable {
  private static final int WORK = 2; // acknowledgements and claims, in parallel
  private static final int DUTIES = 2; // one for the duties' thread, one for upkeep's

  /** The maximum time to open a connection or wait for a free one. It bridges short outages. */
  private static final Duration CONNECT_MAX = Duration.ofSeconds(5);

  private final PostgresAddress address;
  private final boolean pooled;
  private final ThreadFactory threads;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<ConnectionUse, Pool> pools =
      new EnumMap<>(ConnectionUse.class); // guarded by lock
  private boolean closed; // guarded by lock

  /** A pool, and the source of its connections. */
  private record Pool(HikariDataSource connections, PatientSource source) {}

  Pools(PostgresAddress address, boolean pooled, ThreadFactory threads) {
    this.address = address;
    this.pooled = pooled;
    this.threads = threads;
  }

  /** Returns whether there is a pooler between us and the server, so that sessions are shared. */
  boolean pooled() {
    return pooled;
  }

  /** Returns a connection for this use; closing it returns it to the pool. */
  Connection take(ConnectionUse use) throws SQLException {
    Pool pool = pool(use);
    return pool.source.take(pool.connections);
  }

  /**
   * Work on a connection.
   *
   * @param <T> the result
   */
  interface Use<T> {
    T on(Connection connection) throws SQLException;
  }

  /** Runs work on a connection for this use. If it fails, the connection is not used again. */
  <T> T lend(ConnectionUse use, Use<T> what) throws SQLException {
    try (Connection connection = take(use)) {
      try {
        return what.on(connection);
      } catch (SQLException | RuntimeException | Error failure) {
        discard(use, connection);
        throw failure;
      }
    }
  }

  /** Closes a suspect connection; the pool may open another one. */
  void discard(ConnectionUse use, Connection suspect) {
    Pool pool;
    lock.lock();
    try {
      pool = pools.get(use);
    } finally {
      lock.unlock();
    }
    if (pool != null) {
      pool.connections.evictConnection(suspect);
    }
  }

  private Pool pool(ConnectionUse use) throws SQLException {
    lock.lock();
    try {
      if (closed) {
        throw new SQLException("the queue is closed", "08003");
      }
      return pools.computeIfAbsent(use, this::open);
    } finally {
      lock.unlock();
    }
  }

  private Pool open(ConnectionUse use) {
    PatientSource source =
        new PatientSource(() -> connect(address, pooled, silenceMax(use)), PatientSource.PAUSE);
    HikariConfig config = new HikariConfig();
    config.setPoolName("holdfast-" + use.name().toLowerCase(Locale.ROOT));
    config.setDataSource(source);
    config.setMaximumPoolSize(size(use));
    config.setMinimumIdle(0);
    config.setConnectionTimeout(CONNECT_MAX.toMillis());
    config.setInitializationFailTimeout(-1); // the server may be unreachable now
    config.setThreadFactory(threads);
    if (!pooled) {
      config.setConnectionInitSql(SessionSettings.forSession(use));
    }
    return new Pool(new HikariDataSource(config), source);
  }

  /**
   * Returns the time after which the driver gives up a silent connection. It does not limit
   * statements, which would be cancelled, and a cancelled commit may look like a success.
   */
  private static Duration silenceMax(ConnectionUse use) {
    return Duration.ofSeconds(
        switch (use) {
          case HEARTBEAT -> 5;
          case WORK, RECOVERY, DUTIES -> 20;
          case CALLERS -> 120;
        });
  }

  private int size(ConnectionUse use) {
    return switch (use) {
      case HEARTBEAT, RECOVERY -> 1;
      case WORK -> WORK;
      case DUTIES -> DUTIES;
      case CALLERS -> address.connections();
    };
  }

  /** Opens a connection outside the pools. */
  static Connection connect(PostgresAddress address, boolean pooled, Duration silenceMax)
      throws SQLException {
    return DriverManager.getConnection(address.jdbcUrl(), properties(address, pooled, silenceMax));
  }

  /** Opens a connection outside the pools that delivers notifications as they arrive. */
  static Connection connectToListen(PostgresAddress address, Duration silenceMax)
      throws SQLException {
    Properties properties = properties(address, false, silenceMax);
    properties.setProperty("socketFactory", ListeningSocketFactory.class.getName());
    return DriverManager.getConnection(address.jdbcUrl(), properties);
  }

  private static Properties properties(
      PostgresAddress address, boolean pooled, Duration silenceMax) {
    Properties properties = new Properties();
    properties.putAll(address.properties());
    properties.setProperty("ApplicationName", "holdfast");
    properties.setProperty("connectTimeout", Long.toString(CONNECT_MAX.toSeconds()));
    properties.setProperty("socketTimeout", Long.toString(silenceMax.toSeconds()));
    properties.setProperty("tcpKeepAlive", "true");
    if (address.hasManyHosts()) {
      properties.setProperty("targetServerType", "primary"); // a standby takes no writes
    }
    if (pooled) {
      properties.setProperty("prepareThreshold", "0"); // statements would stay with one server
    }
    return properties;
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      pools.values().forEach(pool -> pool.connections.close());
      pools.clear();
    } finally {
      lock.unlock();
    }
  }
}
