package dev.holdfast.benchmarks.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * The environment of stores: SQLite files in a folder, or databases of a separate PostgreSQL
 * server.
 */
public sealed interface Ground extends AutoCloseable {
  /** The valid kinds, as in options. */
  String KINDS = "sqlite,postgres";

  /**
   * Creates a ground of this kind; its stores are deleted when it is closed.
   *
   * @throws IllegalArgumentException if there is no such kind
   */
  static Ground of(String kind) throws IOException {
    return switch (kind) {
      case "sqlite" -> new SqliteFolder(Files.createTempDirectory("holdfast-load"));
      case "postgres" -> new PostgresGround(Databases.start());
      default ->
          throw new IllegalArgumentException(
              "a store must be one of %s, was \"%s\"".formatted(KINDS, kind));
    };
  }

  /** Returns the address of an empty store; an existing one of this name is deleted. */
  String fresh(String name) throws IOException, SQLException;

  /** Does the store's deferred work after much was written. */
  void settle(String address) throws SQLException;

  /** Returns a description in one line. */
  String describe() throws SQLException;

  @Override
  void close();

  /** Each store is a file in a folder of its own. */
  record SqliteFolder(Path folder) implements Ground {
    @Override
    public String fresh(String name) throws IOException {
      Path own = folder.resolve(name);
      delete(own);
      Files.createDirectories(own);
      return own.resolve("jobs.db").toString();
    }

    @Override
    public void settle(String address) throws SQLException {
      try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + address);
          Statement statement = connection.createStatement()) {
        statement.execute("pragma wal_checkpoint(truncate)");
      }
    }

    @Override
    public String describe() {
      return "SQLite, synchronous=FULL";
    }

    @Override
    public void close() {
      try {
        delete(folder);
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }

    private static void delete(Path folder) throws IOException {
      if (Files.notExists(folder)) {
        return;
      }
      try (Stream<Path> tree = Files.walk(folder)) {
        for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }

  /** Each store is a database of one server. */
  record PostgresGround(Databases databases) implements Ground {
    @Override
    public String fresh(String name) throws SQLException {
      return databases.fresh(name);
    }

    @Override
    public void settle(String address) throws SQLException {
      Databases.settle(address);
    }

    @Override
    public String describe() throws SQLException {
      return databases.settings();
    }

    @Override
    public void close() {
      databases.close();
    }
  }
}
