package dev.holdfast.postgres;

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
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * The hot path on PostgreSQL. Many rows go as arrays, one for each column, into one statement that
 * has a single possible plan. The measurements behind these forms are in ADR 3. New jobs are
 * written by {@link DraftRows}, and claimed by {@link PostgresClaims}.
 */
final class PostgresDialect implements Dialect {
  private static final Sql HOLD_QUEUES =
      Sql.of("select name from queues where name = any (:names::text[]) order by name for update");

  private static final Sql HOLD_TYPES =
      Sql.of(
          "select type from type_limits where type = any (:names::text[]) order by type for"
              + " update");

  private static final Sql QUEUES =
      Sql.of("select name from queues where name = any (:names::text[])");

  private static final Sql HOLD_FREE_QUEUES =
      Sql.of(
          """
          select name from queues where name = any (:names::text[]) order by name
             for update skip locked
          """);

  private static final Sql TYPES =
      Sql.of("select type from type_limits where type = any (:names::text[])");

  private static final Sql HOLD_FREE_TYPES =
      Sql.of(
          """
          select type from type_limits where type = any (:names::text[]) order by type
             for update skip locked
          """);

  private static final Sql PUT_HOLDS =
      Sql.of(
          """
          insert into holds (job_id, token, queue, type, job_group, node, line)
          select j.id, j.token, j.queue, j.type, coalesce(j.job_group, ''), j.node, held.line
            from unnest(:ids::uuid[], :lines::bigint[]) as held (id, line)
            join jobs j on j.id = held.id
          on conflict (job_id) do update
             set token = excluded.token, queue = excluded.queue, node = excluded.node,
                 line = excluded.line
          """);

  /**
   * The state is not compared plainly: the planner might then walk the index on running jobs and
   * compare each with the whole array, because that index looked empty once.
   */
  private static final Sql COMPLETE =
      Sql.of(
          """
          update jobs
             set state = 'COMPLETED', finished_at = :now, started_at = ended.started_at,
                 result = ended.result, failure_kind = null, failure_message = null,
                 failure_trace = null, updated_at = :now
            from unnest(:ids::uuid[], :tokens::bigint[], :started::bigint[], :results::text[])
              as ended (id, token, started_at, result)
           where jobs.id = any (:ids::uuid[]) and jobs.id = ended.id and jobs.token = ended.token
             and jobs.state || '' = 'RUNNING' and jobs.node = :node and jobs.awaited = 0
          """);

  /** Reads by id only: the index on running jobs keeps an entry of all that ran until a vacuum. */
  private static final Sql HELD =
      Sql.of(
          """
          select id, token, attempt from jobs
           where id = any (:ids::uuid[]) and state || '' = 'RUNNING' and node = :node
          """);

  /** Does not block transactions that only need the job to stay: new dependents. */
  private static final Sql HOLD_JOBS =
      Sql.of("select id from jobs where id = any (:ids::uuid[]) order by id for no key update");

  private static final Sql HOLD_FREE_JOBS =
      Sql.of(
          """
          select id from jobs where id = any (:ids::uuid[]) order by id
             for no key update skip locked
          """);

  private static final Sql KEEP_JOBS =
      Sql.of("select id from jobs where id = any (:ids::uuid[]) order by id for key share");

  private static final Sql HOLD_JOBS_TO_DELETE =
      Sql.of(
          "select id from jobs where id = any (:ids::uuid[]) order by id for update skip locked");

  private static final Sql HOLD_FREE_NODE =
      Sql.of("select id from nodes where id = :id for no key update skip locked");

  private static final Sql NODE = Sql.of("select id from nodes where id = :id");

  private static final Sql PROMOTE =
      Sql.of(
          """
          update jobs set state = 'PENDING', rank = -priority, updated_at = :now
           where id = any (array(
                   select id from jobs
                    where state = 'SCHEDULED' and run_at <= :due
                    order by run_at
                    limit :limit
                    for no key update skip locked))
          returning lane, queue, id, priority, job_group, run_at
          """);

  private static final Sql PENDING_BETWEEN =
      Sql.of(
          """
          select lane, queue, id, priority, job_group, run_at, rank from jobs
           where state = 'PENDING' and lane = :lane and rank >= :from and rank < :to
           order by rank, run_at, id
           limit :limit
           for no key update skip locked
          """);

