package dev.holdfast.jdbc.store;

import dev.holdfast.spi.Promotion;
import dev.holdfast.spi.Signal;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** Moving due jobs into the queue. */
final class Promotions {
  private static final Sql NEXT_DUE =
      Sql.of("select run_at from jobs where state = 'SCHEDULED' order by run_at limit 1");

  private static final Sql PROMOTE =
      Sql.of(
          """
          update jobs set state = 'PENDING', updated_at = :now
           where id in (select id from jobs
                         where state = 'SCHEDULED' and run_at <= :now
                         order by run_at limit :limit)
          """);

  private Promotions() {}

  /** When the next job is due; empty when none is scheduled. */
  static Optional<Long> nextDue(Session session) {
    return session.sql(NEXT_DUE).first(row -> row.number(1));
  }

  static Promotion promote(Session session, int limit, long now, Set<Signal> signals) {
    int promoted = session.sql(PROMOTE).set("now", now).set("limit", limit).update();
    if (promoted > 0) {
      signals.add(Signal.WORK);
    }
    return new Promotion(promoted, nextDue(session).map(due -> untilDue(due, now)));
  }

  static Duration untilDue(long due, long now) {
    return Micros.toDuration(Math.max(0, due - now));
  }
}
