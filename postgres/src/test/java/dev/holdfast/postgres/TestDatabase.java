package dev.holdfast.postgres;

import dev.holdfast.testkit.postgres.PostgresDatabases;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/** A private database of a test class. Emptying it is much cheaper than creating another one. */
final class TestDatabase implements AutoCloseable {
  private static final String TABLES =
      """
      select string_agg('delete from holdfast.' || tablename, '; ') from pg_tables
       where schemaname = 'holdfast' and tablename <> 'schema_history'
      """;

  private static final String FENCE = "select to_regclass('holdfast.queue_move')";

  private final PostgresDatabases server;
  private final String url;
  private final Connection connection;

  private TestDatabase(PostgresDatabases server) {
    this.server = server;
    this.url = server.create();
    try {
      this.connection = DriverManager.getConnection(url);
    } catch (SQLException failure) {
      throw new IllegalStateException("no connection to " + url, failure);
    }
  }

  /** Creates an empty database on the shared server of this version. */
  static TestDatabase on(int major) {
    return new TestDatabase(PostgresDatabases.shared(major));
  }

  String url() {
    return url;
  }

  /** Stops commits on new connections from waiting for the disk. */
  void forgetDurability() {
    String name = url.replaceAll(".*/([^?]*).*", "$1");
    server.execute("alter database " + name + " set synchronous_commit = off");
  }

  /** Deletes all rows, of a fence first, and the files of nodes. */
  void empty() {
    try (Statement statement = connection.createStatement()) {
      if (text(statement, FENCE).isPresent()) {
        statement.execute("delete from holdfast.queue_move");
      }
      Optional<String> deletes = text(statement, TABLES);
      if (deletes.isPresent()) {
        statement.execute(deletes.get());
        removeFiles();
      }
    } catch (SQLException failure) {
      throw new IllegalStateException("the database could not be emptied", failure);
    }
  }

  private static Optional<String> text(Statement statement, String query) throws SQLException {
    try (ResultSet row = statement.executeQuery(query)) {
      return row.next() ? Optional.ofNullable(row.getString(1)) : Optional.empty();
    }
  }

  /** Returns the folder in which processes on this host keep the files of their nodes. */
  Path hostFolder() {
    try (Statement statement = connection.createStatement()) {
      return HostFolder.of(text(statement, Schema.IDENTITY.toString()).orElseThrow());
    } catch (SQLException failure) {
      throw new IllegalStateException("there is no queue in the database", failure);
    }
  }

  /** Returns the number of rows of a table. */
  long count(String table) {
    try (Statement statement = connection.createStatement()) {
      return Long.parseLong(text(statement, "select count(*) from holdfast." + table).orElse("0"));
    } catch (SQLException failure) {
      throw new IllegalStateException("the table cannot be counted: " + table, failure);
    }
  }

  private void removeFiles() {
    Path folder = hostFolder();
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Drops it. */
  @Override
  public void close() {
    try {
      removeFiles();
      connection.close();
    } catch (SQLException | IllegalStateException nothingThere) {
      // it is dropped anyway
    }
    server.drop(url);
  }
}
