package dev.holdfast.jdbc.store;

import dev.holdfast.ClaimOrder;
import dev.holdfast.QueueSettings;
import dev.holdfast.jdbc.dialect.ConnectionUse;
import dev.holdfast.jdbc.dialect.Database;
import dev.holdfast.jdbc.dialect.Dialect;
import dev.holdfast.jdbc.dialect.NewlyPending;
import dev.holdfast.jdbc.dialect.Permits;
import dev.holdfast.jdbc.dialect.QueueRow;
import dev.holdfast.jdbc.dialect.QueueRows;
import dev.holdfast.jdbc.dialect.QueueView;
import dev.holdfast.jdbc.dialect.Tx;
import dev.holdfast.jdbc.sql.Session;
import dev.holdfast.jdbc.sql.Sql;
import dev.holdfast.spi.Ranking;
import dev.holdfast.spi.Signal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Switches queues from one claim order to another while they run. The switch itself is one row: new
 * jobs go into the next band. PENDING jobs in other bands are ranked again in small transactions,
 * by any process; jobs that are just being claimed are skipped. The next switch must wait until
 * that is done.
 */
final class ClaimOrderSwitch {
  private static final int BATCH = 1_000;

  /** Finds lanes with jobs that another claim order ranked. */
  private static final Sql LANES =
      Sql.of(
          """
          select l.id from lanes l
           where l.queue = :queue
             and (exists (select 1 from jobs j
                           where j.state = 'PENDING' and j.lane = l.id and j.rank < :from)
               or exists (select 1 from jobs j
                           where j.state = 'PENDING' and j.lane = l.id and j.rank >= :to))
           limit :limit
          """);

  private final Database database;
  private final Dialect dialect;
  private final Ranks ranks;
  private final QueueView view;

  ClaimOrderSwitch(Database database, Dialect dialect, Ranks ranks, QueueView view) {
    this.database = database;
    this.dialect = dialect;
    this.ranks = ranks;
    this.view = view;
  }

  private record Configured(QueueSettings settings, boolean isSwitched) {}

  QueueSettings configure(String queue, UnaryOperator<QueueSettings> change) {
    while (true) {
      Optional<Configured> configured =
          database.write(ConnectionUse.CALLERS, tx -> configure(tx, queue, change));
      if (configured.isPresent()) {
        view.forget();
        if (configured.get().isSwitched) {
          reorderAll(queue);
        }
        return configured.get().settings;
      }
    }
  }

  /** Configures; empty if the previous switch was not over: a part of it was done instead. */
  private Optional<Configured> configure(Tx tx, String queue, UnaryOperator<QueueSettings> change) {
    QueueRow row = QueueRows.hold(tx, queue);
    QueueSettings settings = change.apply(row.settings());
    boolean isSwitched = settings.order() != row.settings().order();
    if (isSwitched && reorder(tx, row, ranking(row), BATCH) > 0) {
      return Optional.empty();
    }
    int band = isSwitched ? Ranking.next(row.band()) : row.band();
    QueueRows.write(tx, queue, settings, band);
    if (QueueRow.isCounted(settings)) {
      Permits.countRunningOfQueue(tx, queue);
    }
    tx.postCommit().add(Signal.QUEUES);
    tx.postCommit().add(Signal.WORK);
    return Optional.of(new Configured(settings, isSwitched));
  }

  private static Ranking ranking(QueueRow row) {
    return new Ranking(row.settings().order(), row.band());
  }

  /** One ranking for all of it, as jobs that came by one call may go beyond one batch. */
  private void reorderAll(String queue) {
    QueueRow row = database.read(ConnectionUse.CALLERS, session -> QueueRows.get(session, queue));
    Ranking ranking = ranking(row);
    int done;
    do {
      done =
          database.write(
              ConnectionUse.CALLERS,
              tx ->
                  QueueRows.hold(tx, queue).band() == row.band()
                      ? reorder(tx, row, ranking, BATCH)
                      : 0);
    } while (done > 0);
  }

  /** A part of what is left to do in all queues. */
  int reorder(int limit) {
    int done = 0;
    for (QueueRow row : database.read(ConnectionUse.CALLERS, QueueRows::all)) {
      int left = limit - done;
      if (left > 0 && database.read(ConnectionUse.CALLERS, session -> hasWork(session, row))) {
        done += database.write(ConnectionUse.CALLERS, tx -> upkeep(tx, row.name(), left));
      }
    }
    return done;
  }

  private boolean hasWork(Session session, QueueRow row) {
    return !lanes(session, row, 1).isEmpty()
        || (row.settings().order() == ClaimOrder.FAIR
            && ranks.line(session, row.name()).hasSharesBehind(row.band()));
  }

  private int upkeep(Tx tx, String queue, int limit) {
    QueueRow row = QueueRows.hold(tx, queue);
    int done = reorder(tx, row, ranking(row), limit);
    if (row.settings().order() == ClaimOrder.FAIR) {
      ranks.line(tx, queue).forgetShares(row.band(), BATCH);
    }
    return done;
  }

  private int reorder(Tx tx, QueueRow row, Ranking ranking, int limit) {
    List<Long> lanes = lanes(tx, row, limit);
    List<NewlyPending> jobs = new ArrayList<>();
    jobs.addAll(between(tx, lanes, Long.MIN_VALUE, Ranking.from(row.band()), limit));
    int left = limit - jobs.size();
    jobs.addAll(between(tx, lanes, Ranking.to(row.band()), Long.MAX_VALUE, left));
    if (!jobs.isEmpty()) {
      ranks.rank(tx, row.name(), ranking, jobs);
    }
    return jobs.size();
  }

  private record Standing(long rank, NewlyPending entered) {
    private static final Comparator<Standing> IN_ORDER =
        Comparator.comparingLong(Standing::rank)
            .thenComparing(standing -> standing.entered.job().due())
            .thenComparing(standing -> standing.entered.job().id());
  }

  private static List<Long> lanes(Session session, QueueRow row, int limit) {
    return session
        .sql(LANES)
        .set("queue", row.name())
        .set("from", Ranking.from(row.band()))
        .set("to", Ranking.to(row.band()))
        .set("limit", limit)
        .list(lane -> lane.number(1));
  }

  /** The first ones of these lanes. */
  private List<NewlyPending> between(
      Session session, List<Long> lanes, long from, long to, int limit) {
    return lanes.stream()
        .flatMap(
            lane ->
                session
                    .sql(dialect.pendingBetween())
                    .set("lane", lane)
                    .set("from", from)
                    .set("to", to)
                    .set("limit", limit)
                    .list(job -> new Standing(job.number("rank"), NewlyPending.of(job)))
                    .stream())
        .sorted(Standing.IN_ORDER)
        .limit(limit)
        .map(Standing::entered)
        .toList();
  }
}