  private static final Sql RANK =
      Sql.of(
          """
          update jobs set rank = given.rank
            from unnest(:ids::uuid[], :ranks::bigint[]) as given (id, rank)
           where jobs.id = any (:ids::uuid[]) and jobs.id = given.id
             and jobs.state || '' = 'PENDING'
          """);

  private static final Sql PUT_PAYLOAD =
      Sql.of("update jobs set payload = :payload where id = :id");

  private static final Sql TRANSACTIONS =
      Sql.of("select pg_snapshot_xmax(pg_current_snapshot())::text::bigint");

  private static final Sql OLDEST_TRANSACTION =
      Sql.of("select pg_snapshot_xmin(pg_current_snapshot())::text::bigint");

  private static final List<Sql> DELETES =
      List.of(
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

  private final DraftRows drafts;
  private final PostgresClaims claims;
  private final BusyLanes busy;
  private final StoreClock clock;

  PostgresDialect(Marks marks, BusyLanes busy, StoreClock clock) {
    this.drafts = new DraftRows(clock);
    this.claims = new PostgresClaims(marks, busy);
    this.busy = busy;
    this.clock = clock;
  }

  /**
   * A repeated insert writes nothing, and the commit of nothing does not wait for the standby. Then
   * it would be answered although the first commit was not confirmed; so it locks the rows.
   */
  @Override
  public void insert(Tx tx, List<JobDraft> jobs, JobLanes lanes, ToLongFunction<JobDraft> ranks) {
    keep(tx, drafts.insert(tx, jobs, lanes, ranks));
  }

  @Override
  public long transactionsSoFar(Session session) {
    return session.sql(TRANSACTIONS).number();
  }

  @Override
  public boolean haveEnded(Session session, long below) {
    return session.sql(OLDEST_TRANSACTION).number() >= below;
  }

  /** Rows of one queue are as near as any others: a claim is one statement. */
  @Override
  public int share(int jobs, int queues) {
    return jobs;
  }

  @Override
  public List<Claimed> claimEach(
      Tx tx, NodeId node, List<JobLane> lanes, int share, HeadsSeen seen) {
    List<Claimed> claimed = new ArrayList<>();
    lanes.forEach(lane -> claimed.addAll(claims.claim(tx, node, List.of(lane), share, seen)));
    return claimed;
  }

  @Override
  public List<Claimed> claim(Tx tx, NodeId node, List<JobLane> lanes, int limit, HeadsSeen seen) {
    return claims.claim(tx, node, lanes, limit, seen);
  }

  @Override
  public List<Candidate> candidates(
      Session session, List<JobLane> lanes, int most, HeadsSeen seen) {
    return claims.candidates(session, lanes, most, seen);
  }

  @Override
  public List<Claimed> claimChosen(Tx tx, NodeId node, String queue, List<Candidate> chosen) {
    return claims.chosen(tx, node, queue, chosen);
  }

  @Override
  public void sortIn(Tx tx, long from, List<AssignedJob> jobs) {
    claims.sortIn(tx, from, jobs);
  }

  @Override
  public LaneHeads heads() {
    return busy.heads();
  }

  @Override
  public LanesRead lanesWithWork(Session session, long behind, int most) {
    return busy.read(session, behind, most);
  }

  /** Notifications tell. */
  @Override
  public List<LaneHead> arrivals(Tx tx) {
    return List.of();
  }

  @Override
  public void holdLimits(Tx tx, Collection<String> queues, Collection<String> types) {
    names(tx, HOLD_QUEUES, queues);
    names(tx, HOLD_TYPES, types);
  }

  @Override
  public HeldLimits holdFreeLimits(Tx tx, Collection<String> queues, Collection<String> types) {
    Set<String> heldQueues = names(tx, QUEUES, queues);
    heldQueues.removeAll(names(tx, HOLD_FREE_QUEUES, queues));
    Set<String> heldTypes = names(tx, TYPES, types);
    heldTypes.removeAll(names(tx, HOLD_FREE_TYPES, types));
    return new HeldLimits(heldQueues, heldTypes);
  }

  private static Set<String> names(Session session, Sql query, Collection<String> names) {
    return new TreeSet<>(
        session
            .sql(query)
            .set("names", Columns.textArray(session, names))
            .list(row -> row.text(1)));
  }

  @Override
  public void putHolds(Tx tx, List<Claimed> jobs) {
    Columns<Claimed> columns = new Columns<>(tx, jobs);
    tx.sql(PUT_HOLDS)
        .set("ids", columns.ids(job -> job.lease().job().value()))
        .set("lines", columns.numbers(job -> job.line().orElseThrow()))
        .update();
  }

  @Override
  public List<Acknowledgement> complete(Tx tx, List<Acknowledgement> ends) {
    if (ends.isEmpty()) {
      return List.of();
    }
    Columns<Acknowledgement> columns = new Columns<>(tx, ends);
    Function<Acknowledgement, Optional<String>> result =
        end -> ((Transition.Complete) end.transition()).result();
    int rows =
        tx.sql(COMPLETE)
            .set("now", tx.now())
            .set("ids", columns.ids(end -> end.lease().job().value()))
            .set("tokens", columns.numbers(end -> end.lease().token()))
            .set("started", columns.numbers(end -> tx.now() - Micros.of(end.ran())))
            .set("results", columns.maybeTexts(result))
            .set("node", ends.get(0).lease().node())
            .update();
    return rows == ends.size() ? List.of() : ends; // some of them: the caller finds out which
  }

  @Override
  public List<Lease> held(Session session, NodeId node, Collection<JobId> jobs) {
    return session
        .sql(HELD)
        .set("ids", new Columns<>(session, List.copyOf(jobs)).ids(JobId::value))
        .set("node", node)
        .list(row -> new Lease(new JobId(row.id(1)), row.number(2), row.count(3), node));
  }

  @Override
  public void hold(Tx tx, Collection<JobId> jobs) {
    hold(tx, HOLD_JOBS, jobs);
  }

  @Override
  public Set<JobId> holdFree(Tx tx, Collection<JobId> jobs) {
    return hold(tx, HOLD_FREE_JOBS, jobs);
  }

  @Override
  public Set<JobId> keep(Tx tx, Collection<JobId> jobs) {
    hold(tx, KEEP_JOBS, jobs);
    return Set.of();
  }

  @Override
  public Map<JobId, String> holders(Session session, Collection<JobId> jobs) {
    return RowHolders.of(session, jobs);
  }

  @Override
  public Set<JobId> holdFreeToDelete(Tx tx, Collection<JobId> jobs) {
    return hold(tx, HOLD_JOBS_TO_DELETE, jobs);
  }

  /** Returns those of these jobs that are not locked. */
  static Set<JobId> free(Session session, Collection<JobId> jobs) {
    return hold(session, HOLD_FREE_JOBS, jobs);
  }

  private static Set<JobId> hold(Session session, Sql how, Collection<JobId> jobs) {
    if (jobs.isEmpty()) {
      return Set.of();
    }
    List<JobId> ids = List.copyOf(jobs);
    return Set.copyOf(
        session
            .sql(how)
            .set("ids", new Columns<>(session, ids).ids(JobId::value))
            .list(row -> new JobId(row.id(1))));
  }

  @Override
  public boolean holdFree(Tx tx, NodeId node) {
    boolean isHeldHere = tx.sql(HOLD_FREE_NODE).set("id", node).first(row -> row.id(1)).isPresent();
    return isHeldHere || tx.sql(NODE).set("id", node).first(row -> row.id(1)).isEmpty();
  }

  @Override
  public long reached(Session session, long now) {
    return clock.atLeast(session);
  }

  @Override
  public List<NewlyPending> promote(Tx tx, int limit) {
    return tx.sql(PROMOTE)
        .set("now", tx.now())
        .set("due", clock.atLeast(tx))
        .set("limit", limit)
        .list(NewlyPending::of);
  }

  @Override
  public Sql pendingBetween() {
    return PENDING_BETWEEN;
  }

  @Override
  public void rank(Tx tx, List<Ranked> jobs) {
    Columns<Ranked> columns = new Columns<>(tx, jobs);
    tx.sql(RANK)
        .set("ids", columns.ids(ranked -> ranked.job().id().value()))
        .set("ranks", columns.numbers(Ranked::rank))
        .update();
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
    RecordRows.insert(tx, records, lanes);
  }

  @Override
  public void watchEnds(Tx tx, boolean isWanted) {
    PostgresEnds.watch(tx, isWanted);
  }

  @Override
  public List<Sql> fences() {
    return List.of(PostgresFence.HOLD_WRITERS);
  }

  @Override
  public List<Sql> unfences() {
    return List.of();
  }
}
