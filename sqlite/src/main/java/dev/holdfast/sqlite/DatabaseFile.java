package dev.holdfast.sqlite;

import static java.util.Objects.requireNonNull;

import dev.holdfast.check.Limits;
import dev.holdfast.error.NotFoundException;
import dev.holdfast.error.PermissionException;
import dev.holdfast.error.StorageException;
import dev.holdfast.jdbc.host.PrivateFiles;
import dev.holdfast.spi.StoreProvider.OpenMode;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * The database's file, checked before SQLite opens it, and the folder next to it. The file's
 * content is never read here: closing such a read would drop SQLite's own locks in this process.
 */
final class DatabaseFile {
  private final SqliteAddress address;
  private final Path sideFolder;
  private final @Nullable Object identity;
  private final Access access;

  private DatabaseFile(
      SqliteAddress address, Path sideFolder, @Nullable Object identity, Access access) {
    this.address = address;
    this.sideFolder = sideFolder;
    this.identity = identity;
    this.access = access;
  }

  /** The access that connections have to the file. */
  enum Access {
    /** Read and write it. */
    FULL,
    /** Read it while others may write, on a file system that is read-only here. */
    READ,
    /** Read it as unchanging: nobody has it open, and it cannot be written from here. */
    READ_UNCHANGING
  }

  static DatabaseFile open(SqliteAddress address, OpenMode mode) {
    Path path = address.path();
    if (mode == OpenMode.EXISTING && Files.notExists(path)) {
      throw new NotFoundException(
          "there is no database '%s': name another, or create it by enqueuing a job"
              .formatted(path));
    }
    if (Files.isDirectory(path)) {
      throw new StorageException("'%s' is a folder: name a file in it".formatted(path));
    }
    Path sideFolder = path.resolveSibling(path.getFileName() + "-holdfast");
    try {
      if (mode == OpenMode.EXISTING && isOnReadOnlyFileSystem(path)) {
        return new DatabaseFile(address, sideFolder, identityOf(path), readAccess(path));
      }
      PrivateFiles.createFile(path);
      PrivateFiles.createFolder(sideFolder);
      checkAccess(path);
      return new DatabaseFile(address, sideFolder, identityOf(path), Access.FULL);
    } catch (AccessDeniedException denied) {
      throw denied(path, denied);
    } catch (IOException failure) {
      throw failed(path, failure);
    }
  }

  private static boolean isOnReadOnlyFileSystem(Path path) throws IOException {
    return !Files.isWritable(path)
        && Files.isReadable(path)
        && (Files.getFileStore(path).isReadOnly()
            || takesNoFile(requireNonNull(path.toAbsolutePath().getParent())));
  }

  /**
   * Returns whether the folder rejects new files. Java does not report file systems that are
   * mounted a second time, read-only.
   */
  private static boolean takesNoFile(Path folder) throws IOException {
    try {
      Files.delete(Files.createTempFile(folder, "look", ".tmp", PrivateFiles.fileMode()));
      return false;
    } catch (FileSystemException refused) {
      return refused.getReason() != null && refused.getReason().contains("Read-only");
    }
  }

  /**
   * Returns the access for a read-only folder. A write-ahead log can be read only if its index
   * exists, which cannot be created here.
   */
  private static Access readAccess(Path path) throws IOException {
    Path log = path.resolveSibling(path.getFileName() + "-wal");
    Path index = path.resolveSibling(path.getFileName() + "-shm");
    if (Files.exists(log) && Files.exists(index)) {
      return Access.READ;
    }
    if (Files.exists(log) && Files.size(log) > 0) {
      throw new PermissionException(
          "'%s' was not closed, and its log cannot be read on a read-only file system: copy it with '%s' to another place, and open it there"
              .formatted(path, log));
    }
    return Access.READ_UNCHANGING;
  }

  private static void checkAccess(Path path) throws AccessDeniedException {
    if (!Files.isReadable(path) || !Files.isWritable(path)) {
      throw new AccessDeniedException(path.toString());
    }
  }

  private static PermissionException denied(Path path, IOException cause) {
    return new PermissionException(
        "no access to '%s' as this user: it must be readable and writable, and so must its folder"
            .formatted(path),
        cause);
  }

  private static RuntimeException failed(Path path, IOException failure) {
    if (Files.notExists(path.toAbsolutePath().getParent())) {
      return new StorageException(
          "the folder of '%s' does not exist: create it first".formatted(path), failure);
    }
    String reason =
        failure instanceof FileSystemException system && system.getReason() != null
            ? system.getReason()
            : failure.getMessage();
    if (reason != null && reason.contains("Read-only")) {
      return denied(path, failure);
    }
    return new StorageException("'%s' cannot be created: %s".formatted(path, reason), failure);
  }

  Path path() {
    return address.path();
  }

  Access access() {
    return access;
  }

  SqliteAddress.Synchronous synchronous() {
    return address.synchronous();
  }

  /** Returns the folder of node files and the doorbell. */
  Path sideFolder() {
    return sideFolder;
  }

  /**
   * Throws if the path no longer leads to the file that was opened: SQLite would keep writing to
   * one that nobody will find again.
   */
  void checkStillThere() {
    try {
      Object now = identityOf(path());
      if (identity == null || identity.equals(now)) {
        return;
      }
    } catch (IOException gone) {
      throw replaced(gone);
    }
    throw replaced(null);
  }

  /** Throws if the disk has no space for a payload of the largest size. */
  void checkRoom() {
    if (path().toFile().getUsableSpace() < Limits.PAYLOAD_BYTES_MAX) {
      throw new StorageException(
          "the disk of '%s' is full: free space, then everything continues by itself"
              .formatted(path()));
    }
  }

  private StorageException replaced(@Nullable IOException cause) {
    String message =
        "'%s' was deleted or replaced while in use: nothing more is written; restart this program"
            .formatted(path());
    return cause == null ? new StorageException(message) : new StorageException(message, cause);
  }

  /** Returns device and inode, if the system has them. */
  private static @Nullable Object identityOf(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
  }
}
