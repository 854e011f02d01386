package dev.holdfast.postgres;

import dev.holdfast.JobId;
import dev.holdfast.Lease;
import dev.holdfast.NodeId;
import dev.holdfast.Transition;
import dev.holdfast.jdbc.store.Bound;
import dev.holdfast.jdbc.store.Candidate;
import dev.holdfast.jdbc.store.Dialect;
import dev.holdfast.jdbc.store.Drafts;
import dev.holdfast.jdbc.store.Entered;
import dev.holdfast.jdbc.store.JobLane;
import dev.holdfast.jdbc.store.JobLanes;
import dev.holdfast.jdbc.store.LaneHead;
import dev.holdfast.jdbc.store.Micros;
import dev.holdfast.jdbc.store.Place;
import dev.holdfast.jdbc.store.Ranked;
import dev.holdfast.jdbc.store.Row;
import dev.holdfast.jdbc.store.Session;
import dev.holdfast.jdbc.store.SortedJob;
import dev.holdfast.jdbc.store.Sql;
import dev.holdfast.postgres.Marks.Look;
import dev.holdfast.postgres.Marks.Mark;
import dev.holdfast.spi.Acknowledgement;
import dev.holdfast.spi.Claimed;
import dev.holdfast.spi.JobDraft;
import dev.holdfast.spi.JobRecord;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * The hot path on PostgreSQL. Many rows go as arrays, one for each column, into one statement that
 * has a single possible plan. The measurements behind these forms stand in ADR 3.
 */
final class PostgresDialect implements Dialect {
  private static final Sql INSERT =
      Sql.of(
          """
          insert into jobs
            (id, queue, type, state, payload, payload_version, rank, priority, run_at, max_attempts,
             timeout_us, job_group, idempotency_key, tags, metadata, requires, created_by,
             lane, created_at, updated_at)
          select id, queue, type, state, payload, payload_version, rank, priority, run_at,
                 max_attempts, timeout_us, job_group, idempotency_key, tags, metadata, requires,
                 created_by, lane, :now, :now
            from unnest(:ids::uuid[], :queues::text[], :types::text[], :states::text[],
                        :payloads::text[], :versions::int[], :ranks::bigint[], :priorities::int[],
                        :due::bigint[], :attempts::int[], :timeouts::bigint[], :groups::text[],
                        :keys::text[], :tags::text[], :metadata::text[], :requires::text[],
                        :creators::text[], :lanes::bigint[])
              as new (id, queue, type, state, payload, payload_version, rank, priority, run_at,
                      max_attempts, timeout_us, job_group, idempotency_key, tags, metadata,
                      requires, created_by, lane)
              on conflict (id) do nothing
          """);

  /**
   * The same for jobs that differ in their ids and payloads only, as those of one call often do.
   */
  private static final Sql INSERT_ALIKE =
      Sql.of(
          """
          insert into jobs
            (id, queue, type, state, payload, payload_version, rank, priority, run_at, max_attempts,
             timeout_us, job_group, tags, metadata, requires, created_by, lane, created_at,
             updated_at)
          select id, :queue, :type, :state, payload, :version, :rank, :priority, :due, :attempts,
                 cast(:timeout as bigint), :job_group, :tags, :metadata, :requires, :creator,
                 :lane, :now, :now
            from unnest(:ids::uuid[], :payloads::text[]) as new (id, payload)
              on conflict (id) do nothing
          """);

  /**
   * The head is the first job that this snapshot sees pending, whoever holds it: no later claim
   * needs to look before it. Jobs that others are just claiming are skipped, not waited for. A
   * queue that is paused or under a limit has no head: those are claimed in another way.
   */
  private static final Sql CLAIM =
      Sql.of(
          """
          with head as materialized (
            select rank, run_at, id from jobs
             where state = 'PENDING' and lane = :lane
               and (rank, run_at, id) >= (:rank, :run_at, :id)
               and not exists (select 1 from queues
                                where name = :queue
                                  and (paused_at is not null or manual <> 0
                                       or concurrency is not null
                                       or concurrency_per_group is not null
                                       or rate_limit is not null))
               and not exists (select 1 from type_limits where type = :type)
             order by rank, run_at, id
             limit 1),
          claimed as (
            update jobs
               set state = 'RUNNING', attempt = attempt + 1, token = token + 1, node = :node,
                   started_at = :now, updated_at = :now
             where id = any (array(
                     select id from jobs
                      where state = 'PENDING' and lane = :lane
                        and (rank, run_at, id) >=
                            ((select rank from head), (select run_at from head), (select id from head))
                      order by rank, run_at, id
                      limit :limit
                      for update skip locked))
            returning id, type, payload, payload_version, attempt, max_attempts, crashes, token,
                      timeout_us, rank, run_at, metadata)
          select c.id, c.type, c.payload, c.payload_version, c.attempt, c.max_attempts, c.crashes,
                 c.token, c.timeout_us, c.rank, c.run_at, c.metadata, h.rank, h.run_at, h.id
            from head h left join claimed c on true
          """);

