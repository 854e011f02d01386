package dev.holdfast.sqlite;

import dev.holdfast.JobId;
import dev.holdfast.NodeId;
import dev.holdfast.jdbc.dialect.AssignedJob;
import dev.holdfast.jdbc.dialect.Candidate;
import dev.holdfast.jdbc.dialect.Dialect;
import dev.holdfast.jdbc.dialect.HeadsSeen;
import dev.holdfast.jdbc.dialect.HeldLimits;
import dev.holdfast.jdbc.dialect.JobLane;
import dev.holdfast.jdbc.dialect.JobLanes;
import dev.holdfast.jdbc.dialect.LaneHead;
import dev.holdfast.jdbc.dialect.LaneHeads;
import dev.holdfast.jdbc.dialect.LanesRead;
import dev.holdfast.jdbc.dialect.NewlyPending;
import dev.holdfast.jdbc.dialect.Ranked;
import dev.holdfast.jdbc.dialect.Tx;
import dev.holdfast.jdbc.sql.Bound;
import dev.holdfast.jdbc.sql.Micros;
import dev.holdfast.jdbc.sql.Session;
import dev.holdfast.jdbc.sql.Sql;
import dev.holdfast.spi.Acknowledgement;
import dev.holdfast.spi.Claimed;
import dev.holdfast.spi.Lease;
import dev.holdfast.spi.Transition;
import dev.holdfast.spi.record.JobDraft;
import dev.holdfast.spi.record.JobRecord;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;

/**
 * The hot path on SQLite. Rows go {@linkplain ManyRows fifty} to a statement; what a statement of
 * many cannot take goes one by one. The measurements behind these forms are in ADR 3. New jobs are
 * written by {@link DraftRows}, and claimed by {@link SqliteClaims}.
 */
final class SqliteDialect implements Dialect {
  private static final String ENDED_ROW = "(?, ?, ?, ?)"; // id, token, started_at, result

  /** The signs make SQLite look for ids; else it reads all that runs, once for each statement. */
  private static final String COMPLETE =
      """
      update jobs
         set state = 'COMPLETED', finished_at = ?, started_at = ended.column3,
             result = ended.column4, failure_kind = null, failure_message = null,
             failure_trace = null, updated_at = ?
        from (values %s) as ended
       where jobs.id = ended.column1 and jobs.token = ended.column2 and +jobs.state = 'RUNNING'
         and +jobs.node = ? and jobs.awaited = 0
      """;

  private static final Sql COMPLETE_MANY = Sql.of(COMPLETE.formatted(ManyRows.of(ENDED_ROW)));
  private static final Sql COMPLETE_ONE = Sql.of(COMPLETE.formatted(ENDED_ROW));

  private static final Sql HELD =
      Sql.of(
          """
          select token, attempt from jobs
           where id = :id and state = 'RUNNING' and node = :node
          """);

  private static final Sql PROMOTE =
      Sql.of(
          """
          update jobs set state = 'PENDING', rank = -priority, updated_at = :now
           where id in (select id from jobs
                         where state = 'SCHEDULED' and run_at <= :now
                         order by run_at limit :limit)
          returning lane, queue, id, priority, job_group, run_at
          """);

  private static final Sql PUT_PAYLOAD =
      Sql.of(
          """
          update job_payloads set payload = :payload
           where number = (select number from jobs where id = :id)
          """);

  private static final Sql PENDING_BETWEEN =
      Sql.of(
          """
          select lane, queue, id, priority, job_group, run_at, rank from jobs
           where state = 'PENDING' and lane = :lane and rank >= :from and rank < :to
           order by rank, run_at, id
           limit :limit
          """);

  private static final Sql RANK =
      Sql.of("update jobs set rank = :rank where id = :id and state = 'PENDING'");

  private static final List<Sql> DELETES =
      List.of(
          Sql.of(
              "delete from job_payloads where number = (select number from jobs where id = :id)"),
          Sql.of("delete from job_fields where job_id = :id"),
          Sql.of("delete from job_progress where job_id = :id"),
          Sql.of("delete from job_events where job_id = :id"),
          Sql.of("delete from job_logs where job_id = :id"),
          Sql.of("delete from job_checkpoints where job_id = :id"),
          Sql.of("delete from job_steps where job_id = :id"),
          Sql.of("delete from job_lapses where job_id = :id"),
          Sql.of("delete from job_waits where job_id = :id"),
          Sql.of("delete from job_signals where job_id = :id"),
          Sql.of("delete from jobs where id = :id and state <> 'RUNNING'"));

  private final SqliteClaims claims = new SqliteClaims();
  private final LaneWalk walk = new LaneWalk();
  private final LaneHeads heads;

  SqliteDialect(LaneHeads heads) {
    this.heads = heads;
  }

  @Override
  public void insert(Tx tx, List<JobDraft> jobs, JobLanes lanes, ToLongFunction<JobDraft> ranks) {
    DraftRows.insert(tx, jobs, lanes, ranks);
  }

  @Override
  public List<Claimed> claim(Tx tx, NodeId node, List<JobLane> lanes, int limit, HeadsSeen seen) {
    return claims.claim(tx, node, lanes, limit, seen);
  }

  /**
   * Jobs that were enqueued at about the same time are neighbours in the file, whatever their
   * queue; see {@link RowGaps}.
   */
  @Override
  public int share(int jobs, int queues) {
    return claims.share(jobs, queues);
  }

