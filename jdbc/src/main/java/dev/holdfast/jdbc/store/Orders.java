package dev.holdfast.jdbc.store;

import dev.holdfast.ClaimOrder;
import dev.holdfast.QueueSettings;
import dev.holdfast.spi.Ranking;
import dev.holdfast.spi.Signal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Switching queues from one order to another while they run. The switch itself is one row: new jobs
 * go into the next band. What is PENDING in another one is ranked again in small transactions, by
 * whoever comes to it; jobs that are just being claimed are left out. Before the next switch that
 * must be over.
 */
final class Orders {
  private static final int BATCH = 1_000;

  private static final Sql LANES = Sql.of("select id from lanes where queue = :queue order by id");

  private final Database database;
  private final Dialect dialect;
  private final Ranks ranks;
  private final QueueView view;

  Orders(Database database, Dialect dialect, Ranks ranks, QueueView view) {
    this.database = database;
    this.dialect = dialect;
    this.ranks = ranks;
    this.view = view;
  }

  private record Configured(QueueSettings settings, boolean isSwitched) {}

  QueueSettings configure(String queue, UnaryOperator<QueueSettings> change) {
    while (true) {
      Optional<Configured> configured =
          database.write(
              ConnectionUse.CALLERS,
              (session, now, news) -> configure(session, queue, change, now, news));
      if (configured.isPresent()) {
        view.forget();
        if (configured.get().isSwitched) {
          reorderAll(queue);
        }
        return configured.get().settings;
      }
    }
  }

  /** Empty if the switch before was not over: a part of it was done instead. */
  private Optional<Configured> configure(
      Session session, String queue, UnaryOperator<QueueSettings> change, long now, News news) {
    QueueRow row = QueueRows.hold(session, queue, now);
    QueueSettings settings = change.apply(row.settings());
    boolean isSwitched = settings.order() != row.settings().order();
    if (isSwitched && reorder(session, row, ranking(row), BATCH, news) > 0) {
      return Optional.empty();
    }
    int band = isSwitched ? Ranking.next(row.band()) : row.band();
    QueueRows.write(session, queue, settings, band, now);
    if (QueueRow.isCounted(settings)) {
      Holds.countRunningOfQueue(session, queue);
    }
    news.add(Signal.QUEUES);
    news.add(Signal.WORK);
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
              (session, now, news) ->
                  QueueRows.hold(session, queue, now).band() == row.band()
                      ? reorder(session, row, ranking, BATCH, news)
                      : 0);
    } while (done > 0);
  }

  /** A part of what is left to do in all queues. */
  int reorder(int limit) {
    int done = 0;
    for (QueueRow row : database.read(ConnectionUse.CALLERS, QueueRows::all)) {
      int left = limit - done;
      if (left > 0 && database.read(ConnectionUse.CALLERS, session -> hasWork(session, row))) {
        done +=
            database.write(
                ConnectionUse.CALLERS,
                (session, now, news) -> upkeep(session, row.name(), left, now, news));
      }
    }
    return done;
  }

  private boolean hasWork(Session session, QueueRow row) {
    Line line = ranks.line(session, row.name());
    return row.settings().order() == ClaimOrder.FAIR
        || line.look(Long.MIN_VALUE, Ranking.from(row.band())).isPresent()
        || line.look(Ranking.to(row.band()), Long.MAX_VALUE).isPresent();
  }

  private int upkeep(Session session, String queue, int limit, long now, News news) {
    QueueRow row = QueueRows.hold(session, queue, now);
    int done = reorder(session, row, ranking(row), limit, news);
    if (row.settings().order() == ClaimOrder.FAIR) {
      ranks.line(session, queue).forgetShares(row.band());
    }
    return done;
  }

  private int reorder(Session session, QueueRow row, Ranking ranking, int limit, News news) {
    List<Entered> jobs = new ArrayList<>();
    jobs.addAll(between(session, row, Long.MIN_VALUE, Ranking.from(row.band()), limit));
    jobs.addAll(between(session, row, Ranking.to(row.band()), Long.MAX_VALUE, limit - jobs.size()));
    if (!jobs.isEmpty()) {
      ranks.rank(session, row.name(), ranking, jobs, news);
    }
    return jobs.size();
  }

  private record Standing(long rank, Entered entered) {
    private static final Comparator<Standing> IN_ORDER =
        Comparator.comparingLong(Standing::rank)
            .thenComparing(standing -> standing.entered.job().due())
            .thenComparing(standing -> standing.entered.job().id());
  }

  /** The first ones of all lanes of the queue. */
  private List<Entered> between(Session session, QueueRow row, long from, long to, int limit) {
    return session.sql(LANES).set("queue", row.name()).list(lane -> lane.number(1)).stream()
        .flatMap(
            lane ->
                session
                    .sql(dialect.pendingBetween())
                    .set("lane", lane)
                    .set("from", from)
                    .set("to", to)
                    .set("limit", limit)
                    .list(job -> new Standing(job.number("rank"), Entered.of(job)))
                    .stream())
        .sorted(Standing.IN_ORDER)
        .limit(limit)
        .map(Standing::entered)
        .toList();
  }
}
