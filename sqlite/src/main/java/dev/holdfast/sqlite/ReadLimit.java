package dev.holdfast.sqlite;

import dev.holdfast.BusyException;
import dev.holdfast.jdbc.store.Session;
import dev.holdfast.spi.TimeSource;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.sqlite.ProgressHandler;
import org.sqlite.SQLiteConnection;

/**
 * Ends one caller's read when it takes too long, or when its thread is interrupted because the
 * caller has left.
 */
final class ReadLimit extends ProgressHandler {
  /** Maximum duration of one read, and of its wait for a connection. */
  static final Duration READ_MAX = Duration.ofSeconds(30);

  private static final int STEPS = 20_000; // of SQLite's machine between two looks: about 1 ms

  private final TimeSource time;
  private final long until;

  ReadLimit(TimeSource time) {
    this.time = time;
    this.until = time.ticks() + READ_MAX.toNanos();
  }

  void acquire(Semaphore permits) {
    try {
      if (!permits.tryAcquire(READ_MAX.toNanos(), TimeUnit.NANOSECONDS)) {
        throw new BusyException(
            "other reads were under way for %d s: try again, and narrow what they look for"
                .formatted(READ_MAX.toSeconds()));
      }
    } catch (InterruptedException left) {
      Thread.currentThread().interrupt();
      throw new BusyException("the caller of a read has left: nothing was read", left);
    }
  }

  void begin(Session session) {
    try {
      setHandler(session.connection().unwrap(SQLiteConnection.class), STEPS, this);
    } catch (SQLException failure) {
      throw session.meaning(failure);
    }
  }

  void end(Session session) {
    try {
      clearHandler(session.connection().unwrap(SQLiteConnection.class));
    } catch (SQLException failure) {
      throw session.meaning(failure);
    }
  }

  /** Called by SQLite; anything but 0 ends the statement. */
  @Override
  protected int progress() {
    return Thread.currentThread().isInterrupted() || time.ticks() - until >= 0 ? 1 : 0;
  }
}
