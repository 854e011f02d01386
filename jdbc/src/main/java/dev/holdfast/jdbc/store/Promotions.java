package dev.holdfast.jdbc.store;

import dev.holdfast.spi.Promotion;
import java.time.Duration;
import java.util.Optional;

/** Moving due jobs into the queue. */
final class Promotions {
  private static final Sql NEXT_DUE =
      Sql.of("select run_at from jobs where state = 'SCHEDULED' order by run_at limit 1");

  private final Dialect dialect;

  Promotions(Dialect dialect) {
    this.dialect = dialect;
  }

  /** When the next job is due; empty when none is scheduled. */
  static Optional<Long> nextDue(Session session) {
    return session.sql(NEXT_DUE).first(row -> row.number(1));
  }

  Promotion promote(Session session, int limit, long now, News news) {
    int promoted = dialect.promote(session, limit, now, news);
    return new Promotion(promoted, nextDue(session).map(due -> untilDue(due, now)));
  }

  static Duration untilDue(long due, long now) {
    return Micros.toDuration(Math.max(0, due - now));
  }
}
