package dev.holdfast.testkit.postgres;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Two PostgreSQL servers under Patroni in synchronous mode, with an etcd, on free ports of
 * 127.0.0.1. Patroni alone decides which is the primary. Everything ends with this JVM, and the
 * data is removed. To be used by one thread at a time.
 */
public final class PatroniCluster implements AutoCloseable {
  /** The version of its servers. */
  public static final int MAJOR = 15;

  private static final Path PATRONI = Path.of("/usr/bin/patroni");
  private static final Path ETCD = Path.of("/usr/bin/etcd");
  private static final Path SERVERS = Path.of("/usr/lib/postgresql/%d/bin".formatted(MAJOR));
  private static final int NODES = 2;
  private static final int LOOKS_MAX = 1_200;
  private static final long LOOK_MILLIS = 100;

  /** A script that ends a program, and the postmaster in a folder, when its input ends. */
  private static final String GUARD =
      """
      trap '' INT TERM HUP
      data=$1
      shift
      "$@" &
      read -r nothing
      kill -KILL $!
      postmaster=$(head -n 1 "$data/postmaster.pid" 2>/dev/null)
      grep -qsF "$data" "/proc/$postmaster/cmdline" && kill -KILL "$postmaster"
      true
      """;

  /**
   * A script that removes the folder shortly after the JVM's end, when the other guards are done.
   */
  private static final String BROOM =
      """
      trap '' INT TERM HUP
      read -r nothing
      turns=0
      until rm -rf "$0" || [ $turns -eq 20 ]; do sleep 0.5; turns=$((turns + 1)); done
      """;

  /** The settings of Patroni, with the shortest time to live that it allows. */
  private static final String SETTINGS =
      """
      scope: holdfast
      name: node%1$d
      restapi: {listen: '127.0.0.1:%2$d', connect_address: '127.0.0.1:%2$d'}
      etcd3: {host: '127.0.0.1:%3$d'}
      bootstrap:
        dcs:
          ttl: 20
          loop_wait: 1
          retry_timeout: 5
          synchronous_mode: true
          postgresql:
            use_slots: true
        initdb: [{auth: trust}, {encoding: UTF8}, {locale: C}]
      postgresql:
        listen: '127.0.0.1:%4$d'
        connect_address: '127.0.0.1:%4$d'
        data_dir: '%5$s/data%1$d'
        bin_dir: '%6$s'
        pgpass: '%5$s/pgpass%1$d'
        remove_data_directory_on_diverged_timelines: true
        authentication:
          superuser: {username: postgres}
          replication: {username: replicator}
        parameters: {unix_socket_directories: ''}
        pg_hba:
          - host all all 127.0.0.1/32 trust
          - host replication all 127.0.0.1/32 trust
        basebackup: [{checkpoint: fast}]
      """;

  private final Path folder = madeFolder();
  private final Process broom = guard("sh", "-c", BROOM, folder.toString());
  private final int etcdPort = Ports.free();
  private final List<Integer> ports = new ArrayList<>();
  private final List<Integer> restPorts = new ArrayList<>();
  private final List<Process> nodes = new ArrayList<>();
  private final Process etcd;

  private PatroniCluster() {
    this.etcd = startEtcd();
    for (int node = 0; node < NODES; node++) {
      ports.add(Ports.free());
      restPorts.add(Ports.free());
      Path settings =
          write(
              "settings" + node,
              SETTINGS.formatted(
                  node, restPorts.get(node), etcdPort, ports.get(node), folder, SERVERS));
      nodes.add(startNode(node, settings));
    }
  }

  /**
   * Returns whether this machine has the programs; they are Debian's packages {@code patroni},
   * {@code etcd-server} and {@code postgresql-15}.
   */
  public static boolean isInstalled() {
    return Files.isExecutable(PATRONI)
        && Files.isExecutable(ETCD)
        && Files.isExecutable(SERVERS.resolve("postgres"));
  }

  /**
   * Starts everything, and waits for a primary with a synchronous standby that Patroni would
   * promote.
   *
   * @throws IllegalStateException if there is none after two minutes
   */
  public static PatroniCluster start() {
    PatroniCluster cluster = new PatroniCluster();
    cluster.awaitStandbyAtCommit();
    return cluster;
  }

