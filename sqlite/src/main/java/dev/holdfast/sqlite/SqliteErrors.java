package dev.holdfast.sqlite;

import dev.holdfast.BusyException;
import dev.holdfast.ConflictException;
import dev.holdfast.PermissionException;
import dev.holdfast.StorageException;
import dev.holdfast.jdbc.store.Moved;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Optional;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** What SQLite's result codes mean to a caller (https://www.sqlite.org/rescode.html). */
final class SqliteErrors {
  private static final int PRIMARY = 0xff; // an extended code holds its primary one in its low byte

  private final Path path;

  SqliteErrors(Path path) {
    this.path = path;
  }

  RuntimeException meaning(SQLException failure) {
    Optional<ConflictException> moved = Moved.meaning(failure);
    if (moved.isPresent()) {
      return moved.get();
    }
    SQLiteErrorCode code = primary(failure);
    return switch (code) {
      case SQLITE_BUSY, SQLITE_LOCKED ->
          new BusyException(
              "'%s' is locked by another process for longer than 5 s: nothing was changed, try again"
                  .formatted(path),
              failure);
      case SQLITE_NOTADB ->
          new StorageException(
              "'%s' is not an SQLite database: name another file, it was left as it is"
                  .formatted(path),
              failure);
      case SQLITE_CORRUPT ->
          new StorageException(
              "'%s' is damaged: restore a backup, and keep this file for study".formatted(path),
              failure);
      case SQLITE_FULL ->
          new StorageException(
              "the disk of '%s' is full: nothing was written, make room and try again"
                  .formatted(path),
              failure);
      case SQLITE_READONLY, SQLITE_PERM, SQLITE_AUTH ->
          new PermissionException(
              "'%s' cannot be written: the file and its folder must be writable for this user"
                  .formatted(path),
              failure);
      case SQLITE_CANTOPEN ->
          new PermissionException(
              "'%s' cannot be opened: the file and its folder must be readable and writable for this user"
                  .formatted(path),
              failure);
      case SQLITE_IOERR ->
          new StorageException(
              "reading or writing '%s' failed (%s): whether the last change happened is unknown, look at the disk"
                  .formatted(path, failure.getMessage()),
              failure);
      default ->
          new IllegalStateException(
              "SQLite refused a statement: %s: a bug".formatted(failure.getMessage()), failure);
    };
  }

  static SQLiteErrorCode primary(SQLException failure) {
    return failure instanceof SQLiteException sqlite
        ? SQLiteErrorCode.getErrorCode(sqlite.getResultCode().code & PRIMARY)
        : SQLiteErrorCode.SQLITE_ERROR;
  }
}
