package dev.holdfast.benchmarks.load;

import dev.holdfast.testkit.postgres.PostgresServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;

/**
 * A server for one run, {@code fsync} and {@code synchronous_commit} on, and the databases in it.
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

  /** Drops what has this name, makes it anew and empty, and writes all pages to the disk. */
  public String fresh(String name) throws SQLException {
    drop(name);
    execute(server.url(), "create database " + name);
    execute(server.url(), "checkpoint");
    return address(name);
  }

  /** Drops what has this name, if anything does. */
  public void drop(String name) throws SQLException {
    execute(server.url(), "drop database if exists " + name + " with (force)");
  }

  /** The JDBC address of a database, user included. */
  public String address(String name) {
    return server.databases().url(name);
  }

  /** Vacuumed, analysed and after a checkpoint, so that loading it is over and done with. */
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

  /** The number in the first column of the first row. */
  public static long count(String address, String query) throws SQLException {
    return Long.parseLong(text(address, query));
  }

  /** The first column of the first row. */
  public static String text(String address, String query) throws SQLException {
    try (Connection connection = DriverManager.getConnection(address);
        Statement plain = connection.createStatement();
        ResultSet row = plain.executeQuery(query)) {
      row.next();
      return row.getString(1);
    }
  }

  /** Version and settings that decide, in one line. */
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