  private static Path madeFolder() {
    try {
      Path folder = Files.createTempDirectory(Installation.TEMPORARY, "holdfast-patroni-");
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
      Command.giveToServerUser(folder);
      return folder;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private Path write(String name, String text) {
    try {
      return Files.writeString(folder.resolve(name), text);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private Process startEtcd() {
    String clients = "http://127.0.0.1:" + etcdPort;
    String peers = "http://127.0.0.1:" + Ports.free();
    return startGuarded(
        "etcd",
        List.of(
            ETCD.toString(),
            "--data-dir=" + folder.resolve("etcd"),
            "--listen-client-urls=" + clients,
            "--advertise-client-urls=" + clients,
            "--listen-peer-urls=" + peers,
            "--initial-advertise-peer-urls=" + peers,
            "--initial-cluster=default=" + peers));
  }

  private Process startNode(int node, Path settings) {
    return startGuarded("data" + node, List.of(PATRONI.toString(), settings.toString()));
  }

  private Process startGuarded(String name, List<String> program) {
    List<String> command =
        new ArrayList<>(List.of("sh", "-c", GUARD, "guard", folder.resolve(name).toString()));
    command.addAll(Command.asServerUser(program));
    return Command.start(
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(
                ProcessBuilder.Redirect.appendTo(folder.resolve(name + ".log").toFile())));
  }

  private static Process guard(String... command) {
    return Command.start(
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD));
  }

  /**
   * Returns the address of the database {@code postgres} on the current primary, as its superuser.
   */
  public String url() {
    return "jdbc:postgresql://127.0.0.1:%d,127.0.0.1:%d/postgres?user=postgres&targetServerType=primary"
        .formatted(ports.get(0), ports.get(1));
  }

  /** Returns databases on the primary. */
  public PostgresDatabases databases() {
    return new PostgresDatabases(url());
  }

  /**
   * Kills the primary's machine: its Patroni and its postmaster get SIGKILL. Returns when the other
   * one is the primary, and the dead one has come back as its synchronous standby, known as such to
   * Patroni.
   */
  public void killPrimary() {
    int primary = primary();
    Process node = nodes.get(primary);
    end(node);
    awaitPrimary(1 - primary);
    nodes.set(primary, startNode(primary, folder.resolve("settings" + primary)));
    awaitStandbyAtCommit();
  }

  private int primary() {
    for (int node = 0; node < NODES; node++) {
      if (isPrimary(node)) {
        return node;
      }
    }
    throw new IllegalStateException("there is no primary:\n" + logs());
  }

  private boolean isPrimary(int node) {
    String own = "jdbc:postgresql://127.0.0.1:%d/postgres?user=postgres".formatted(ports.get(node));
    try (Connection connection = DriverManager.getConnection(own);
        Statement sql = connection.createStatement();
        ResultSet row = sql.executeQuery("select not pg_is_in_recovery()")) {
      return row.next() && row.getBoolean(1);
    } catch (SQLException notYet) {
      return false;
    }
  }

  private void awaitPrimary(int node) {
    for (int looks = 0; looks < LOOKS_MAX; looks++) {
      if (isPrimary(node)) {
        return;
      }
      pause();
    }
    throw new IllegalStateException("nobody has taken over:\n" + logs());
  }

  private void awaitStandbyAtCommit() {
    for (int looks = 0; looks < LOOKS_MAX; looks++) {
      if (restPorts.stream().anyMatch(this::isSynchronousStandby)) {
        return;
      }
      pause();
    }
    throw new IllegalStateException("no standby has come:\n" + logs());
  }

  /** Asks Patroni, which promotes no other one. */
  private boolean isSynchronousStandby(int restPort) {
    URI question = URI.create("http://127.0.0.1:%d/sync".formatted(restPort));
    try {
      HttpURLConnection call = (HttpURLConnection) question.toURL().openConnection();
      return call.getResponseCode() == HttpURLConnection.HTTP_OK;
    } catch (IOException notYet) {
      return false;
    }
  }

  private void pause() {
    try {
      etcd.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException told) {
      throw Command.interrupted(told);
    }
  }

  private String logs() {
    StringBuilder all = new StringBuilder();
    try {
      for (String name : List.of("etcd.log", "data0.log", "data1.log")) {
        all.append(name).append(":\n").append(Files.readString(folder.resolve(name)));
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    return all.toString();
  }

  private static void end(Process guarded) {
    try (OutputStream held = guarded.getOutputStream()) {
      held.flush();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    try {
      guarded.waitFor();
    } catch (InterruptedException told) {
      throw Command.interrupted(told);
    }
  }

  /** Ends everything at once, and removes the data. */
  @Override
  public void close() {
    nodes.forEach(PatroniCluster::end);
    end(etcd);
    end(broom);
  }
}
