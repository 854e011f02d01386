package dev.holdfast.postgres;

import dev.holdfast.HoldfastException;
import dev.holdfast.StoreUnavailableException;
import dev.holdfast.jdbc.store.ConnectionUse;
import dev.holdfast.jdbc.store.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The time after a transaction whose outcome is unknown. What is repeated then may find its work
 * done, change nothing, and commit without waiting for disk or standby, although the first commit
 * was never confirmed. So until one commit has been confirmed, every transaction writes something.
 *
 * <p>A read that failed leaves no doubt of its own. But it may be all that a process sees of a
 * failover, and the look at the server that ends a doubt finds out.
 */
final class Doubt {
  /**
   * A transaction that has written to the log waits for its commit; a number alone is not enough.
   */
  static final Sql MAKE_DURABLE =
      Sql.of("select pg_logical_emit_message(true, 'holdfast', 'after a doubt')::text");

  private final Pools pools;
  private final Failovers failovers;
  private final AtomicLong raised = new AtomicLong(); // doubts so far
  private final AtomicLong settled = new AtomicLong(); // those before this one are over

  Doubt(Pools pools, Failovers failovers) {
    this.pools = pools;
    this.failovers = failovers;
  }

  boolean exists() {
    return raised.get() > settled.get();
  }

  /** For {@link #isOver}: a commit settles only the doubts that were there when it began. */
  long now() {
    return raised.get();
  }

  /** Passes {@code failure} on, and remembers it if it leaves doubt. */
  RuntimeException after(RuntimeException failure) {
    if (failure instanceof StoreUnavailableException) {
      raised.incrementAndGet();
    }
    return failure;
  }

  /** A commit that began in doubt was confirmed. Whoever did may be another server. */
  void isOver(long atBegin) {
    settled.accumulateAndGet(atBegin, Math::max);
    try (Connection connection = pools.take(ConnectionUse.CALLERS)) {
      failovers.met(Server.behind(connection));
    } catch (SQLException | HoldfastException away) {
      raised.incrementAndGet(); // the next one looks
    }
  }
}