  /**
   * The same for several lanes, whose first jobs are merged. A job may have left its lane since it
   * was seen, so that is asked again under its lock.
   */
  private static final Sql CLAIM_MERGED =
      Sql.of(
          """
          with seen as materialized (
            select first.lane, first.rank, first.run_at, first.id
              from unnest(:lanes::bigint[], :ranks::bigint[], :due::bigint[], :ids::uuid[])
                     as known (lane, rank, run_at, id)
             cross join lateral (
                     select j.lane, j.rank, j.run_at, j.id from jobs j
                      where j.state = 'PENDING' and j.lane = known.lane
                        and (j.rank, j.run_at, j.id) >= (known.rank, known.run_at, known.id)
                      order by j.rank, j.run_at, j.id
                      limit :window) first
             where not exists (select 1 from queues
                                where name = :queue
                                  and (paused_at is not null or manual <> 0
                                       or concurrency is not null
                                       or concurrency_per_group is not null
                                       or rate_limit is not null))
               and not exists (select 1 from type_limits where type = any (:types::text[]))),
          heads as (
            select distinct on (lane) lane, rank, run_at, id from seen
             order by lane, rank, run_at, id),
          claimed as (
            update jobs
               set state = 'RUNNING', attempt = attempt + 1, token = token + 1, node = :node,
                   started_at = :now, updated_at = :now
             where id = any (array(
                     select id from jobs
                      where id = any (array(select id from seen
                                             order by rank, run_at, id limit :window))
                        and state || '' = 'PENDING' and lane = any (:lanes::bigint[])
                      order by rank, run_at, id
                      limit :limit
                      for update skip locked))
            returning id, type, payload, payload_version, attempt, max_attempts, crashes, token,
                      timeout_us, rank, run_at, metadata, lane)
          select c.id, c.type, c.payload, c.payload_version, c.attempt, c.max_attempts, c.crashes,
                 c.token, c.timeout_us, c.rank, c.run_at, c.metadata, h.rank, h.run_at,
                 h.id, h.lane,
                 (select count(*) from seen)
            from heads h left join claimed c on c.lane = h.lane
          """);

  private static final Sql CANDIDATES =
      Sql.of(
          """
          select first.id, first.lane, first.rank, first.run_at
            from unnest(:lanes::bigint[], :ranks::bigint[], :due::bigint[], :ids::uuid[])
                   as known (lane, rank, run_at, id)
           cross join lateral (
                   select j.lane, j.rank, j.run_at, j.id from jobs j
                    where j.state = 'PENDING' and j.lane = known.lane
                      and (j.rank, j.run_at, j.id) >= (known.rank, known.run_at, known.id)
                    order by j.rank, j.run_at, j.id
                    limit :most) first
          """);

  /** Whoever else may claim them waits for the limit's row; only an operator can be in between. */
  private static final Sql CLAIM_CHOSEN =
      Sql.of(
          """
          update jobs
             set state = 'RUNNING', attempt = attempt + 1, token = token + 1, node = :node,
                 started_at = :now, updated_at = :now
           where id = any (array(
                   select id from jobs
                    where id = any (:ids::uuid[]) and lane = any (:lanes::bigint[])
                      and state || '' = 'PENDING'
                    order by id
                    for update))
          returning id, type, payload, payload_version, attempt, max_attempts, crashes, token,
                    timeout_us, rank, run_at, metadata
          """);

  private static final Sql HOLD_QUEUES =
      Sql.of("select name from queues where name = any (:names::text[]) order by name for update");

  private static final Sql HOLD_TYPES =
      Sql.of(
          "select type from type_limits where type = any (:names::text[]) order by type for update");

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

  private static final Sql SORT_IN =
      Sql.of(
          """
          update jobs set lane = sorted.lane
            from unnest(:ids::uuid[], :lanes::bigint[]) as sorted (id, lane)
           where jobs.id = any (:ids::uuid[]) and jobs.id = sorted.id
             and jobs.lane = :from_lane and jobs.state || '' = 'PENDING'
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
             and jobs.state || '' = 'RUNNING' and jobs.awaited = 0
          """);

