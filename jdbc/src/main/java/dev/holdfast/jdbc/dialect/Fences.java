package dev.holdfast.jdbc.dialect;

import dev.holdfast.error.ConflictException;
import dev.holdfast.jdbc.sql.Micros;
import dev.holdfast.jdbc.sql.Session;
import dev.holdfast.jdbc.sql.Sql;
import dev.holdfast.spi.record.Move;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The fence around a queue that moves: a row of {@code queue_move}, which is read by triggers in
 * the database, so that it also stops processes that do not know of it. The value 1 in {@code
 * filling} is never committed, so it opens the fence only for the transaction that sets it.
 */
public final class Fences {
  /** The prefix of the message of a rejected write, by which the error is recognized. */
  static final String MARK = "holdfast-move: ";

  private static final Sql GET = Sql.of("select direction, address from queue_move");

  private static final Sql CLEAR = Sql.of("delete from queue_move");

  private static final Sql PUT =
      Sql.of(
          """
          insert into queue_move (direction, address, message, filling)
          values (:direction, :address, :message, 0)
          """);

  private static final Sql OPEN = Sql.of("update queue_move set filling = 1");

  private static final Sql CLOSE = Sql.of("update queue_move set filling = 0");

  private static final Sql LEASE =
      Sql.of(
          """
          select coalesce(max(n.lease_until - n.heartbeat_at), 0) from nodes n
           where n.ended_at is null
             and exists (select 1 from jobs j where j.state = 'RUNNING' and j.node = n.id)
          """);

  private final Dialect dialect;

  public Fences(Dialect dialect) {
    this.dialect = dialect;
  }

  public Optional<Move> move(Session session) {
    return session
        .sql(GET)
        .first(row -> new Move(Move.Direction.valueOf(row.text(1)), row.text(2)));
  }

  /** Sets the fence. Returns how long nodes that hold jobs may still trust their leases. */
  public Duration put(Tx tx, Move move) {
    if (move(tx).isEmpty()) {
      dialect.fences().forEach(tx::execute);
    }
    tx.sql(CLEAR).update();
    tx.sql(PUT)
        .set("direction", move.direction().name())
        .set("address", move.address())
        .set("message", MARK + move.message())
        .update();
    return Micros.toDuration(tx.sql(LEASE).number());
  }

  public boolean remove(Tx tx) {
    dialect.unfences().forEach(tx::execute);
    return tx.sql(CLEAR).update() > 0;
  }

  /** Writes to an incoming queue. */
  public <T> T filling(Tx tx, Supplier<T> work) {
    Optional<Move> move = move(tx);
    if (move.filter(coming -> coming.direction() == Move.Direction.COMING).isEmpty()) {
      throw new ConflictException(
          move.map(Move::message).orElse("this queue is not being filled by holdfast copy"));
    }
    return through(tx, work);
  }

  /** Writes to an incoming queue, or one without a fence. */
  public <T> T passing(Tx tx, Supplier<T> work) {
    boolean isComing =
        move(tx).filter(move -> move.direction() == Move.Direction.COMING).isPresent();
    return isComing ? through(tx, work) : work.get();
  }

  private static <T> T through(Tx tx, Supplier<T> work) {
    tx.sql(OPEN).update();
    T answer = work.get();
    tx.sql(CLOSE).update();
    return answer;
  }
}
