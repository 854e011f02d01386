package dev.holdfast.jdbc.store;

import dev.holdfast.spi.Promotion;
import dev.holdfast.spi.Ranking.Entrant;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Moving due jobs into the queue. */
final class Promotions {
  private static final Sql NEXT_DUE =
      Sql.of("select run_at from jobs where state = 'SCHEDULED' order by run_at limit 1");

  private final Dialect dialect;
  private final Ranks ranks;

  Promotions(Dialect dialect, Ranks ranks) {
    this.dialect = dialect;
    this.ranks = ranks;
  }

  /** When the next job is due; empty when none is scheduled. */
  static Optional<Long> nextDue(Session session) {
    return session.sql(NEXT_DUE).first(row -> row.number(1));
  }

  Promotion promote(Session session, int limit, long now, News news) {
    List<Entered> promoted = dialect.promote(session, limit, now);
    promoted.forEach(entered -> news.arrived(entered.lane(), place(entered.job())));
    ranks.settle(session, promoted, now, news);
    return new Promotion(promoted.size(), nextDue(session).map(due -> untilDue(due, now)));
  }

  private static Place place(Entrant job) {
    return new Place(-(long) job.priority(), job.due());
  }

  static Duration untilDue(long due, long now) {
    return Micros.toDuration(Math.max(0, due - now));
  }
}
