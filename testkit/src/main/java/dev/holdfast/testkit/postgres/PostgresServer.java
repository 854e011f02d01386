package dev.holdfast.testkit.postgres;

import dev.holdfast.testkit.process.TlsKeys;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A private PostgreSQL server of a test, whose postmaster is a child of this JVM on a free port of
 * 127.0.0.1. It ends with this JVM, and its data is removed. To be used by one thread at a time.
 */
public final class PostgresServer implements AutoCloseable {
  private static final int STARTS_MAX = 600;
  private static final int LOOKS_MAX = 3_000;
  private static final long LOOK_MILLIS = 20;
  private static final long STOP_SECONDS_MAX = 60;

  private final Installation installation;
  private final Map<String, String> settings;
  private final ServerFolder folder;
  private final int port = Ports.free();
  private @Nullable Process postmaster;
  private List<String> following = List.of();

  private PostgresServer(
      Installation installation, Map<String, String> settings, ServerFolder folder) {
    this.installation = installation;
    this.settings = settings;
    this.folder = folder;
  }

  /** Starts an empty server of a major version, such as 18, and waits until it responds. */
  public static PostgresServer start(int major) {
    return start(major, Map.of());
  }

  /**
   * Starts an empty server and waits until it responds.
   *
   * @param major the version, such as 18
   * @param settings server settings, such as {@code shared_buffers} to {@code 1GB}; they are passed
   *     on its command line, so that {@code alter system} cannot change them
   * @throws IllegalStateException if it does not respond; its log is part of the message
   */
  public static PostgresServer start(int major, Map<String, String> settings) {
    return start(major, settings, ServerFolder.make());
  }

  /**
   * Starts an empty server that offers TLS, and waits until it responds.
   *
   * @param keys its key and certificate
   */
  public static PostgresServer startWithTls(int major, TlsKeys keys) {
    ServerFolder folder = ServerFolder.make();
    Map<String, String> settings =
        Map.of(
            "ssl", "on",
            "ssl_cert_file", folder.keep("server.crt", keys.certificatePem()).toString(),
            "ssl_key_file", folder.keep("server.key", keys.privateKeyPem()).toString());
    return start(major, settings, folder);
  }

  private static PostgresServer start(
      int major, Map<String, String> settings, ServerFolder folder) {
    Installation installation = Installation.of(major);
    PostgresServer server = new PostgresServer(installation, Map.copyOf(settings), folder);
    folder.copyEmptyData(installation);
    server.restart();
    return server;
  }

  /**
   * Starts a standby with the same settings that follows {@code primary}, and waits until it can be
   * read.
   *
   * @param primary the server that it copies
   * @param primaryPort its own port, or that of a {@link Wire} to it
   * @param name its {@code application_name} at the primary, and the name of its slot there; new
   *     there, of lower-case letters, digits and underscores
   */
  public static PostgresServer standbyOf(PostgresServer primary, int primaryPort, String name) {
    PostgresServer standby =
        new PostgresServer(primary.installation, primary.settings, ServerFolder.make());
    standby.follow(primary, primaryPort, name);
    return standby;
  }

  /** Returns the address of the database {@code postgres}, as its superuser. */
  public String url() {
    return "jdbc:postgresql://127.0.0.1:%d/postgres?user=postgres".formatted(port);
  }

  /** Returns databases on this server. */
  public PostgresDatabases databases() {
    return new PostgresDatabases(url());
  }

  /** Creates an empty database and returns its address. */
  public String createDatabase() {
    return databases().create();
  }

  /** Connects to {@link #url}. */
  public Connection connect() throws SQLException {
    return DriverManager.getConnection(url());
  }

  /** Returns the port, which stays the same after a restart. */
  public int port() {
    return port;
  }

  /** Returns the process id of the postmaster. */
  public long pid() {
    return running().pid();
  }

  /** Returns the server's log file. */
  public Path log() {
    return folder.log();
  }

  /**
   * Ends the postmaster with SIGKILL. Its children end by themselves a moment later; {@link
   * #restart} waits for that, and recovers.
   */
  public void kill() {
    running().destroyForcibly();
    awaitEnd();
  }

  /** Ends the server with SIGQUIT: all connections are cut, and {@link #restart} recovers. */
  public void stopImmediately() {
    stop("QUIT");
  }

  /** Ends the server with SIGINT: connections are cut, and what was written is flushed. */
  public void stop() {
    stop("INT");
  }

  private void stop(String signal) {
    if (running().isAlive()) {
      Command.run("kill", "-s", signal, Long.toString(pid()));
      awaitEnd();
    }
  }

