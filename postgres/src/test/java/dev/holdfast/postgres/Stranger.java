package dev.holdfast.postgres;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/** Another session that holds rows of the queue until it is closed. */
final class Stranger implements AutoCloseable {
  private final Connection connection;

  private Stranger(Connection connection) {
    this.connection = connection;
  }

  /** Holds the rows that this statement locks or changes. */
  static Stranger holding(String url, String statement) throws SQLException {
    Connection connection = DriverManager.getConnection(url);
    connection.setAutoCommit(false);
    try (Statement run = connection.createStatement()) {
      run.execute("set search_path = holdfast");
      run.execute("set application_name = 'stranger'");
      run.execute(statement);
    }
    return new Stranger(connection);
  }

  Connection connection() {
    return connection;
  }

  /** Releases the rows. */
  @Override
  public void close() throws SQLException {
    connection.rollback();
    connection.close();
  }
}