  @Override
  public List<Claimed> claimEach(
      Tx tx, NodeId node, List<JobLane> lanes, int share, HeadsSeen seen) {
    return claims.claimEach(tx, node, lanes, share, seen);
  }

  @Override
  public List<Candidate> candidates(
      Session session, List<JobLane> lanes, int most, HeadsSeen seen) {
    return SqliteClaims.candidates(session, lanes, most, seen);
  }

  @Override
  public List<Claimed> claimChosen(Tx tx, NodeId node, String queue, List<Candidate> chosen) {
    return claims.chosen(tx, node, queue, chosen);
  }

  @Override
  public void sortIn(Tx tx, long from, List<AssignedJob> jobs) {
    SqliteClaims.sortIn(tx, jobs);
  }

  @Override
  public LaneHeads heads() {
    return heads;
  }

  @Override
  public LanesRead lanesWithWork(Session session, long behind, int most) {
    return LaneWalk.read(session, behind, most);
  }

  @Override
  public List<LaneHead> arrivals(Tx tx) {
    return walk.arrivals(tx);
  }

  /** The write lock holds all. */
  @Override
  public void holdLimits(Tx tx, Collection<String> queues, Collection<String> types) {}

  @Override
  public HeldLimits holdFreeLimits(Tx tx, Collection<String> queues, Collection<String> types) {
    return HeldLimits.NONE;
  }

  @Override
  public void putHolds(Tx tx, List<Claimed> jobs) {
    SqlitePermits.put(tx, jobs);
  }

  @Override
  public List<Acknowledgement> complete(Tx tx, List<Acknowledgement> ends) {
    List<Acknowledgement> unchanged = new ArrayList<>();
    int next = 0;
    for (; ends.size() - next >= ManyRows.ROWS; next += ManyRows.ROWS) {
      List<Acknowledgement> part = ends.subList(next, next + ManyRows.ROWS);
      if (complete(tx, COMPLETE_MANY, part) < ManyRows.ROWS) {
        unchanged.addAll(part); // some of them: the caller finds out which
      }
    }
    for (Acknowledgement end : ends.subList(next, ends.size())) {
      if (complete(tx, COMPLETE_ONE, List.of(end)) == 0) {
        unchanged.add(end);
      }
    }
    return unchanged;
  }

  private static int complete(Tx tx, Sql statement, List<Acknowledgement> ends) {
    Bound update = tx.sql(statement).next(tx.now()).next(tx.now());
    for (Acknowledgement end : ends) {
      Transition.Complete complete = (Transition.Complete) end.transition();
      update
          .nextId(end.lease().job().value())
          .next(end.lease().token())
          .next(tx.now() - Micros.of(end.ran()))
          .next(complete.result().orElse(null));
    }
    return update.nextId(ends.get(0).lease().node().value()).update();
  }

  @Override
  public long reached(Session session, long now) {
    return now;
  }

  @Override
  public List<NewlyPending> promote(Tx tx, int limit) {
    return tx.sql(PROMOTE).set("now", tx.now()).set("limit", limit).list(NewlyPending::of);
  }

  @Override
  public Sql pendingBetween() {
    return PENDING_BETWEEN;
  }

  @Override
  public void rank(Tx tx, List<Ranked> jobs) {
    for (Ranked ranked : jobs) {
      tx.sql(RANK).set("id", ranked.job().id()).set("rank", ranked.rank()).update();
    }
  }

  @Override
  public List<Lease> held(Session session, NodeId node, Collection<JobId> jobs) {
    return jobs.stream()
        .flatMap(
            job ->
                session
                    .sql(HELD)
                    .set("id", job)
                    .set("node", node)
                    .first(row -> new Lease(job, row.number(1), row.count(2), node))
                    .stream())
        .toList();
  }

  /** The write lock holds all. */
  @Override
  public void hold(Tx tx, Collection<JobId> jobs) {}

  /** The write lock holds all. */
  @Override
  public Set<JobId> holdFree(Tx tx, Collection<JobId> jobs) {
    return Set.copyOf(jobs);
  }

  @Override
  public Set<JobId> keep(Tx tx, Collection<JobId> jobs) {
    return Set.copyOf(jobs);
  }

  @Override
  public Map<JobId, String> holders(Session session, Collection<JobId> jobs) {
    return Map.of();
  }

  @Override
  public Set<JobId> holdFreeToDelete(Tx tx, Collection<JobId> jobs) {
    return Set.copyOf(jobs);
  }

  @Override
  public boolean holdFree(Tx tx, NodeId node) {
    return true;
  }

  @Override
  public Sql putPayload() {
    return PUT_PAYLOAD;
  }

  @Override
  public List<Sql> deletes() {
    return DELETES;
  }

  @Override
  public void load(Tx tx, List<JobRecord> records, JobLanes lanes) {
    RecordRows.insert(tx, DraftRows.nextNumber(tx), records, lanes);
  }

  @Override
  public void watchEnds(Tx tx, boolean isWanted) {
    tx.execute(isWanted ? SqliteEnds.WATCH : SqliteEnds.WATCH_NO_LONGER);
  }

  @Override
  public List<Sql> fences() {
    return SqliteFence.CREATE;
  }

  @Override
  public List<Sql> unfences() {
    return SqliteFence.DROP;
  }
}
