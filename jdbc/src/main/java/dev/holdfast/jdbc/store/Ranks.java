package dev.holdfast.jdbc.store;

import dev.holdfast.ClaimOrder;
import dev.holdfast.JobId;
import dev.holdfast.jdbc.dialect.Dialect;
import dev.holdfast.jdbc.dialect.Drafts;
import dev.holdfast.jdbc.dialect.NewlyPending;
import dev.holdfast.jdbc.dialect.QueueRow;
import dev.holdfast.jdbc.dialect.QueueView;
import dev.holdfast.jdbc.dialect.Ranked;
import dev.holdfast.jdbc.dialect.Tx;
import dev.holdfast.jdbc.sql.Micros;
import dev.holdfast.jdbc.sql.Session;
import dev.holdfast.jdbc.sql.Sql;
import dev.holdfast.spi.Ranking;
import dev.holdfast.spi.Ranking.Entrant;
import dev.holdfast.spi.record.JobDraft;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToLongFunction;

/**
 * Ranks jobs that become PENDING. A queue in the initial claim order costs nothing: its ranks are
 * the negative priorities, which statements write directly.
 */
final class Ranks {
  private static final Sql FIND =
      Sql.of(
          """
          select lane, queue, id, priority, job_group, run_at from jobs
           where id = :id and state = 'PENDING'
          """);

  /** Tolerance for clock differences: a job due this soon may already be due. */
  private static final long SOON_MICROS = Micros.of(Duration.ofSeconds(10));

  private static final Comparator<NewlyPending> BY_DUE_TIME =
      Comparator.comparingLong((NewlyPending newlyPending) -> newlyPending.job().due())
          .thenComparing(newlyPending -> newlyPending.job().id());

  private final Dialect dialect;
  private final QueueView view;
  private final Map<String, Long> heads = new ConcurrentHashMap<>();

  Ranks(Dialect dialect, QueueView view) {
    this.dialect = dialect;
    this.view = view;
  }

  RankedQueue line(Session session, String queue) {
    return new RankedQueue(session, queue, heads);
  }

  /** Returns whether one of them has to reserve its turn, which locks its group's row. */
  boolean takesTurns(Session session, List<JobDraft> drafts, long now) {
    Map<String, QueueRow> rows = view.rows(session, now);
    return !rows.isEmpty()
        && drafts.stream()
            .map(draft -> rows.get(draft.queue()))
            .anyMatch(row -> row != null && row.settings().order() == ClaimOrder.FAIR);
  }

  /** Returns the ranks of new jobs. */
  ToLongFunction<JobDraft> of(Tx tx, List<JobDraft> drafts) {
    Map<String, QueueRow> rows = view.rows(tx, tx.now());
    if (drafts.stream().allMatch(draft -> isPlain(rows, draft.queue()))) {
      return JobDraft::rank;
    }
    Map<String, List<JobDraft>> byQueue = new TreeMap<>();
    for (JobDraft draft : drafts) {
      if (!isPlain(rows, draft.queue())
          && Drafts.runAt(draft, tx.now()) <= tx.now() + SOON_MICROS) {
        byQueue.computeIfAbsent(draft.queue(), first -> new ArrayList<>()).add(draft);
      }
    }
    IdentityHashMap<JobDraft, Long> ranks = new IdentityHashMap<>();
    byQueue.forEach(
        (queue, entering) -> {
          List<Entrant> entrants =
              entering.stream().map(draft -> entrant(draft, tx.now())).toList();
          long[] given = ranking(rows, queue).ranks(entrants, line(tx, queue));
          for (int i = 0; i < given.length; i++) {
            ranks.put(entering.get(i), given[i]);
          }
        });
    return draft -> ranks.getOrDefault(draft, draft.rank());
  }

  private static Entrant entrant(JobDraft draft, long now) {
    return new Entrant(draft.id(), draft.priority(), draft.group(), Drafts.runAt(draft, now));
  }

  private static boolean isPlain(Map<String, QueueRow> rows, String queue) {
    QueueRow row = rows.get(queue);
    return row == null || Ranking.isPlain(row.settings().order(), row.band());
  }

  private static Ranking ranking(Map<String, QueueRow> rows, String queue) {
    QueueRow row = rows.get(queue);
    if (row == null) {
      throw new IllegalStateException("queue '%s' is in its first order: a bug".formatted(queue));
    }
    return new Ranking(row.settings().order(), row.band());
  }

  /** Ranks jobs that an operator made PENDING or moved to another queue. */
  void settle(Tx tx, Collection<JobId> jobs) {
    if (!view.rows(tx, tx.now()).isEmpty()) {
      List<NewlyPending> newlyPending =
          jobs.stream()
              .flatMap(id -> tx.sql(FIND).set("id", id).list(NewlyPending::of).stream())
              .toList();
      settle(tx, newlyPending);
    }
  }

  /** Ranks jobs that have become PENDING; those of queues in the initial order stay unchanged. */
  void settle(Tx tx, List<NewlyPending> newlyPending) {
    Map<String, QueueRow> rows = view.rows(tx, tx.now());
    Map<String, List<NewlyPending>> byQueue = new TreeMap<>();
    newlyPending.stream()
        .filter(one -> !isPlain(rows, one.queue()))
        .sorted(BY_DUE_TIME)
        .forEach(one -> byQueue.computeIfAbsent(one.queue(), first -> new ArrayList<>()).add(one));
    byQueue.forEach((queue, jobs) -> rank(tx, queue, ranking(rows, queue), jobs));
  }

  /** Ranks PENDING jobs of a queue. */
  void rank(Tx tx, String queue, Ranking ranking, List<NewlyPending> jobs) {
    long[] given = ranking.ranks(jobs.stream().map(NewlyPending::job).toList(), line(tx, queue));
    List<Ranked> ranked = new ArrayList<>(given.length);
    for (int i = 0; i < given.length; i++) {
      ranked.add(new Ranked(jobs.get(i).lane(), jobs.get(i).job(), given[i]));
    }
    dialect.rank(tx, ranked);
    ranked.forEach(one -> tx.postCommit().arrived(one.lane(), one.place()));
  }
}
