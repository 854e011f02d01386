package dev.holdfast.torture.strangers;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.Set;

/** The write lock of an SQLite file, held by a slow session. */
public final class StoreLock implements Hold {
  private final Connection connection;

  private StoreLock(Connection connection) {
    this.connection = connection;
  }

  /** Takes the lock; empty if another session holds it for too long. */
  public static Optional<StoreLock> take(String url) {
    try {
      Connection connection = DriverManager.getConnection(url);
      connection.setAutoCommit(false);
      try (Statement statement = connection.createStatement()) {
        statement.execute("update jobs set updated_at = updated_at where false");
        return Optional.of(new StoreLock(connection));
      } catch (SQLException busy) {
        connection.close();
        return Optional.empty();
      }
    } catch (SQLException failure) {
      return Optional.empty();
    }
  }

  @Override
  public String what() {
    return "write-lock";
  }

  @Override
  public Set<String> rows() {
    return Set.of();
  }

  @Override
  public void end() {
    Closing.quietly(connection);
  }
}
