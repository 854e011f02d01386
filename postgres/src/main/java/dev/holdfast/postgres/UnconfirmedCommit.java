package dev.holdfast.postgres;

import dev.holdfast.error.StoreUnavailableException;
import dev.holdfast.jdbc.dialect.ConnectionUse;
import dev.holdfast.jdbc.sql.Sql;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Tracks transactions whose outcome is unknown. A repetition may find its work done, change
 * nothing, and commit without waiting for disk or standby, although the first commit was never
 * confirmed. So until one commit has been confirmed, every transaction writes something.
 *
 * <p>A failed read leaves no doubt of its own. But it may be all that a process notices of a
 * failover, and the check of the server that ends a doubt detects that.
 */
final class UnconfirmedCommit {
  /**
   * Writes to the log, so that the transaction waits for its commit; a transaction id alone is not
   * enough.
   */
  static final Sql MAKE_DURABLE =
      Sql.of("select pg_logical_emit_message(true, 'holdfast', 'after a doubt')::text");

  private final Pools pools;
  private final Failovers failovers;
  private final AtomicLong raised = new AtomicLong(); // unknown outcomes so far
  private final AtomicLong settled = new AtomicLong(); // all before this one are settled

  UnconfirmedCommit(Pools pools, Failovers failovers) {
    this.pools = pools;
    this.failovers = failovers;
  }

  boolean exists() {
    return raised.get() > settled.get();
  }

  /**
   * Returns the number for {@link #isOver}: a commit settles only the doubts that existed when it
   * began.
   */
  long now() {
    return raised.get();
  }

  /** Returns {@code failure}, and records it if the outcome is unknown. */
  RuntimeException after(RuntimeException failure) {
    if (failure instanceof StoreUnavailableException) {
      raised.incrementAndGet();
    }
    return failure;
  }

  /** Records that a commit which began in doubt was confirmed, perhaps by another server. */
  void isOver(long atBegin) {
    settled.accumulateAndGet(atBegin, Math::max);
    try {
      failovers.met(pools.lend(ConnectionUse.CALLERS, ServerLife::behind));
    } catch (SQLException | RuntimeException away) {
      raised.incrementAndGet(); // the next one checks
    }
  }
}
