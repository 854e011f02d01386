package dev.holdfast.postgres;

import dev.holdfast.jdbc.store.ConnectionUse;
import dev.holdfast.jdbc.store.News;
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
 * Tells other processes what was committed, from a thread of its own and some at once: a
 * notification takes a lock of the whole database at its commit, so it never rides in anybody's
 * transaction. It is a hint; polling finds what it does not reach.
 */
final class Notifications implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Notifications.class);

  /** Between two of them; what is said meanwhile goes with the next. */
  private static final Duration REST = Duration.ofMillis(5);

  private static final Duration REST_AFTER_ERROR = Duration.ofSeconds(1);

  /** It need not be durable, so its commit does not wait for the disk. */
  private static final String NOTIFY =
      "select set_config('synchronous_commit', 'off', true), pg_notify(?, ?)";

  private final Pools pools;
  private final CommitWatch commits;
  private final String self = UUID.randomUUID().toString();
  private final ReentrantLock lock = new ReentrantLock();
  private final StoreThread thread;
  private Message next = Message.empty(self); // guarded by lock

  Notifications(Pools pools, CommitWatch commits, ThreadFactory threads) {
    this.pools = pools;
    this.commits = commits;
    this.thread = new StoreThread(threads, this::speak);
  }

  /** Whether this process said it itself. */
  boolean isOwn(Message message) {
    return message.sender().equals(self);
  }

  /** Tells others soon; behind a pooler nobody could listen. */
  void tell(News news) {
    if (pools.pooled()) {
      return;
    }
    lock.lock();
    try {
      next.add(news);
    } finally {
      lock.unlock();
    }
    thread.wake();
  }

  /** Tells all when that transaction is committed. */
  void tellAfter(OpenTransaction transaction) {
    commits.add(transaction);
    thread.wake();
  }

  private void speak() {
    while (!thread.isClosed()) {
      Message message = takeNext();
      try {
        if (!message.isEmpty()) {
          send(message);
          thread.rest(REST);
        }
        thread.pause(commits.look());
      } catch (SQLException lost) {
        log.debug("Others could not be told; they find the work by polling.", lost);
        thread.rest(REST_AFTER_ERROR);
      }
    }
  }

  private Message takeNext() {
    lock.lock();
    try {
      Message taken = next;
      next = Message.empty(self);
      return taken;
    } finally {
      lock.unlock();
    }
  }

  private void send(Message message) throws SQLException {
    try (Connection connection = pools.take(ConnectionUse.CALLERS);
        PreparedStatement statement = connection.prepareStatement(NOTIFY)) {
      statement.setString(1, Lifeline.CHANNEL);
      statement.setString(2, message.encode());
      statement.execute();
    }
  }

  @Override
  public void close() {
    thread.close();
  }
}
