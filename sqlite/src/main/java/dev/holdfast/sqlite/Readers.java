package dev.holdfast.sqlite;

import dev.holdfast.jdbc.sql.ConnectionSession;
import dev.holdfast.jdbc.sql.Session;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/** Reading connections of one use, opened as needed, a few at most. */
final class Readers implements AutoCloseable {
  private final Connections connections;
  private final int most;
  private final Semaphore permits;
  private final ReentrantLock lock = new ReentrantLock();
  private final Deque<ConnectionSession> idle = new ArrayDeque<>(); // guarded by lock

  Readers(Connections connections, int most) {
    this.connections = connections;
    this.most = most;
    this.permits = new Semaphore(most);
  }

  <T> T read(Function<Session, T> query) {
    permits.acquireUninterruptibly();
    return withPermit(query);
  }

  /** Reads for a caller who waits no longer than so, and who may leave. */
  <T> T read(Function<Session, T> query, ReadLimit limit) {
    limit.acquire(permits);
    return withPermit(
        session -> {
          limit.begin(session);
          try {
            return query.apply(session);
          } finally {
            limit.end(session);
          }
        });
  }

  private <T> T withPermit(Function<Session, T> query) {
    try {
      ConnectionSession session = take();
      try {
        return query.apply(session);
      } catch (Error broken) {
        session.distrust();
        throw broken;
      } finally {
        giveBack(session);
      }
    } finally {
      permits.release();
    }
  }

  private ConnectionSession take() {
    lock.lock();
    try {
      ConnectionSession session = idle.poll();
      if (session != null) {
        return session;
      }
    } finally {
      lock.unlock();
    }
    return connections.openReader();
  }

  private void giveBack(ConnectionSession session) {
    if (!session.isSound()) {
      connections.discard(session);
      return;
    }
    lock.lock();
    try {
      idle.push(session);
    } finally {
      lock.unlock();
    }
  }

  /** Waits for readings under way. */
  @Override
  public void close() {
    permits.acquireUninterruptibly(most);
    lock.lock();
    try {
      idle.forEach(connections::discard);
      idle.clear();
    } finally {
      lock.unlock();
    }
  }
}
