package dev.holdfast.testkit.postgres;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Private databases of a test, on a server that may be shared. Safe for use by several threads. */
public final class PostgresDatabases {
  /** The environment variable with the address of a server for {@link #shared}. */
  public static final String SERVER_VARIABLE = "HOLDFAST_TEST_PG_URL";

  private static final int FIRST_NUMBER = 1 << 20; // servers begin to count at 16384

  private static final Pattern ADDRESS =
      Pattern.compile("(jdbc:postgresql://[^/]*/)([^?]*)(\\?.*)?");
  private static final Map<Integer, PostgresDatabases> SHARED = new ConcurrentHashMap<>();

  private final String url;

  PostgresDatabases(String url) {
    this.url = url;
  }

  /**
   * Uses the server that {@code HOLDFAST_TEST_PG_URL} names, of any version: a JDBC address of a
   * superuser. Without it, uses a server of this major version that the first call starts and that
   * ends with this JVM. Databases that are not dropped stay on a named server.
   *
   * @param major such as 18
   */
  public static PostgresDatabases shared(int major) {
    String named = System.getenv(SERVER_VARIABLE);
    return named == null || named.isBlank()
        ? SHARED.computeIfAbsent(major, first -> PostgresServer.start(first).databases())
        : new PostgresDatabases(named);
  }

  /** Returns the address of the server's own database. */
  public String url() {
    return url;
  }

  /** Returns the address of a database of this name on the server, whether it exists or not. */
  public String url(String database) {
    Matcher address = address(url);
    return address.group(1) + database + (address.group(3) == null ? "" : address.group(3));
  }

  private static Matcher address(String url) {
    Matcher address = ADDRESS.matcher(url);
    if (!address.matches()) {
      throw new IllegalArgumentException(
          "the address of a server must be like jdbc:postgresql://HOST:PORT/DATABASE?user=NAME, was '%s'"
              .formatted(url));
    }
    return address;
  }

  /**
   * Creates an empty database and returns its address. Name and number are unique among all servers
   * of this host, as processes keep files under the number.
   */
  public String create() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    String name = "holdfast_%016x".formatted(random.nextLong());
    int number = random.nextInt(FIRST_NUMBER, Integer.MAX_VALUE);
    execute("create database %s template template0 encoding 'UTF8' oid %d".formatted(name, number));
    return url(name);
  }

  /** Drops a database, and ends all connections to it. */
  public void drop(String databaseUrl) {
    execute("drop database if exists %s with (force)".formatted(address(databaseUrl).group(2)));
  }

  /** Executes one statement in the server's own database, as the superuser. */
  public void execute(String statement) {
    try (Connection connection = DriverManager.getConnection(url);
        Statement sql = connection.createStatement()) {
      sql.execute(statement);
    } catch (SQLException failure) {
      throw new IllegalStateException("failed on %s: %s".formatted(url, statement), failure);
    }
  }
}
