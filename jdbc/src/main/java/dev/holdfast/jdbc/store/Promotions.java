package dev.holdfast.jdbc.store;

import dev.holdfast.jdbc.dialect.Dialect;
import dev.holdfast.jdbc.dialect.NewlyPending;
import dev.holdfast.jdbc.dialect.Place;
import dev.holdfast.jdbc.dialect.Tx;
import dev.holdfast.jdbc.sql.Micros;
import dev.holdfast.jdbc.sql.Session;
import dev.holdfast.jdbc.sql.Sql;
import dev.holdfast.spi.Promotion;
import dev.holdfast.spi.Ranking.Entrant;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Moves due jobs into the queue. */
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
  private final Ranks ranks;
  private final JobSignals signals;

  Promotions(Dialect dialect, Ranks ranks, JobSignals signals) {
    this.dialect = dialect;
    this.ranks = ranks;
    this.signals = signals;
  }

  /** Returns when the next job is due, or its signal times out; empty when there is none. */
  static Optional<Long> nextDue(Session session) {
    return session.sql(NEXT_DUE).first(row -> row.maybeNumber(1)).orElse(Optional.empty());
  }

  Promotion promote(Tx tx, int limit) {
    List<NewlyPending> promoted = dialect.promote(tx, limit);
    promoted.forEach(entered -> tx.postCommit().arrived(entered.lane(), place(entered.job())));
    ranks.settle(tx, promoted);
    int most = Math.max(promoted.size(), signals.endLate(tx, limit));
    return new Promotion(most, nextDue(tx).map(due -> untilDue(due, tx.now())));
  }

  private static Place place(Entrant job) {
    return new Place(-(long) job.priority(), job.due());
  }

  static Duration untilDue(long due, long now) {
    return Micros.toDuration(Math.max(0, due - now));
  }
}
