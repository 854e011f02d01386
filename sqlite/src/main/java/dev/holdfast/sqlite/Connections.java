package dev.holdfast.sqlite;

import dev.holdfast.jdbc.sql.ConnectionSession;
import dev.holdfast.jdbc.sql.Session;
import dev.holdfast.jdbc.sql.Sql;
import dev.holdfast.sqlite.DatabaseFile.Access;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteConfig.TempStore;
import org.sqlite.SQLiteErrorCode;

/** Opens connections with all their settings, and closes suspect ones. */
final class Connections {
  private static final Logger log = LoggerFactory.getLogger(Connections.class);
  private static final Duration BUSY = Duration.ofSeconds(5);
  private static final int PAGE_BYTES = 4_096;
  private static final int CACHE_KIB = 20_000;
  private static final int CHECKPOINT_PAGES = 1_000;
  private static final long WRITER_MMAP_BYTES = 128L << 20;
  private static final int WAL_TRIES = 50;

  private static final Sql WAL = Sql.of("pragma journal_mode = wal");
  private static final Sql WRITER_MMAP = Sql.of("pragma mmap_size = " + WRITER_MMAP_BYTES);
  private static final Sql CHECKPOINT = Sql.of("pragma wal_autocheckpoint = " + CHECKPOINT_PAGES);
  private static final Sql QUERY_ONLY = Sql.of("pragma query_only = true");

  /** Opens a connection of the driver. */
  interface Opener {
    Connection open(SQLiteConfig config, String url) throws SQLException;
  }

  private final DatabaseFile file;
  private final Opener opener;
  private final SqliteErrors errors;
  private final Queue<ConnectionSession> unclosed =
      new ConcurrentLinkedQueue<>(); // an open one holds locks

  Connections(DatabaseFile file, Opener opener) {
    this.file = file;
    this.opener = opener;
    this.errors = new SqliteErrors(file.path());
  }

  /**
   * Opens the connection for writes. Memory-mapping costs its size in resident memory, so only the
   * writer has it.
   */
  ConnectionSession openWriter() {
    if (file.access() != Access.FULL) {
      return openReader(); // each write reports that there is none here
    }
    ConnectionSession session = open();
    try {
      session.execute(WRITER_MMAP);
      session.execute(CHECKPOINT);
      switchToWal(session);
      return session;
    } catch (RuntimeException | Error failure) {
      discard(session);
      throw failure;
    }
  }

  ConnectionSession openReader() {
    ConnectionSession session = open();
    try {
      session.execute(QUERY_ONLY);
      return session;
    } catch (RuntimeException | Error failure) {
      discard(session);
      throw failure;
    }
  }

  /**
   * Closes a suspect connection; SQLite ends its transaction then. If closing fails, it is tried
   * again before the next connection is opened.
   */
  void discard(ConnectionSession suspect) {
    try {
      suspect.close();
    } catch (RuntimeException refused) {
      log.debug("A connection could not be closed; it will be retried.", refused);
      unclosed.add(suspect);
    }
  }

  /** Opens a connection for an operation on the file as a whole. */
  ConnectionSession openForUpkeep() {
    return open();
  }

  /** Opens a copy to read it; no process changes it meanwhile. */
  static ConnectionSession openCopy(Path copy) {
    SQLiteConfig config = new SQLiteConfig();
    config.setReadOnly(true);
    return open(config, unchanging(copy), copy);
  }

  /** Opens a database that no other process is to use meanwhile. */
  static ConnectionSession openAlone(Path path) {
    SQLiteConfig config = new SQLiteConfig();
    config.setBusyTimeout((int) BUSY.toMillis());
    config.setTempStore(TempStore.MEMORY);
    return open(config, path.toString(), path);
  }

  /** Opens a database in memory, which is gone when it is closed. */
  static ConnectionSession openInMemory() {
    return open(new SQLiteConfig(), ":memory:", Path.of("memory"));
  }

  private static ConnectionSession open(SQLiteConfig config, String location, Path path) {
    SqliteErrors errors = new SqliteErrors(path);
    try {
      Connection connection = config.createConnection("jdbc:sqlite:" + location);
      return new ConnectionSession(connection, Connections::bytes, errors);
    } catch (SQLException failure) {
      throw errors.meaning(failure);
    }
  }

  private static String unchanging(Path path) {
    return "file:%s?immutable=1".formatted(path.toUri().getRawPath());
  }

  /** Tries again to close connections whose closing failed. */
  void discardUnclosed() {
    for (int left = unclosed.size(); left > 0; left--) {
      ConnectionSession suspect = unclosed.poll();
      if (suspect != null) {
        discard(suspect);
      }
    }
  }

  /**
   * Switches to WAL mode. SQLite does not wait for others here, and two first openings can collide.
   */
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

  private ConnectionSession open() {
    discardUnclosed();
    SQLiteConfig config = new SQLiteConfig();
    config.setBusyTimeout((int) BUSY.toMillis());
    config.enforceForeignKeys(true);
    config.setTempStore(TempStore.MEMORY);
    config.setCacheSize(-CACHE_KIB);
    config.setPageSize(PAGE_BYTES);
    config.setSynchronous(SynchronousMode.valueOf(file.synchronous().name()));
    try {
      config.setReadOnly(file.access() != Access.FULL);
      Connection connection = opener.open(config, "jdbc:sqlite:" + location());
      LockWait.install(connection, BUSY);
      return new ConnectionSession(connection, Connections::bytes, errors);
    } catch (SQLException failure) {
      throw errors.meaning(failure);
    }
  }

  private String location() {
    return switch (file.access()) {
      case FULL, READ -> file.path().toString();
      case READ_UNCHANGING -> unchanging(file.path());
    };
  }

  static byte[] bytes(UUID id) {
    return ByteBuffer.allocate(16)
        .putLong(id.getMostSignificantBits())
        .putLong(id.getLeastSignificantBits())
        .array();
  }
}
