package dev.holdfast.sqlite;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.sqlite.BusyHandler;
import org.sqlite.SQLiteConnection;

/**
 * Waits for SQLite's write lock. SQLite itself looks again after ever longer pauses, up to 100 ms:
 * of several processes that write without rest, one has the lock nearly always, as it asks again
 * when it has just given it back, and the others wait for seconds. Here each looks so often that it
 * gets its turn.
 */
final class LockWait extends BusyHandler {
  private static final long SHORT_NANOS = Duration.ofNanos(250_000).toNanos();
  private static final long LONG_NANOS = Duration.ofMillis(5).toNanos();

  /** The short pauses, about a second: transactions are shorter, but for those of others. */
  private static final int SHORT_PAUSES = 4_000;

  private static final int GIVE_UP = 0;
  private static final int TRY_AGAIN = 1;

  private final long pauses;

  private LockWait(Duration most) {
    this.pauses = SHORT_PAUSES + (most.toNanos() - SHORT_PAUSES * SHORT_NANOS) / LONG_NANOS;
  }

  /**
   * Makes a connection wait like this.
   *
   * @param most the time after which the lock counts as busy, more than a second; about, as pauses
   *     take longer than asked for
   */
  static void install(Connection connection, Duration most) throws SQLException {
    setHandler(connection.unwrap(SQLiteConnection.class), new LockWait(most));
  }

  @Override
  protected int callback(int before) {
    if (before >= pauses) {
      return GIVE_UP;
    }
    boolean isInterrupted = Thread.interrupted(); // it would not pause
    LockSupport.parkNanos(before < SHORT_PAUSES ? SHORT_NANOS : LONG_NANOS);
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
    return TRY_AGAIN;
  }
}
