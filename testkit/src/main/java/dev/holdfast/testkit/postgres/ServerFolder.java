package dev.holdfast.testkit.postgres;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * The folder of a server's data and log. A small process of its own ends the server and removes the
 * folder when this is closed, or when this JVM has ended for any reason.
 */
final class ServerFolder {
  private static final String GUARD =
      """
      trap '' INT TERM HUP
      read -r nothing
      postmaster=$(head -n 1 "$0/data/postmaster.pid" 2>/dev/null)
      is_there() { grep -qsF "$0/data" "/proc/$postmaster/cmdline"; }
      is_there && kill -QUIT "$postmaster"
      turns=0
      while is_there && [ $turns -lt 100 ]; do sleep 0.1; turns=$((turns + 1)); done
      is_there && kill -KILL "$postmaster"
      rm -rf "$0" || { sleep 2; rm -rf "$0"; }
      """;

  private static final FileAttribute<?> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private final Path path;
  private final Process guard;

  private ServerFolder(Path path, Process guard) {
    this.path = path;
    this.guard = guard;
  }

  static ServerFolder make() {
    try {
      Path path = Files.createTempDirectory(Installation.TEMPORARY, "holdfast-postgres-");
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
      Process guard =
          Command.start(
              new ProcessBuilder("sh", "-c", GUARD, path.toString())
                  .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                  .redirectError(ProcessBuilder.Redirect.DISCARD));
      return new ServerFolder(path, guard);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  Path data() {
    return path.resolve("data");
  }

  Path log() {
    return path.resolve("postgres.log");
  }

  /**
   * Stores a file that only the server may read.
   *
   * @return its path
   */
  Path keep(String name, String text) {
    Path file = path.resolve(name);
    try {
      Files.createFile(file, OWNER_ONLY);
      Files.writeString(file, text);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    Command.giveToServerUser(file);
    return file;
  }

  /** Returns the log after this many bytes. */
  String logFrom(long start) {
    try {
      byte[] log = Files.readAllBytes(log());
      int from = (int) Math.min(start, log.length);
      return new String(log, from, log.length - from, StandardCharsets.UTF_8);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  long logBytes() {
    try {
      return Files.exists(log()) ? Files.size(log()) : 0;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Starts with a copy of data that no server has written to yet. */
  void copyEmptyData(Installation installation) {
    Command.run(List.of("cp", "-a", installation.emptyData().toString(), data().toString()));
  }

  void removeData() {
    Command.run("rm", "-rf", data().toString());
  }

  /** Removes the folder; the server must have been stopped before. */
  void remove() {
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
