package dev.holdfast.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.holdfast.jdbc.store.ConnectionUse;
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

/** The connections: a few for each use, opened when it is needed first. */
final class Pools implements AutoCloseable {
  private static final int HEARTBEATS = 1;
  private static final int WORK = 2;

  /** Opening, or waiting for one that is free. A short outage is waited out. */
  private static final Duration CONNECT_MAX = Duration.ofSeconds(5);

  private final PostgresAddress address;
  private final boolean pooled;
  private final ThreadFactory threads;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<ConnectionUse, HikariDataSource> pools =
      new EnumMap<>(ConnectionUse.class); // guarded by lock
  private boolean closed; // guarded by lock

  Pools(PostgresAddress address, boolean pooled, ThreadFactory threads) {
    this.address = address;
    this.pooled = pooled;
    this.threads = threads;
  }

  /** Whether there is a pooler between us and the server, so that sessions are not ours alone. */
  boolean pooled() {
    return pooled;
  }

  /** A connection for this use; closing it gives it back. */
  Connection take(ConnectionUse use) throws SQLException {
    return pool(use).getConnection();
  }

  private HikariDataSource pool(ConnectionUse use) throws SQLException {
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

  private HikariDataSource open(ConnectionUse use) {
    HikariConfig config = new HikariConfig();
    config.setPoolName("holdfast-" + use.name().toLowerCase(Locale.ROOT));
    config.setJdbcUrl(address.jdbcUrl());
    config.setDataSourceProperties(properties(address, pooled, silenceMax(use)));
    config.setMaximumPoolSize(size(use));
    config.setMinimumIdle(0);
    config.setConnectionTimeout(CONNECT_MAX.toMillis());
    config.setInitializationFailTimeout(-1); // the server may be away just now
    config.setThreadFactory(threads);
    if (!pooled) {
      config.setConnectionInitSql(Settings.forSession(use));
    }
    return new HikariDataSource(config);
  }

  /**
   * The driver gives a silent connection up after so long. It is no limit to a statement, which
   * would be cancelled, and a cancelled commit may look like a success.
   */
  private static Duration silenceMax(ConnectionUse use) {
    return Duration.ofSeconds(
        switch (use) {
          case HEARTBEAT -> 5;
          case WORK -> 20;
          case CALLERS -> 120;
        });
  }

  private int size(ConnectionUse use) {
    return switch (use) {
      case HEARTBEAT -> HEARTBEATS;
      case WORK -> WORK;
      case CALLERS -> address.connections();
    };
  }

  /** A connection outside of the pools. */
  static Connection connect(PostgresAddress address, boolean pooled, Duration silenceMax)
      throws SQLException {
    return DriverManager.getConnection(address.jdbcUrl(), properties(address, pooled, silenceMax));
  }

  /** A connection outside of the pools that hands over notifications when they come. */
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
      pools.values().forEach(HikariDataSource::close);
      pools.clear();
    } finally {
      lock.unlock();
    }
  }
}
