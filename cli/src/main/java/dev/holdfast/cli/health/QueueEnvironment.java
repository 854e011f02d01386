package dev.holdfast.cli.health;

import dev.holdfast.Finding;
import dev.holdfast.Finding.Gravity;
import dev.holdfast.QueueStatus;
import dev.holdfast.check.Durations;
import dev.holdfast.cli.terminal.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** The environment of a queue as this process sees it, with the problems found in it. */
public final class QueueEnvironment {
  /** Network file systems, by their names on Linux, macOS and Windows. */
  private static final Set<String> NETWORK_FILE_SYSTEMS =
      Set.of(
          "nfs",
          "nfs4",
          "cifs",
          "smb",
          "smb2",
          "smb3",
          "smbfs",
          "afpfs",
          "afs",
          "webdav",
          "davfs",
          "9p",
          "ceph",
          "glusterfs",
          "lustre",
          "gpfs",
          "beegfs");

  private static final Duration SKEW_MAX = Duration.ofSeconds(2);

  private final List<Finding> findings = new ArrayList<>();
  private final List<String> checked = new ArrayList<>();

  /**
   * Checks the environment.
   *
   * @param folder the folder next to the database
   * @param now this process's clock
   */
  QueueEnvironment(QueueStatus status, Path folder, Instant now) {
    checked.add("Java %s on %s".formatted(Runtime.version(), System.getProperty("os.name")));
    checkVersions(status.nodes());
    if (status.database().kind().equals("sqlite")) {
      checkFileSystem(Path.of(status.database().name()));
      checkWritable(folder);
    }
    checkClock(status.nodes(), now);
  }

  /** Returns the problems found, in the order of the checks. */
  List<Finding> findings() {
    return findings;
  }

  /** Returns what was checked. */
  List<String> checked() {
    return checked;
  }

  /**
   * Returns whether this is a network file system, on which locks and shared memory are unreliable.
   */
  public static boolean isNetworkFileSystem(String type) {
    String name = type.toLowerCase(Locale.ROOT);
    return NETWORK_FILE_SYSTEMS.contains(name) || name.startsWith("fuse.sshfs");
  }

  private void checkVersions(List<QueueStatus.Node> nodes) {
    Set<String> versions = new TreeSet<>();
    nodes.stream().filter(QueueStatus.Node::alive).forEach(node -> versions.add(node.version()));
    if (versions.size() > 1) {
      add(
          Gravity.NOTE,
          "versions-differ",
          "live nodes run different versions: " + String.join(", ", versions),
          "restart the older ones when convenient");
    }
  }

  private void checkFileSystem(Path file) {
    try {
      String type = Files.getFileStore(file).type();
      checked.add("the file system of %s: %s".formatted(file, type));
      if (isNetworkFileSystem(type)) {
        add(
            Gravity.WARNING,
            "network-file-system",
            "'%s' is on a network file system (%s), whose locks SQLite cannot rely on"
                .formatted(file, type),
            "move the queue to a local disk");
      }
    } catch (IOException unknown) {
      checked.add(
          "could not determine the file system of %s: %s".formatted(file, unknown.getMessage()));
    }
  }

  private void checkWritable(Path folder) {
    checked.add("%s can be written".formatted(folder));
    Path parent = folder.resolveSibling("");
    for (Path each : List.of(folder, parent)) {
      if (Files.exists(each) && !Files.isWritable(each)) {
        add(
            Gravity.ERROR,
            "folder-not-writable",
            "'%s' cannot be written by this user: SQLite and the nodes keep files there"
                .formatted(each),
            "chmod u+w '%s', or use the queue as its owner".formatted(each));
      }
    }
  }

  private void checkClock(List<QueueStatus.Node> nodes, Instant now) {
    checked.add("this clock, compared with %s".formatted(Text.count(nodes.size(), "heartbeat")));
    nodes.stream()
        .map(QueueStatus.Node::heartbeatAt)
        .max(Instant::compareTo)
        .map(newest -> Duration.between(now, newest))
        .filter(ahead -> ahead.compareTo(SKEW_MAX) > 0)
        .ifPresent(
            ahead ->
                add(
                    Gravity.WARNING,
                    "clock-behind",
                    "the newest heartbeat is %s ahead of this clock"
                        .formatted(Durations.format(ahead)),
                    "the clock was set back, or clocks differ: see timedatectl"));
  }

  private void add(Gravity gravity, String code, String text, String cure) {
    findings.add(new Finding(gravity, code, text, cure));
  }
}
