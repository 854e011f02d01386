package dev.holdfast.jdbc.store;

import dev.holdfast.ConflictException;
import dev.holdfast.spi.Move;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The fence around a queue that moves: triggers in the database, so that they also hold off
 * processes that know nothing of them. What stands in {@code filling} is never committed as 1, so
 * it opens the fence for the transaction alone that sets it.
 */
final class Fences {
  /** Before the message of a refused write, so that it is known among all errors. */
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

  Fences(Dialect dialect) {
    this.dialect = dialect;
  }

  Optional<Move> move(Session session) {
    return isThere(session)
        ? session.sql(GET).first(row -> new Move(Move.Direction.valueOf(row.text(1)), row.text(2)))
        : Optional.empty();
  }

  private boolean isThere(Session session) {
    return session.sql(dialect.knowsMoves()).number() == 1;
  }

  /** Answers how long nodes that hold jobs may still believe in their leases. */
  Duration put(Session session, Move move) {
    if (!isThere(session)) {
      dialect.fences().forEach(session::execute);
    }
    session.sql(CLEAR).update();
    session
        .sql(PUT)
        .set("direction", move.direction().name())
        .set("address", move.address())
        .set("message", MARK + move.message())
        .update();
    return Micros.toDuration(session.sql(LEASE).number());
  }

  boolean remove(Session session) {
    boolean isThere = isThere(session);
    if (isThere) {
      dialect.unfences().forEach(session::execute);
    }
    return isThere;
  }

  /** Writes to a queue that comes. */
  <T> T filling(Session session, Supplier<T> work) {
    Optional<Move> move = move(session);
    if (move.filter(coming -> coming.direction() == Move.Direction.COMING).isEmpty()) {
      throw new ConflictException(
          move.map(Move::message).orElse("this queue is not being filled by holdfast copy"));
    }
    return through(session, work);
  }

  /** Writes to a queue that comes, or one without a fence. */
  <T> T passing(Session session, Supplier<T> work) {
    boolean isComing =
        move(session).filter(move -> move.direction() == Move.Direction.COMING).isPresent();
    return isComing ? through(session, work) : work.get();
  }

  private static <T> T through(Session session, Supplier<T> work) {
    session.sql(OPEN).update();
    T answer = work.get();
    session.sql(CLOSE).update();
    return answer;
  }
}
