package dev.holdfast.sqlite;

import dev.holdfast.jdbc.store.Session;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/** Reading connections, opened as needed, a few at most. */
final class Readers implements AutoCloseable {
  private static final int READERS_MAX = 4;

  private final Connections connections;
  private final Semaphore permits = new Semaphore(READERS_MAX);
  private final ReentrantLock lock = new ReentrantLock();
  private final Deque<Session> idle = new ArrayDeque<>(); // guarded by lock

  Readers(Connections connections) {
    this.connections = connections;
  }

  <T> T read(Function<Session, T> query) {
    permits.acquireUninterruptibly();
    try {
      Session session = take();
      try {
        return query.apply(session);
      } finally {
        giveBack(session);
      }
    } finally {
      permits.release();
    }
  }

  private Session take() {
    lock.lock();
    try {
      Session session = idle.poll();
      if (session != null) {
        return session;
      }
    } finally {
      lock.unlock();
    }
    return connections.openReader();
  }

  private void giveBack(Session session) {
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
    permits.acquireUninterruptibly(READERS_MAX);
    lock.lock();
    try {
      idle.forEach(Session::close);
      idle.clear();
    } finally {
      lock.unlock();
    }
  }
}
