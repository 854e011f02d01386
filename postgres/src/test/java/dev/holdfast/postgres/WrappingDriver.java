package dev.holdfast.postgres;

import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.Properties;
import java.util.function.UnaryOperator;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** PostgreSQL's driver for addresses of its own, with connections that a function wraps. */
final class WrappingDriver implements Driver, AutoCloseable {
  private static final String OURS = "jdbc:wrapped:";
  private static final String THEIRS = "jdbc:postgresql:";

  private final UnaryOperator<Connection> wrap;

  private WrappingDriver(UnaryOperator<Connection> wrap) {
    this.wrap = wrap;
  }

  static WrappingDriver register(UnaryOperator<Connection> wrap) throws SQLException {
    WrappingDriver driver = new WrappingDriver(wrap);
    DriverManager.registerDriver(driver);
    return driver;
  }

  /** Returns the address by which this driver reaches {@code address}. */
  static PostgresAddress over(PostgresAddress address) {
    return new PostgresAddress(
        address.jdbcUrl().replace(THEIRS, OURS),
        address.properties(),
        address.name(),
        address.pooled(),
        address.connections(),
        address.grace());
  }

  @Override
  public @Nullable Connection connect(String url, Properties info) throws SQLException {
    return acceptsURL(url)
        ? wrap.apply(DriverManager.getConnection(url.replace(OURS, THEIRS), info))
        : null;
  }

  @Override
  public boolean acceptsURL(String url) {
    return url.startsWith(OURS);
  }

  @Override
  public DriverPropertyInfo[] getPropertyInfo(String url, Properties info) {
    return new DriverPropertyInfo[0];
  }

  @Override
  public int getMajorVersion() {
    return 1;
  }

  @Override
  public int getMinorVersion() {
    return 0;
  }

  @Override
  public boolean jdbcCompliant() {
    return false;
  }

  @Override
  public Logger getParentLogger() throws SQLFeatureNotSupportedException {
    throw new SQLFeatureNotSupportedException();
  }

  @Override
  public void close() throws SQLException {
    DriverManager.deregisterDriver(this);
  }
}
