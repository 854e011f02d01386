package dev.holdfast.testkit.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;

/**
 * A copy of a running server's data for a standby, made with the low-level backup API of
 * PostgreSQL, as {@code pg_basebackup} is not among the bundled programs.
 */
final class BaseBackup {
  /**
   * The folders to leave empty: their contents belong to the primary, or reach the standby by
   * replication.
   */
  private static final Set<String> EMPTIED =
      Set.of(
          "pg_wal",
          "pg_replslot",
          "pg_dynshmem",
          "pg_notify",
          "pg_serial",
          "pg_snapshots",
          "pg_stat_tmp",
          "pg_subtrans");

  private static final Set<String> LEFT_OUT = Set.of("postmaster.pid", "postmaster.opts");

  private BaseBackup() {}

  /**
   * Copies {@code source}, the data of the server at the other end of the connection, which from
   * now on keeps the log that the standby at the slot has not received.
   */
  static void copy(Connection primary, String slot, Path source, Path target) throws SQLException {
    try (Statement sql = primary.createStatement()) {
      sql.execute("select pg_create_physical_replication_slot('%s', true)".formatted(slot));
      sql.execute("select pg_backup_start('standby', true)");
      Files.walkFileTree(source, new Copy(source, target));
      try (ResultSet end =
          sql.executeQuery("select labelfile from pg_backup_stop(wait_for_archive => false)")) {
        end.next();
        Files.writeString(target.resolve("backup_label"), end.getString(1));
      }
      Files.createFile(target.resolve("standby.signal"));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Copies files while the server keeps writing, and may remove some. */
  private static final class Copy extends SimpleFileVisitor<Path> {
    private final Path source;
    private final Path target;

    Copy(Path source, Path target) {
      this.source = source;
      this.target = target;
    }

    private boolean isWanted(Path path) {
      Path inside = source.relativize(path);
      boolean isInEmptied =
          inside.getNameCount() > 1 && EMPTIED.contains(inside.getName(0).toString());
      return !isInEmptied && !LEFT_OUT.contains(inside.toString());
    }

    private Path targetOf(Path path) {
      return target.resolve(source.relativize(path));
    }

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes facts)
        throws IOException {
      if (!isWanted(folder)) {
        return FileVisitResult.SKIP_SUBTREE;
      }
      Files.createDirectory(
          targetOf(folder),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes facts) throws IOException {
      try {
        if (isWanted(file)) {
          Files.copy(file, targetOf(file));
        }
      } catch (NoSuchFileException removed) {
        Files.deleteIfExists(targetOf(file));
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
      if (failure instanceof NoSuchFileException) {
        return FileVisitResult.CONTINUE;
      }
      throw failure;
    }
  }
}
