package dev.holdfast.testkit.postgres;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A PgBouncer in transaction mode on a free port of 127.0.0.1, in front of one server: each
 * transaction may run in another session. It accepts every client, as the superuser. It ends with
 * this JVM.
 */
public final class PgBouncer implements AutoCloseable {
  private static final Path PROGRAM = Path.of("/usr/sbin/pgbouncer");
  private static final Pattern SERVER =
      Pattern.compile("jdbc:postgresql://([^/:]+):(\\d+)/[^?]*\\?user=([^&]+)");
  private static final int LOOKS_MAX = 3_000;
  private static final long LOOK_MILLIS = 20;

  private static final String SETTINGS =
      """
      [databases]
      * = host=%s port=%s user=%s

      [pgbouncer]
      listen_addr = 127.0.0.1
      listen_port = %d
      unix_socket_dir =
      auth_type = any
      pool_mode = transaction
      default_pool_size = 20
      max_client_conn = 500
      """;

  /**
   * A script that ends the program when the first one's input, which this JVM holds open, has
   * ended.
   */
  private static final String GUARD =
      """
      trap '' INT TERM HUP
      folder=$1
      shift
      "$@" "$folder/settings" &
      read -r nothing
      kill -KILL $!
      rm -rf "$folder"
      """;

  private final Path folder;
  private final Process guard;
  private final String server;
  private final int port;

  private PgBouncer(Path folder, Process guard, String server, int port) {
    this.folder = folder;
    this.guard = guard;
    this.server = server;
    this.port = port;
  }

  /** Returns whether this machine has the program; it is Debian's package {@code pgbouncer}. */
  public static boolean isInstalled() {
    return Files.isExecutable(PROGRAM);
  }

  /**
   * Starts one and waits until it responds.
   *
   * @param serverUrl the URL of a database on the server behind it, with host, port and user
   */
  public static PgBouncer inFrontOf(String serverUrl) {
    Matcher address = SERVER.matcher(serverUrl);
    if (!address.find()) {
      throw new IllegalArgumentException(
          "the address of a server must be like jdbc:postgresql://HOST:PORT/DATABASE?user=NAME, was '%s'"
              .formatted(serverUrl));
    }
    int port = Ports.free();
    Path folder =
        folderWith(SETTINGS.formatted(address.group(1), address.group(2), address.group(3), port));
    List<String> command = new ArrayList<>(List.of("sh", "-c", GUARD, "guard", folder.toString()));
    command.addAll(Command.asServerUser(List.of(PROGRAM.toString(), "-q")));
    Process guard =
        Command.start(
            new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile()));
    String host = address.group(1) + ":" + address.group(2) + "/";
    PgBouncer pooler = new PgBouncer(folder, guard, host, port);
    pooler.awaitAnswer(serverUrl);
    return pooler;
  }

  private static Path folderWith(String settings) {
    try {
      Path folder = Files.createTempDirectory(Installation.TEMPORARY, "holdfast-pgbouncer-");
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
      Files.writeString(folder.resolve("settings"), settings);
      return folder;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private void awaitAnswer(String serverUrl) {
    for (int looks = 0; looks < LOOKS_MAX; looks++) {
      try (Connection connection = DriverManager.getConnection(url(serverUrl))) {
        connection.createStatement().close();
        return;
      } catch (SQLException notYet) {
        pause();
      }
    }
    throw new IllegalStateException("PgBouncer does not answer:\n" + log());
  }

  private void pause() {
    try {
      guard.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException told) {
      throw Command.interrupted(told);
    }
  }

  private String log() {
    try {
      return Files.readString(folder.resolve("log"));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Returns the same address through this pooler. */
  public String url(String serverUrl) {
    return serverUrl.replace(server, "127.0.0.1:" + port + "/");
  }

  /** Ends it, and all connections through it. */
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
