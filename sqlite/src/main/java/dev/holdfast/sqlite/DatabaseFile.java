package dev.holdfast.sqlite;

import dev.holdfast.NotFoundException;
import dev.holdfast.PermissionException;
import dev.holdfast.StorageException;
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
 * The database's file, checked before SQLite opens it, and the folder beside it. The file's content
 * is never read here: closing such a read would drop SQLite's own locks in this process.
 */
final class DatabaseFile {
  private final SqliteAddress address;
  private final Path sideFolder;
  private final @Nullable Object identity;

  private DatabaseFile(SqliteAddress address, Path sideFolder, @Nullable Object identity) {
    this.address = address;
    this.sideFolder = sideFolder;
    this.identity = identity;
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
      PrivateFiles.createFile(path);
      PrivateFiles.createFolder(sideFolder);
      checkAccess(path);
      return new DatabaseFile(address, sideFolder, identityOf(path));
    } catch (AccessDeniedException denied) {
      throw denied(path, denied);
    } catch (IOException failure) {
      throw failed(path, failure);
    }
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

  SqliteAddress.Synchronous synchronous() {
    return address.synchronous();
  }

  /** The folder of node files and the doorbell. */
  Path sideFolder() {
    return sideFolder;
  }

  /**
   * Refuses to go on when the path no longer leads to the file that was opened: SQLite would go on
   * writing into one that nobody will find again.
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

  private StorageException replaced(@Nullable IOException cause) {
    String message =
        "'%s' was deleted or replaced while in use: nothing more is written; restart this program"
            .formatted(path());
    return cause == null ? new StorageException(message) : new StorageException(message, cause);
  }

  /** Device and inode, where the system has them. */
  private static @Nullable Object identityOf(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
  }
}
