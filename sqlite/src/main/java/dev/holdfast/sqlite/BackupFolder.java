package dev.holdfast.sqlite;

import dev.holdfast.error.ConflictException;
import dev.holdfast.error.StorageException;
import dev.holdfast.jdbc.host.PrivateFiles;
import dev.holdfast.spi.Upkeep.BackupName;
import dev.holdfast.spi.Upkeep.StoredBackup;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The folder of backups next to a database, and the lock under which one is made. */
final class BackupFolder {
  private static final String ENDING = ".db";

  private final Path folder;
  private final Path lockFile;

  /**
   * @param sideFolder the folder of the queue's files
   */
  BackupFolder(Path sideFolder) {
    this.folder = sideFolder.resolve("backups");
    this.lockFile = sideFolder.resolve("backup.lock");
  }

  Path pathOf(BackupName name) {
    return folder.resolve(name + ENDING);
  }

  void create() throws IOException {
    PrivateFiles.createFolder(folder);
  }

  /** Holds a lock while it is open; the system frees it when the process dies. */
  record Held(FileChannel channel) implements AutoCloseable {
    @Override
    public void close() throws IOException {
      channel.close();
    }
  }

  /**
   * Takes the lock of this queue's backups.
   *
   * @throws ConflictException if another thread or process has it
   */
  Held lock() throws IOException {
    PrivateFiles.createFile(lockFile);
    FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.WRITE);
    if (tryLock(channel) == null) {
      channel.close();
      throw new ConflictException(
          "another backup of this queue is being made: wait for its end, or stop it");
    }
    return new Held(channel);
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException byOtherThread) {
      return null;
    }
  }

  /** Returns the backups, newest first. */
  List<StoredBackup> list() {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    List<StoredBackup> found = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + ENDING)) {
      for (Path file : files) {
        Optional<BackupName> name = nameOf(file);
        if (name.isPresent()) {
          found.add(
              new StoredBackup(
                  name.get(),
                  file,
                  Files.size(file),
                  Files.getLastModifiedTime(file).toInstant(),
                  Files.exists(Checksum.fileOf(file))));
        }
      }
    } catch (IOException failure) {
      throw new StorageException(
          "the backups in '%s' cannot be listed: %s".formatted(folder, failure.getMessage()),
          failure);
    }
    found.sort(Comparator.comparing(StoredBackup::at).reversed());
    return found;
  }

  /** Returns the name of a backup; empty for files of others. */
  private static Optional<BackupName> nameOf(Path backup) {
    String file = backup.getFileName().toString();
    return BackupName.find(file.substring(0, file.length() - ENDING.length()));
  }

  /** Removes the oldest backups, so that this number is left, one of them the newest. */
  List<BackupName> retain(Path newest, int keep) throws IOException {
    List<StoredBackup> others =
        list().stream().filter(backup -> !backup.file().equals(newest)).toList();
    List<BackupName> removed = new ArrayList<>();
    for (StoredBackup old : others.subList(Math.min(keep - 1, others.size()), others.size())) {
      Files.deleteIfExists(old.file());
      Files.deleteIfExists(Checksum.fileOf(old.file()));
      removed.add(old.name());
    }
    return removed;
  }
}