  /** By the ids alone: the index on running jobs keeps an entry of all that ran until a vacuum. */
  private static final Sql HELD =
      Sql.of(
          """
          select id, token, attempt from jobs
           where id = any (:ids::uuid[]) and state || '' = 'RUNNING' and node = :node
          """);

  private static final Sql HOLD_JOBS =
      Sql.of("select id from jobs where id = any (:ids::uuid[]) order by id for update");

  private static final Sql HOLD_NODE = Sql.of("select id from nodes where id = :id for update");

  private static final Sql PROMOTE =
      Sql.of(
          """
          update jobs set state = 'PENDING', rank = -priority, updated_at = :now
           where id = any (array(
                   select id from jobs
                    where state = 'SCHEDULED' and run_at <= :due
                    order by run_at
                    limit :limit
                    for update skip locked))
          returning lane, queue, id, priority, job_group, run_at
          """);

  private static final Sql PENDING_BETWEEN =
      Sql.of(
          """
          select lane, queue, id, priority, job_group, run_at, rank from jobs
           where state = 'PENDING' and lane = :lane and rank >= :from and rank < :to
           order by rank, run_at, id
           limit :limit
           for update skip locked
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

  private static final List<Sql> DELETES =
      List.of(
          Sql.of("delete from job_progress where job_id = :id"),
          Sql.of("delete from job_events where job_id = :id"),
          Sql.of("delete from job_logs where job_id = :id"),
          Sql.of("delete from job_checkpoints where job_id = :id"),
          Sql.of("delete from job_waits where job_id = :id"),
          Sql.of("delete from job_signals where job_id = :id"),
          Sql.of("delete from jobs where id = :id and state <> 'RUNNING'"));

  private static final int ROWS_MAX = 5_000; // to a statement
  private static final int WINDOW_GROWTH = 4;
  private static final int WINDOW_MAX = 10_000;

  private final Marks marks;
  private final StoreClock clock;
  private final BusyLanes busy;
  private final PayloadSizes sizes = new PayloadSizes();

  PostgresDialect(Marks marks, BusyLanes busy, StoreClock clock) {
    this.marks = marks;
    this.busy = busy;
    this.clock = clock;
  }

  /**
   * A repeated insert writes nothing, and the commit of nothing does not wait for the standby. Then
   * it would be answered although the first commit was not confirmed; so it locks the rows.
   */
  @Override
  public void insert(
      Session session,
      List<JobDraft> jobs,
      JobLanes lanes,
      ToLongFunction<JobDraft> ranks,
      long now) {
    for (int next = 0; next < jobs.size(); next += ROWS_MAX) {
      List<JobDraft> part = jobs.subList(next, Math.min(jobs.size(), next + ROWS_MAX));
      boolean isCopied =
          part.size() >= CopyRows.ROWS_MIN
              && CopyRows.insert(session, part, lanes, ranks, now, due(session, part));
      if (!isCopied && insertByArrays(session, part, lanes, ranks, now) < part.size()) {
        hold(session, part.stream().map(JobDraft::id).toList());
      }
    }
  }

  private int insertByArrays(
      Session session,
      List<JobDraft> jobs,
      JobLanes lanes,
      ToLongFunction<JobDraft> ranks,
      long now) {
    Columns<JobDraft> columns = new Columns<>(session, jobs);
    return areAlike(jobs, ranks)
        ? insertAlike(session.sql(INSERT_ALIKE), columns, jobs.get(0), lanes, ranks, now)
        : insertMany(session.sql(INSERT), columns, lanes, ranks, now, due(session, jobs));
  }

  /** What is to run at a time up to this one can run at once; only such jobs are asked for it. */
  private long due(Session session, List<JobDraft> jobs) {
    return jobs.stream().anyMatch(job -> job.runAt().isPresent()) ? clock.atLeast(session) : 0;
  }

  private static boolean areAlike(List<JobDraft> jobs, ToLongFunction<JobDraft> ranks) {
    JobDraft first = jobs.get(0);
    if (first.runAt().isPresent() || first.key().isPresent()) {
      return false;
    }
    long rank = ranks.applyAsLong(first);
    return jobs.stream().allMatch(job -> job.like(first) && ranks.applyAsLong(job) == rank);
  }

  private static int insertAlike(
      Bound insert,
      Columns<JobDraft> jobs,
      JobDraft all,
      JobLanes lanes,
      ToLongFunction<JobDraft> ranks,
      long now) {
    return insert
        .set("now", now)
        .set("ids", jobs.ids(draft -> draft.id().value()))
        .set("payloads", jobs.texts(JobDraft::payload))
        .set("queue", all.queue())
        .set("type", all.type())
        .set("state", Drafts.state(all, now).name())
        .set("version", all.payloadVersion())
        .set("rank", ranks.applyAsLong(all))
        .set("priority", all.priority())
        .set("due", Drafts.runAt(all, now))
        .set("attempts", all.maxAttempts())
        .set("timeout", all.timeout().map(Micros::of))
        .set("job_group", all.group())
        .set("tags", all.tags())
        .set("metadata", all.metadata())
        .set("requires", all.requires())
        .set("creator", all.createdBy())
        .set("lane", lanes.of(all).id())
        .update();
  }

  /**
   * @param due what is to run at a time up to this one can run at once
   */
  private static int insertMany(
      Bound insert,
      Columns<JobDraft> jobs,
      JobLanes lanes,
      ToLongFunction<JobDraft> ranks,
      long now,
      long due) {
    return insert
        .set("now", now)
        .set("ids", jobs.ids(draft -> draft.id().value()))
        .set("queues", jobs.texts(JobDraft::queue))
        .set("types", jobs.texts(JobDraft::type))
        .set(
            "states",
            jobs.texts(draft -> Drafts.state(draft, draft.runAt().isPresent() ? due : now).name()))
        .set("payloads", jobs.texts(JobDraft::payload))
        .set("versions", jobs.numbers(JobDraft::payloadVersion))
        .set("ranks", jobs.numbers(ranks))
        .set("priorities", jobs.numbers(JobDraft::priority))
        .set("due", jobs.numbers(draft -> Drafts.runAt(draft, now)))
        .set("attempts", jobs.numbers(JobDraft::maxAttempts))
        .set("timeouts", jobs.maybeNumbers(draft -> draft.timeout().map(Micros::of)))
        .set("groups", jobs.maybeTexts(JobDraft::group))
        .set("keys", jobs.maybeTexts(JobDraft::key))
        .set("tags", jobs.maybeTexts(JobDraft::tags))
        .set("metadata", jobs.maybeTexts(JobDraft::metadata))
        .set("requires", jobs.maybeTexts(JobDraft::requires))
        .set("creators", jobs.maybeTexts(JobDraft::createdBy))
        .set("lanes", jobs.numbers(draft -> lanes.of(draft).id()))
        .update();
  }

  /** A row of a claim: always the head, and a job unless others held all. */
  private record Found(Mark head, Optional<Positioned> job) {}

  private record Positioned(Place place, Claimed job) {}

  private static final Comparator<Positioned> IN_CLAIM_ORDER =
      Comparator.comparing(Positioned::place).thenComparing(found -> found.job.lease().job());

  @Override
  public List<Claimed> claim(
      Session session, NodeId node, List<JobLane> lanes, int limit, long now) {
    List<Claimed> jobs = new ArrayList<>();
    PayloadSizes.Budget budget = sizes.budget();
    while (jobs.size() < limit && !budget.isSpent()) {
      int portion = sizes.atMost(limit - jobs.size());
      List<Claimed> more =
          lanes.size() == 1
              ? claimPortion(session, node, lanes.get(0), portion, now)
              : claimMerged(session, node, lanes, portion, now);
      jobs.addAll(more);
      budget.spend(more);
      if (more.size() < portion) {
        break;
      }
    }
    return jobs;
  }

  @Override
  public List<LaneHead> lanesWithWork(Session session) {
    return busy.withWork(session);
  }

  private List<Claimed> claimPortion(
      Session session, NodeId node, JobLane lane, int limit, long now) {
    Look look = marks.begin(lane.id());
    Optional<Mark> head = Optional.empty();
    try {
      List<Found> rows =
          session
              .sql(CLAIM)
              .set("lane", lane.id())
              .set("queue", lane.queue())
              .set("type", lane.type())
              .set("rank", look.mark().rank())
              .set("run_at", look.mark().runAt())
              .set("id", new JobId(look.mark().id()))
              .set("node", node)
              .set("now", now)
              .set("limit", limit)
              .list(row -> found(row, lane.queue(), node));
      head = rows.stream().map(Found::head).findFirst();
      List<Claimed> claimed = inOrder(rows);
      if (claimed.size() < limit) {
        busy.drained(lane.id());
      }
      return claimed;
    } finally {
      marks.end(look, head);
    }
  }

  private static List<Claimed> inOrder(List<Found> rows) {
    return rows.stream()
        .flatMap(found -> found.job.stream())
        .sorted(IN_CLAIM_ORDER)
        .map(Positioned::job)
        .toList();
  }

  /** Others may be claiming all that was seen: then more is looked at. */
  private List<Claimed> claimMerged(
      Session session, NodeId node, List<JobLane> lanes, int limit, long now) {
    for (int window = 2 * limit; ; window *= WINDOW_GROWTH) {
      Merged merged = claimMerged(session, node, lanes, limit, window, now);
      boolean mayBeMore = merged.seen >= window && window < WINDOW_MAX;
      if (merged.claimed.size() == limit || !mayBeMore || !merged.claimed.isEmpty()) {
        return merged.claimed;
      }
    }
  }

  /**
   * @param seen how many jobs there were to choose from
   */
  private record Merged(List<Claimed> claimed, long seen) {}

  private Merged claimMerged(
      Session session, NodeId node, List<JobLane> lanes, int limit, int window, long now) {
    List<Look> looks = lanes.stream().map(lane -> marks.begin(lane.id())).toList();
    Map<Long, Mark> heads = new HashMap<>();
    try {
      Columns<Look> columns = new Columns<>(session, looks);
      List<Long> seen = new ArrayList<>();
      List<Found> rows =
          session
              .sql(CLAIM_MERGED)
              .set("lanes", columns.numbers(Look::lane))
              .set("queue", lanes.get(0).queue())
              .set("types", Columns.textArray(session, lanes.stream().map(JobLane::type).toList()))
              .set("ranks", columns.numbers(look -> look.mark().rank()))
              .set("due", columns.numbers(look -> look.mark().runAt()))
              .set("ids", columns.ids(look -> look.mark().id()))
              .set("window", window)
              .set("node", node)
              .set("now", now)
              .set("limit", limit)
              .list(
                  row -> {
                    Found found = found(row, lanes.get(0).queue(), node);
                    heads.put(row.number(16), found.head);
                    seen.add(row.number(17));
                    return found;
                  });
      looks.stream()
          .map(Look::lane)
          .filter(lane -> !heads.containsKey(lane))
          .forEach(busy::drained);
      return new Merged(inOrder(rows), seen.isEmpty() ? 0 : seen.get(0));
    } finally {
      looks.forEach(look -> marks.end(look, Optional.ofNullable(heads.get(look.lane()))));
    }
  }

  @Override
  public List<Candidate> candidates(Session session, List<JobLane> lanes, int most) {
    List<Look> looks = lanes.stream().map(lane -> marks.begin(lane.id())).toList();
    Map<Long, Mark> heads = new HashMap<>();
    try {
      Columns<Look> columns = new Columns<>(session, looks);
      List<Candidate> candidates = new ArrayList<>();
      session
          .sql(CANDIDATES)
          .set("lanes", columns.numbers(Look::lane))
          .set("ranks", columns.numbers(look -> look.mark().rank()))
          .set("due", columns.numbers(look -> look.mark().runAt()))
          .set("ids", columns.ids(look -> look.mark().id()))
          .set("most", most)
          .list(
              row ->
                  candidates.add(
                      new Candidate(
                          new JobId(row.id(1)),
                          0,
                          row.number(2),
                          new Place(row.number(3), row.number(4)))));
      Collections.sort(candidates);
      candidates.forEach(
          found ->
              heads.putIfAbsent(
                  found.lane(),
                  new Mark(found.place().rank(), found.place().runAt(), found.job().value())));
      looks.stream()
          .map(Look::lane)
          .filter(lane -> !heads.containsKey(lane))
          .forEach(busy::drained);
      return candidates;
    } finally {
      looks.forEach(look -> marks.end(look, Optional.ofNullable(heads.get(look.lane()))));
    }
  }

  @Override
  public List<Claimed> claimChosen(
      Session session, NodeId node, String queue, List<Candidate> chosen, long now) {
    Columns<Candidate> columns = new Columns<>(session, chosen);
    return session
        .sql(CLAIM_CHOSEN)
        .set("ids", columns.ids(candidate -> candidate.job().value()))
        .set("lanes", columns.numbers(Candidate::lane))
        .set("node", node)
        .set("now", now)
        .list(row -> positioned(row, new JobId(row.id(1)), queue, node))
        .stream()
        .sorted(IN_CLAIM_ORDER)
        .map(Positioned::job)
        .toList();
  }

  @Override
  public void holdLimits(Session session, Collection<String> queues, Collection<String> types) {
    session
        .sql(HOLD_QUEUES)
        .set("names", Columns.textArray(session, queues))
        .list(row -> row.text(1));
    session
        .sql(HOLD_TYPES)
        .set("names", Columns.textArray(session, types))
        .list(row -> row.text(1));
  }

  @Override
  public void putHolds(Session session, List<Claimed> jobs) {
    Columns<Claimed> columns = new Columns<>(session, jobs);
    session
        .sql(PUT_HOLDS)
        .set("ids", columns.ids(job -> job.lease().job().value()))
        .set("lines", columns.numbers(job -> job.line().orElseThrow()))
        .update();
  }

  @Override
  public void sortIn(Session session, long from, List<SortedJob> jobs) {
    if (jobs.isEmpty()) {
      busy.drained(from);
      return;
    }
    Columns<SortedJob> columns = new Columns<>(session, jobs);
    session
        .sql(SORT_IN)
        .set("ids", columns.ids(job -> job.job().value()))
        .set("lanes", columns.numbers(job -> job.lane().id()))
        .set("from_lane", from)
        .update();
    Map<Long, Place> arrivals = new HashMap<>();
    jobs.forEach(job -> arrivals.merge(job.lane().id(), job.place(), Place::first));
    marks.arrived(arrivals);
    busy.arrived(arrivals.keySet());
  }

  private static Found found(Row row, String queue, NodeId node) {
    Mark head = new Mark(row.number(13), row.number(14), row.id(15));
    return new Found(head, row.maybeId(1).map(id -> positioned(row, new JobId(id), queue, node)));
  }

  private static Positioned positioned(Row row, JobId id, String queue, NodeId node) {
    Claimed job =
        new Claimed(
            new Lease(id, row.number(8), row.count(5), node),
            queue,
            row.text(2),
            row.text(3),
            row.count(4),
            row.count(6),
            row.count(7),
            row.maybeNumber(9).map(Micros::toDuration),
            row.maybeText(12),
            Optional.empty());
    return new Positioned(new Place(row.number(10), row.number(11)), job);
  }

  @Override
  public List<Acknowledgement> complete(Session session, List<Acknowledgement> ends, long now) {
    if (ends.isEmpty()) {
      return List.of();
    }
    Columns<Acknowledgement> columns = new Columns<>(session, ends);
    Function<Acknowledgement, Optional<String>> result =
        end -> ((Transition.Complete) end.transition()).result();
    int rows =
        session
            .sql(COMPLETE)
            .set("now", now)
            .set("ids", columns.ids(end -> end.lease().job().value()))
            .set("tokens", columns.numbers(end -> end.lease().token()))
            .set("started", columns.numbers(end -> now - Micros.of(end.ran())))
            .set("results", columns.maybeTexts(result))
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
  public void hold(Session session, Collection<JobId> jobs) {
    if (!jobs.isEmpty()) {
      List<JobId> ids = List.copyOf(jobs);
      session
          .sql(HOLD_JOBS)
          .set("ids", new Columns<>(session, ids).ids(JobId::value))
          .list(row -> row.id(1));
    }
  }

  @Override
  public void hold(Session session, NodeId node) {
    session.sql(HOLD_NODE).set("id", node).list(row -> row.id(1));
  }

  @Override
  public long reached(Session session, long now) {
    return clock.atLeast(session);
  }

  @Override
  public List<Entered> promote(Session session, int limit, long now) {
    return session
        .sql(PROMOTE)
        .set("now", now)
        .set("due", clock.atLeast(session))
        .set("limit", limit)
        .list(Entered::of);
  }

  @Override
  public Sql pendingBetween() {
    return PENDING_BETWEEN;
  }

  @Override
  public void rank(Session session, List<Ranked> jobs) {
    Columns<Ranked> columns = new Columns<>(session, jobs);
    session
        .sql(RANK)
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
  public void load(Session session, List<JobRecord> records, JobLanes lanes) {
    RecordRows.insert(session, records, lanes);
  }

  @Override
  public Sql knowsMoves() {
    return PostgresFence.EXISTS;
  }

  @Override
  public void watchEnds(Session session, boolean isWanted) {
    PostgresEnds.watch(session, isWanted);
  }

  @Override
  public List<Sql> fences() {
    return PostgresFence.CREATE;
  }

  @Override
  public List<Sql> unfences() {
    return PostgresFence.DROP;
  }
}
