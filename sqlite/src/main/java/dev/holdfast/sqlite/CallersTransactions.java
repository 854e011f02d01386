package dev.holdfast.sqlite;

import dev.holdfast.ConflictException;
import dev.holdfast.InvalidRequestException;
import dev.holdfast.Transaction;
import dev.holdfast.jdbc.JdbcTransaction;
import dev.holdfast.jdbc.store.Database.Work;
import dev.holdfast.jdbc.store.News;
import dev.holdfast.jdbc.store.Session;
import dev.holdfast.jdbc.store.Sql;
import dev.holdfast.spi.Signal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import org.sqlite.SQLiteCommitListener;
import org.sqlite.SQLiteConnection;

/**
 * Work inside callers' own transactions. Such a transaction holds SQLite's only write lock; a
 * thread that has one open and writes past it would wait for itself, so that is refused at once.
 */
final class CallersTransactions {
  /**
   * Changes nothing. A transaction that begins with a read and writes then fails at once when
   * somebody else wrote meanwhile; one that begins with a write waits for its turn.
   */
  private static final Sql TAKE_WRITE_LOCK = Sql.of("delete from job_payloads where false");

  private final Path path;
  private final SqliteErrors errors;
  private final Doorbell doorbell;

  /** One for each connection that was ever used, as long as the caller keeps it. */
  private final Map<Connection, Open> known = Collections.synchronizedMap(new WeakHashMap<>());

  /** The threads that have a transaction open here, until its commit or rollback. */
  private final Map<Thread, Open> busy = new ConcurrentHashMap<>();

  CallersTransactions(DatabaseFile file, Doorbell doorbell) {
    this.path = file.path();
    this.errors = new SqliteErrors(file.path());
    this.doorbell = doorbell;
  }

  <T> T run(Transaction transaction, Work<T> work, long now) {
    SQLiteConnection connection = connectionOf(transaction);
    Session session = new Session(connection, Connections::bytes, errors::meaning);
    try {
      Open transactionOpen = known.computeIfAbsent(connection, first -> listenTo(connection));
      busy.put(Thread.currentThread(), transactionOpen);
      session.execute(TAKE_WRITE_LOCK);
      return work.run(session, now, transactionOpen.news);
    } finally {
      session.release();
    }
  }

  /** Refuses to write past a transaction that this thread has open. */
  void refuseOtherWrites() {
    if (busy.containsKey(Thread.currentThread())) {
      throw new ConflictException(
          "this thread has a transaction open on '%s': enqueue through queue.in(transaction), or commit first"
              .formatted(path));
    }
  }

  private Open listenTo(SQLiteConnection connection) {
    Open listener = new Open();
    connection.addCommitListener(listener);
    return listener;
  }

  private SQLiteConnection connectionOf(Transaction transaction) {
    if (!(transaction instanceof JdbcTransaction jdbc)) {
      throw new InvalidRequestException(
          "a %s cannot be used on an SQLite queue: use JdbcTransaction.of(connection)"
              .formatted(transaction.getClass().getSimpleName()));
    }
    try {
      SQLiteConnection connection = jdbc.connection().unwrap(SQLiteConnection.class);
      if (!Files.isSameFile(path, fileOf(connection))) {
        throw new InvalidRequestException(
            "the transaction is one of '%s', the queue is in '%s': both must be one database"
                .formatted(fileOf(connection), path));
      }
      return connection;
    } catch (SQLException | IOException unusable) {
      throw new InvalidRequestException(
          "the transaction's connection cannot be used: " + unusable.getMessage(), unusable);
    }
  }

  private static Path fileOf(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet list = statement.executeQuery("pragma database_list")) {
      list.next();
      return Path.of(list.getString("file"));
    }
  }

  /** What a caller's transaction has to tell; the driver says when it ends. */
  private final class Open implements SQLiteCommitListener {
    private final News news = new News();

    /** It comes a moment before the commit is done; whoever is woken waits for the lock then. */
    @Override
    public void onCommit() {
      busy.values().remove(this);
      Set<Signal> told = EnumSet.noneOf(Signal.class);
      told.addAll(news.signals());
      news.clear();
      doorbell.ring(told);
    }

    @Override
    public void onRollback() {
      busy.values().remove(this);
      news.clear();
    }
  }
}
