package dev.holdfast.jdbc.store;

import dev.holdfast.spi.Promotion;
import java.time.Duration;
import java.util.Optional;

/** Moving due jobs into the queue. */
final class Promotions {
  private static final Sql NEXT_DUE =
      Sql.of(
          """
          select min(due) from
            (select (select run_at from jobs
                      where state = 'SCHEDULED' order by run_at limit 1) as due
             union all
             select (select awaited_until from job_signals
                      where awaited_until is not null order by awaited_until limit 1)) as first_due
          """);

  private final Dialect dialect;
  private final JobSignals signals;

  Promotions(Dialect dialect, JobSignals signals) {
    this.dialect = dialect;
    this.signals = signals;
  }

  /** When the next job is due, or has waited long enough; empty when there is none. */
  static Optional<Long> nextDue(Session session) {
    return session.sql(NEXT_DUE).first(row -> row.maybeNumber(1)).orElse(Optional.empty());
  }

  Promotion promote(Session session, int limit, long now, News news) {
    int promoted = dialect.promote(session, limit, now, news);
    int late = signals.endLate(session, limit, now, news);
    return new Promotion(Math.max(promoted, late), nextDue(session).map(due -> untilDue(due, now)));
  }

  static Duration untilDue(long due, long now) {
    return Micros.toDuration(Math.max(0, due - now));
  }
}
