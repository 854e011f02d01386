package dev.holdfast.sqlite;

import dev.holdfast.jdbc.store.Session;
import dev.holdfast.jdbc.store.Sql;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteConfig.TempStore;
import org.sqlite.SQLiteErrorCode;

/** Opens connections with all their settings. */
final class Connections {
  private static final int BUSY_MILLIS = 5_000;
  private static final int PAGE_BYTES = 4_096;
  private static final int CACHE_KIB = 20_000;
  private static final int CHECKPOINT_PAGES = 1_000;
  private static final long WRITER_MMAP_BYTES = 128L << 20;
  private static final int WAL_TRIES = 50;

  private static final Sql WAL = Sql.of("pragma journal_mode = wal");
  private static final Sql WRITER_MMAP = Sql.of("pragma mmap_size = " + WRITER_MMAP_BYTES);
  private static final Sql QUERY_ONLY = Sql.of("pragma query_only = true");

  private final DatabaseFile file;
  private final SqliteErrors errors;

  Connections(DatabaseFile file) {
    this.file = file;
    this.errors = new SqliteErrors(file.path());
  }

  /** Memory-mapping costs its size in resident memory, so the writer alone has it. */
  Session openWriter() {
    Session session = open();
    try {
      session.execute(WRITER_MMAP);
      switchToWal(session);
      return session;
    } catch (RuntimeException | Error failure) {
      session.close();
      throw failure;
    }
  }

  Session openReader() {
    Session session = open();
    session.execute(QUERY_ONLY);
    return session;
  }

  /** For what is done to the file as a whole, once. */
  Session openForUpkeep() {
    return open();
  }

  /** A copy, to be read by nobody else; it stays as it is. */
  Session openCopy(Path copy) {
    SQLiteConfig config = new SQLiteConfig();
    config.setReadOnly(true);
    try {
      Connection connection = config.createConnection("jdbc:sqlite:" + copy);
      return new Session(connection, Connections::bytes, new SqliteErrors(copy)::meaning);
    } catch (SQLException failure) {
      throw errors.meaning(failure);
    }
  }

  /** SQLite does not wait for others here by itself: two first openings can meet. */
  private void switchToWal(Session session) {
    for (int tries = 1; ; tries++) {
      try (Statement statement = session.connection().createStatement()) {
        statement.execute(WAL.toString());
        return;
      } catch (SQLException failure) {
        boolean busy = SqliteErrors.primary(failure) == SQLiteErrorCode.SQLITE_BUSY;
        if (!busy || tries == WAL_TRIES) {
          throw errors.meaning(failure);
        }
        Thread.onSpinWait();
      }
    }
  }

  private Session open() {
    SQLiteConfig config = new SQLiteConfig();
    config.setBusyTimeout(BUSY_MILLIS);
    config.enforceForeignKeys(true);
    config.setTempStore(TempStore.MEMORY);
    config.setCacheSize(-CACHE_KIB);
    config.setPageSize(PAGE_BYTES);
    config.setSynchronous(SynchronousMode.valueOf(file.synchronous().name()));
    config.setPragma(SQLiteConfig.Pragma.WAL_AUTOCHECKPOINT, Integer.toString(CHECKPOINT_PAGES));
    try {
      Connection connection = config.createConnection("jdbc:sqlite:" + file.path());
      return new Session(connection, Connections::bytes, errors::meaning);
    } catch (SQLException failure) {
      throw errors.meaning(failure);
    }
  }

  static byte[] bytes(UUID id) {
    return ByteBuffer.allocate(16)
        .putLong(id.getMostSignificantBits())
        .putLong(id.getLeastSignificantBits())
        .array();
  }
}
