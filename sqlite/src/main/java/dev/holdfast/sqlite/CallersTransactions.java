package dev.holdfast.sqlite;

import dev.holdfast.Transaction;
import dev.holdfast.error.ConflictException;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.jdbc.JdbcTransaction;
import dev.holdfast.jdbc.dialect.Database.Work;
import dev.holdfast.jdbc.dialect.PostCommitSignals;
import dev.holdfast.jdbc.dialect.Tx;
import dev.holdfast.jdbc.sql.ConnectionSession;
import dev.holdfast.jdbc.sql.Sql;
import dev.holdfast.spi.Signal;
import java.io.IOException;
import java.lang.ref.WeakReference;
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
 * thread that has one open and writes outside it would wait for itself, so that is rejected at
 * once.
 */
final class CallersTransactions {
  /**
   * Takes the write lock without a change. A transaction that begins with a read and then writes
   * fails at once if another connection wrote meanwhile; one that begins with a write waits for its
   * turn.
   */
  private static final Sql TAKE_WRITE_LOCK = Sql.of("delete from job_payloads where false");

  private final Path path;
  private final SqliteErrors errors;
  private final Doorbell doorbell;

  /** The state of each connection that was ever used, as long as the caller keeps it. */
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
    ConnectionSession session = new ConnectionSession(connection, Connections::bytes, errors);
    try {
      Open transactionOpen = known.computeIfAbsent(connection, first -> listenTo(connection));
      transactionOpen.leaveThreads(); // a thread that used it before has handed it over
      busy.put(Thread.currentThread(), transactionOpen);
      session.execute(TAKE_WRITE_LOCK);
      return work.run(new Tx(session, now, transactionOpen.postCommit));
    } finally {
      session.release();
    }
  }

  /** Rejects writes outside a transaction that this thread has open. */
  void refuseOtherWrites() {
    Open open = busy.get(Thread.currentThread());
    if (open == null) {
      return;
    }
    if (open.isGone()) {
      open.onRollback();
    } else {
      throw new ConflictException(
          "this thread has a transaction open on '%s': enqueue through queue.in(transaction), or commit first"
              .formatted(path));
    }
  }

  private Open listenTo(SQLiteConnection connection) {
    Open listener = new Open(connection);
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
            "the transaction belongs to '%s', but the queue is in '%s': both must be in one database"
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

  /**
   * Collects what a caller's transaction has to tell others. The driver reports its end, except
   * when the connection is closed.
   */
  private final class Open implements SQLiteCommitListener {
    private final PostCommitSignals postCommit = new PostCommitSignals();
    private final WeakReference<Connection> connection; // a strong one would keep it in known

    private Open(Connection connection) {
      this.connection = new WeakReference<>(connection);
    }

    /** Returns whether its connection was closed, or left to the garbage collector. */
    private boolean isGone() {
      Connection still = connection.get();
      try {
        return still == null || still.isClosed();
      } catch (SQLException unusable) {
        return true;
      }
    }

    private void leaveThreads() {
      busy.values().removeIf(open -> open == this);
    }

    /** Called a moment before the commit is done; nodes that wake up wait for the lock then. */
    @Override
    public void onCommit() {
      leaveThreads();
      Set<Signal> told = EnumSet.noneOf(Signal.class);
      told.addAll(postCommit.signals());
      postCommit.clear();
      doorbell.ring(told);
    }

    @Override
    public void onRollback() {
      leaveThreads();
      postCommit.clear();
    }
  }
}
