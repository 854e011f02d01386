package dev.holdfast.testkit.postgres;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A PgBouncer in transaction mode in front of a server, on a free port of 127.0.0.1: each
 * transaction may run in another session of the server's. It ends with this JVM.
 */
public final class PgBouncer implements AutoCloseable {
  private static final String PROGRAM = "pgbouncer";
  private static final int LOOKS_MAX = 1_500;
  private static final long LOOK_MILLIS = 20;

  /** Ends the program in the arguments, and removes its folder, when nobody holds the input. */
  private static final String GUARD =
      """
      trap '' INT TERM HUP
      "$@" </dev/null &
      read -r nothing
      kill -KILL $!
      rm -rf "$0"
      """;

  private final Process guard;
  private final int serverPort;
  private final int port;
  private final Path log;

  private PgBouncer(Process guard, int serverPort, int port, Path log) {
    this.guard = guard;
    this.serverPort = serverPort;
    this.port = port;
    this.log = log;
  }

  /** Whether the program is there; Debian's package has the same name. */
  public static boolean isInstalled() {
    return Files.isExecutable(Path.of("/usr/sbin", PROGRAM));
  }

  /**
   * Starts one and waits until it answers.
   *
   * @throws IllegalStateException if it does not; its log is part of the message
   */
  public static PgBouncer before(PostgresServer server) {
    int port = Ports.free();
    try {
      Path folder = Files.createTempDirectory(Installation.TEMPORARY, "holdfast-pgbouncer-");
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
      Path settings = folder.resolve("pgbouncer.ini");
      Files.writeString(settings, settings(server.port(), port));
      List<String> command = new ArrayList<>(List.of("sh", "-c", GUARD, folder.toString()));
      command.addAll(Command.asServerUser(List.of("/usr/sbin/" + PROGRAM, settings.toString())));
      Path log = folder.resolve("pgbouncer.log");
      Process guard =
          Command.start(
              new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()));
      PgBouncer started = new PgBouncer(guard, server.port(), port, log);
      started.awaitAnswer(server.url());
      return started;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static String settings(int serverPort, int port) {
    return """
        [databases]
        * = host=127.0.0.1 port=%d user=postgres
        [pgbouncer]
        listen_addr = 127.0.0.1
        listen_port = %d
        unix_socket_dir =
        auth_type = any
        pool_mode = transaction
        default_pool_size = 20
        max_client_conn = 500
        server_login_retry = 0.1
        ignore_startup_parameters = extra_float_digits
        """
        .formatted(serverPort, port);
  }

  private void awaitAnswer(String serverUrl) throws IOException {
    for (int looks = 0; looks < LOOKS_MAX; looks++) {
      try {
        DriverManager.getConnection(url(serverUrl)).close();
        return;
      } catch (SQLException notYet) {
        if (hasEnded()) {
          break;
        }
      }
    }
    String said = Files.readString(log);
    close();
    throw new IllegalStateException("PgBouncer does not answer:\n" + said);
  }

  private boolean hasEnded() {
    try {
      return guard.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException told) {
      throw Command.interrupted(told);
    }
  }

  /** The same address, but over this one. */
  public String url(String serverUrl) {
    return serverUrl.replace(":" + serverPort + "/", ":" + port + "/");
  }

  @Override
  public void close() {
    try (OutputStream held = guard.getOutputStream()) {
      held.flush();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    try {
      guard.waitFor();
    } catch (InterruptedException told) {
      throw Command.interrupted(told);
    }
  }
}
