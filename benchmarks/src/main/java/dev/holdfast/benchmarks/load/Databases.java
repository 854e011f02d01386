package dev.holdfast.benchmarks.load;

import dev.holdfast.testkit.postgres.PostgresServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;

/**
 * A PostgreSQL server for one run, with {@code fsync} and {@code synchronous_commit} on, and its
 * databases.
 */
public final class Databases implements AutoCloseable {
  private static final Map<String, String> SETTINGS =
      Map.of("shared_buffers", "1GB", "max_connections", "300");

  private static final int VERSION = 18;

  private final PostgresServer server;

  private Databases(PostgresServer server) {
    this.server = server;
  }

  /** Starts the server. */
  public static Databases start() {
    return new Databases(PostgresServer.start(VERSION, SETTINGS));
  }

  /** Recreates the database of this name, empty, and writes all pages to disk. */
  public String fresh(String name) throws SQLException {
    drop(name);
    execute(server.url(), "create database " + name);
    execute(server.url(), "checkpoint");
    return address(name);
  }

  /** Drops the database of this name, if it exists. */
  public void drop(String name) throws SQLException {
    execute(server.url(), "drop database if exists " + name + " with (force)");
  }

  /** Returns the JDBC address of a database, including the user. */
  public String address(String name) {
    return server.databases().url(name);
  }

  /** Vacuums, analyses and checkpoints the database, so that loading it has no later effects. */
  public static void settle(String address) throws SQLException {
    execute(address, "vacuum (analyze)");
    execute(address, "checkpoint");
  }

  /** Runs a statement. */
  public static void execute(String address, String statement) throws SQLException {
    try (Connection connection = DriverManager.getConnection(address);
        Statement plain = connection.createStatement()) {
      plain.execute(statement);
    }
  }

  /** Returns the number in the first column of the first row. */
  public static long count(String address, String query) throws SQLException {
    return Long.parseLong(text(address, query));
  }

  /** Returns the first column of the first row. */
  public static String text(String address, String query) throws SQLException {
    try (Connection connection = DriverManager.getConnection(address);
        Statement plain = connection.createStatement();
        ResultSet row = plain.executeQuery(query)) {
      row.next();
      return row.getString(1);
    }
  }

  /** Returns version and relevant settings, in one line. */
  public String settings() throws SQLException {
    return text(
        server.url(),
        """
        select 'PostgreSQL ' || split_part(current_setting('server_version'), ' ', 1) || ', fsync '
               || current_setting('fsync') || ', synchronous_commit '
               || current_setting('synchronous_commit') || ', shared_buffers '
               || current_setting('shared_buffers')
        """);
  }

  @Override
  public void close() {
    server.close();
  }
}
