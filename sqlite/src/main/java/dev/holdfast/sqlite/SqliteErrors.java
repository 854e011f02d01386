package dev.holdfast.sqlite;

import dev.holdfast.error.BusyException;
import dev.holdfast.error.ConflictException;
import dev.holdfast.error.PermissionException;
import dev.holdfast.error.SchemaException;
import dev.holdfast.error.StorageException;
import dev.holdfast.jdbc.dialect.Moved;
import dev.holdfast.jdbc.sql.SqlErrors;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Optional;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** Translates SQLite's result codes for callers (https://www.sqlite.org/rescode.html). */
final class SqliteErrors implements SqlErrors {
  private static final int PRIMARY = 0xff; // an extended code holds its primary one in its low byte

  private final Path path;

  SqliteErrors(Path path) {
    this.path = path;
  }

  /**
   * Returns whether the connection can be used again. After any other error the driver has closed
   * the statement, which is prepared once and reused, and SQLite may have ended the transaction.
   */
  @Override
  public boolean isHarmless(SQLException failure) {
    return switch (primary(failure)) {
      case SQLITE_BUSY, SQLITE_LOCKED, SQLITE_CONSTRAINT -> true;
      default -> false;
    };
  }

  @Override
  public RuntimeException meaning(SQLException failure) {
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
      case SQLITE_INTERRUPT ->
          new BusyException(
              "a read of '%s' took longer than %d s, or its caller left: narrow what it looks for"
                  .formatted(path, ReadLimit.READ_MAX.toSeconds()),
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
              "the disk of '%s' is full: nothing was written, free some space and try again"
                  .formatted(path),
              failure);
      case SQLITE_READONLY, SQLITE_PERM, SQLITE_AUTH ->
          new PermissionException(
              "'%s' cannot be written: the file, its folder and its file system must be writable for this user"
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
      default -> isSchemaGone(failure) ? schemaGone(failure) : bug(failure);
    };
  }

  private static boolean isSchemaGone(SQLException failure) {
    String message = String.valueOf(failure.getMessage());
    return message.contains("no such table") || message.contains("no such column");
  }

  private SchemaException schemaGone(SQLException failure) {
    return new SchemaException(
        "'%s' has no longer the tables of a queue (%s): somebody dropped or changed them; restore a backup"
            .formatted(path, failure.getMessage()),
        failure);
  }

  private static IllegalStateException bug(SQLException failure) {
    return new IllegalStateException(
        "SQLite refused a statement: %s: a bug".formatted(failure.getMessage()), failure);
  }

  static SQLiteErrorCode primary(SQLException failure) {
    return failure instanceof SQLiteException sqlite
        ? SQLiteErrorCode.getErrorCode(sqlite.getResultCode().code & PRIMARY)
        : SQLiteErrorCode.SQLITE_ERROR;
  }
}