  /** Starts the server again on its port and data, and waits until it responds. */
  public void restart() {
    for (int starts = 0; starts < STARTS_MAX; starts++) {
      long before = folder.logBytes();
      Process started = launch();
      postmaster = started;
      if (isAnswering(started)) {
        return;
      }
      if (!isHeldBack(folder.logFrom(before))) {
        throw new IllegalStateException("PostgreSQL did not start:\n" + folder.logFrom(before));
      }
    }
    throw new IllegalStateException(
        "what is left of PostgreSQL does not end:\n" + folder.logFrom(0));
  }

  /**
   * Returns whether children of the killed postmaster, which notice its end only later, keep it
   * from starting.
   */
  private static boolean isHeldBack(String log) {
    return log.contains("is still in use") || log.contains("lock file \"postmaster.pid\"");
  }

  private Process launch() {
    List<String> command = new ArrayList<>();
    command.add(installation.program("postgres").toString());
    command.addAll(List.of("-D", folder.data().toString(), "-p", Integer.toString(port)));
    command.addAll(List.of("-c", "listen_addresses=127.0.0.1"));
    command.addAll(List.of("-c", "unix_socket_directories="));
    settings.forEach((name, value) -> command.addAll(List.of("-c", name + "=" + value)));
    command.addAll(following);
    return Command.start(
        new ProcessBuilder(Command.asServerUser(command))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile())));
  }

  /** Waits until it responds. @return false if it has ended instead */
  private boolean isAnswering(Process started) {
    for (int looks = 0; looks < LOOKS_MAX; looks++) {
      if (hasAnswered()) {
        return true;
      }
      if (hasEnded(started)) {
        return false;
      }
    }
    throw new IllegalStateException("PostgreSQL does not answer:\n" + folder.logFrom(0));
  }

  /** Returns whether this server responds, and not another one that was assigned the same port. */
  private boolean hasAnswered() {
    try (Connection connection = connect();
        Statement sql = connection.createStatement();
        ResultSet answer = sql.executeQuery("show data_directory")) {
      return answer.next() && answer.getString(1).equals(folder.data().toString());
    } catch (SQLException notYet) {
      return false;
    }
  }

  private static boolean hasEnded(Process process) {
    try {
      return process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException told) {
      throw Command.interrupted(told);
    }
  }

  private void awaitEnd() {
    try {
      if (!running().waitFor(STOP_SECONDS_MAX, TimeUnit.SECONDS)) {
        running().destroyForcibly().waitFor();
      }
    } catch (InterruptedException told) {
      throw Command.interrupted(told);
    }
  }

  private Process running() {
    if (postmaster == null) {
      throw new IllegalStateException("the server was never started");
    }
    return postmaster;
  }

  /**
   * Discards its data, copies {@code primary}, and follows it; on its own port as before. It must
   * have been stopped or killed.
   *
   * @param primary a running server of the same version
   * @param primaryPort its own port, or that of a {@link Wire} to it
   * @param name as at {@link #standbyOf}
   */
  public void follow(PostgresServer primary, int primaryPort, String name) {
    folder.removeData();
    try (Connection connection = primary.connect()) {
      BaseBackup.copy(connection, name, primary.folder.data(), folder.data());
    } catch (SQLException failure) {
      throw new IllegalStateException("no copy could be taken of " + primary.url(), failure);
    }
    Command.giveToServerUser(folder.data());
    String primaryAddress =
        "host=127.0.0.1 port=%d user=postgres application_name=%s".formatted(primaryPort, name);
    following =
        List.of(
            "-c",
            "primary_conninfo=" + primaryAddress,
            "-c",
            "primary_slot_name=" + name,
            "-c",
            "wal_retrieve_retry_interval=100ms");
    restart();
  }

  /** Promotes a standby to a primary, and waits for that. */
  public void promote() {
    databases().execute("select pg_promote()");
  }

  /**
   * Makes commits wait from now on until a standby has them on disk, also on a server that takes
   * over; without a standby, commits wait. Returns when a standby is connected.
   */
  public void awaitStandbyAtCommit() {
    PostgresDatabases own = databases();
    own.execute("alter system set synchronous_standby_names = '*'");
    own.execute("select pg_reload_conf()");
    own.execute(
        """
        do $$
        begin
          for looks in 1 .. 3000 loop
            if exists (
              select from pg_stat_replication where state = 'streaming' and sync_state = 'sync')
            then
              return;
            end if;
            perform pg_sleep(0.02);
          end loop;
          raise 'no standby has come';
        end $$
        """);
  }

  /** Stops the server and removes its data. */
  @Override
  public void close() {
    stop();
    folder.remove();
  }
}
