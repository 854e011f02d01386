package dev.holdfast.postgres;

import dev.holdfast.jdbc.dialect.ConnectionUse;
import dev.holdfast.jdbc.dialect.PostCommitSignals;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notifies other processes of commits, from a thread of its own and several at once: a notification
 * takes a database-wide lock at its commit, so it is never part of another transaction. It is a
 * hint; polling finds what it does not reach.
 */
final class Notifications implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Notifications.class);

  /** The pause between two notifications; what arrives meanwhile goes with the next one. */
  private static final Duration REST = Duration.ofMillis(5);

  private static final Duration REST_AFTER_ERROR = Duration.ofSeconds(1);

  /** Sends a notification, which need not be durable, so its commit does not wait for the disk. */
  private static final String NOTIFY =
      "select set_config('synchronous_commit', 'off', true), pg_notify(?, ?)";

  private final Pools pools;
  private final CommitWatch commits;
  private final String self = UUID.randomUUID().toString();
  private final ReentrantLock lock = new ReentrantLock();
  private final StoreThread thread;
  private Notification next = Notification.empty(self); // guarded by lock

  Notifications(Pools pools, CommitWatch commits, ThreadFactory threads) {
    this.pools = pools;
    this.commits = commits;
    this.thread = new StoreThread(threads, this::speak);
  }

  /** Returns whether this process sent it. */
  boolean isOwn(Notification message) {
    return message.sender().equals(self);
  }

  /** Notifies others soon; does nothing behind a pooler, where no process could listen. */
  void tell(PostCommitSignals postCommit) {
    if (pools.pooled()) {
      return;
    }
    lock.lock();
    try {
      next.add(postCommit);
    } finally {
      lock.unlock();
    }
    thread.wake();
  }

  /** Notifies others when that transaction is committed. */
  void tellAfter(OpenTransaction transaction) {
    commits.add(transaction);
    thread.wake();
  }

  private void speak() {
    while (!thread.isClosed()) {
      Notification message = takeNext();
      try {
        if (!message.isEmpty()) {
          send(message);
          thread.rest(REST);
        }
        thread.pause(commits.look());
      } catch (SQLException | RuntimeException lost) {
        log.debug("Other processes could not be notified; they find the work by polling.", lost);
        thread.rest(REST_AFTER_ERROR);
      }
    }
  }

  private Notification takeNext() {
    lock.lock();
    try {
      Notification taken = next;
      next = Notification.empty(self);
      return taken;
    } finally {
      lock.unlock();
    }
  }

  private void send(Notification message) throws SQLException {
    String text = message.encode();
    boolean unused = pools.lend(ConnectionUse.CALLERS, connection -> send(connection, text));
  }

  private static boolean send(Connection connection, String text) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(NOTIFY)) {
      statement.setString(1, Lifeline.CHANNEL);
      statement.setString(2, text);
      return statement.execute();
    }
  }

  @Override
  public void close() {
    thread.close();
  }
}
