package dev.holdfast.sqlite;

import dev.holdfast.error.BusyException;
import dev.holdfast.jdbc.sql.Session;
import dev.holdfast.spi.ReadCancellation;
import dev.holdfast.spi.TimeSource;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.sqlite.ProgressHandler;
import org.sqlite.SQLiteConnection;

/**
 * Ends one caller's read when it takes too long, or when the caller has left: its thread is
 * interrupted, or the {@link ReadCancellation} that it runs under is cancelled.
 */
final class ReadLimit extends ProgressHandler {
  /** Maximum duration of one read, and of its wait for a connection. */
  static final Duration READ_MAX = Duration.ofSeconds(30);

  private static final int STEPS = 20_000; // of SQLite's machine between two looks: about 1 ms

  private final TimeSource time;
  private final long until;
  private final Optional<ReadCancellation> left = ReadCancellation.current();

  ReadLimit(TimeSource time) {
    this.time = time;
    this.until = time.ticks() + READ_MAX.toNanos();
  }

  void acquire(Semaphore permits) {
    ReadCancellation cancellation = left.orElse(null);
    if (cancellation == null) {
      await(permits);
      return;
    }
    Thread waiting = Thread.currentThread();
    try {
      cancellation.read(waiting::interrupt, () -> await(permits));
    } finally {
      if (cancellation.isCancelled()) {
        boolean unused = Thread.interrupted(); // meant for this wait only
      }
    }
  }

  /** Waits for a permit. @return true */
  private static boolean await(Semaphore permits) {
    try {
      if (!permits.tryAcquire(READ_MAX.toNanos(), TimeUnit.NANOSECONDS)) {
        throw new BusyException(
            "other reads were under way for %d s: try again, and narrow what they look for"
                .formatted(READ_MAX.toSeconds()));
      }
      return true;
    } catch (InterruptedException hurry) {
      Thread.currentThread().interrupt();
      throw new BusyException("the caller of a read has left: nothing was read", hurry);
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
    boolean isLeft =
        Thread.currentThread().isInterrupted()
            || left.map(ReadCancellation::isCancelled).orElse(false);
    return isLeft || time.ticks() - until >= 0 ? 1 : 0;
  }
}
