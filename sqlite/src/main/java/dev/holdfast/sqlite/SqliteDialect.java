package dev.holdfast.sqlite;

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
import dev.holdfast.spi.Acknowledgement;
import dev.holdfast.spi.Claimed;
import dev.holdfast.spi.JobDraft;
import dev.holdfast.spi.JobRecord;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

/**
 * The hot path on SQLite. Rows go fifty to a statement; what a statement of many cannot take goes
 * one by one. The measurements behind these forms stand in ADR 3.
 */
final class SqliteDialect implements Dialect {
  static final int ROWS = 50;

  private static final Sql NEWEST_NUMBER = Sql.of("select max(number) from jobs");

  private static final String INSERT_JOB =
      """
      insert into jobs
        (number, id, queue, type, state, payload_version, rank, priority, run_at, max_attempts,
         timeout_us, job_group, idempotency_key, tags, metadata, requires, created_by, lane, created_at, updated_at)
      values
      """;

  private static final String JOB_ROW =
      "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

  private static final Sql INSERT_JOBS =
      Sql.of(INSERT_JOB + repeated(JOB_ROW) + " on conflict (id) do nothing");

  private static final Sql INSERT_ONE =
      Sql.of(INSERT_JOB + JOB_ROW + " on conflict (id) do nothing");

  private static final String INSERT_PAYLOAD = "insert into job_payloads (number, payload) values ";
  private static final String PAYLOAD_ROW = "(?, ?)";
  private static final Sql INSERT_PAYLOADS = Sql.of(INSERT_PAYLOAD + repeated(PAYLOAD_ROW));
  private static final Sql INSERT_ONE_PAYLOAD = Sql.of(INSERT_PAYLOAD + PAYLOAD_ROW);

  private static final Sql INSERT_PAYLOAD_OF_NEW =
      Sql.of(
          """
          insert into job_payloads (number, payload)
          select number, :payload from jobs where id = :id and number = :number
          """);

  /** In claim order; the write lock is held, so that the rows stay as they are until the update. */
  private static final Sql NEXT_PENDING =
      Sql.of(
          """
          select j.number, j.id, j.type, j.attempt, j.max_attempts, j.crashes, j.token,
                 j.timeout_us, j.payload_version, p.payload, j.metadata
            from jobs j indexed by jobs_pending
           cross join job_payloads p on p.number = j.number
           where j.state = 'PENDING' and j.lane = :lane
             and not exists (select 1 from queues
                              where name = :queue
                                and (paused_at is not null or manual <> 0 or concurrency is not null
                                     or concurrency_per_group is not null
                                     or rate_limit is not null))
             and not exists (select 1 from type_limits where type = :type)
           order by j.rank, j.run_at, j.id
           limit :limit
          """);

  private static final Sql FIRST_OF_LANE =
      Sql.of(
          """
          select number, rank, run_at, id from jobs indexed by jobs_pending
           where state = 'PENDING' and lane = :lane
             and not exists (select 1 from queues
                              where name = :queue
                                and (paused_at is not null or manual <> 0 or concurrency is not null
                                     or concurrency_per_group is not null
                                     or rate_limit is not null))
             and not exists (select 1 from type_limits where type = :type)
           order by rank, run_at, id
           limit :limit
          """);

  private static final Sql CANDIDATES =
      Sql.of(
          """
          select number, rank, run_at, id from jobs indexed by jobs_pending
           where state = 'PENDING' and lane = :lane
           order by rank, run_at, id
           limit :most
          """);

  private static final Sql CHOSEN =
      Sql.of(
          """
          select j.number, j.id, j.type, j.attempt, j.max_attempts, j.crashes, j.token,
                 j.timeout_us, j.payload_version, p.payload, j.metadata
            from json_each(:numbers) chosen
           cross join jobs j on j.number = chosen.value
           cross join job_payloads p on p.number = j.number
           order by j.rank, j.run_at, j.id
          """);

  private static final Sql CLAIM =
      Sql.of(
          """
          update jobs
             set state = 'RUNNING', attempt = attempt + 1, token = token + 1, node = :node,
                 started_at = :now, updated_at = :now
           where number in (select value from json_each(:numbers))
          """);

  private static final String ENDED_ROW = "(?, ?, ?, ?)"; // id, token, started_at, result

  private static final String COMPLETE =
      """
      update jobs
         set state = 'COMPLETED', finished_at = ?, started_at = ended.column3,
             result = ended.column4, failure_kind = null, failure_message = null,
             failure_trace = null, updated_at = ?
        from (values %s) as ended
       where jobs.id = ended.column1 and jobs.token = ended.column2 and jobs.state = 'RUNNING'
         and jobs.awaited = 0
      """;

  private static final Sql COMPLETE_MANY = Sql.of(COMPLETE.formatted(repeated(ENDED_ROW)));
  private static final Sql COMPLETE_ONE = Sql.of(COMPLETE.formatted(ENDED_ROW));

  /** The first job of the first lane after another one that has work: one step of the index. */
  private static final Sql NEXT_LANE =
      Sql.of(
          """
          select lane, rank, run_at from jobs indexed by jobs_pending
           where state = 'PENDING' and lane > :lane
           order by lane, rank, run_at, id limit 1
          """);

  private static final Sql SORT_IN =
      Sql.of("update jobs set lane = :lane where id = :id and state = 'PENDING'");

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
          Sql.of("delete from job_progress where job_id = :id"),
          Sql.of("delete from job_events where job_id = :id"),
          Sql.of("delete from job_logs where job_id = :id"),
          Sql.of("delete from job_checkpoints where job_id = :id"),
          Sql.of("delete from job_waits where job_id = :id"),
          Sql.of("delete from job_signals where job_id = :id"),
          Sql.of("delete from jobs where id = :id and state <> 'RUNNING'"));

  private static final long BEFORE_ALL = -1;

  /** So many lanes one look takes; the next one goes on behind them. */
  private static final int LANES_MAX = 2_000;

  private volatile long lanesAfter = BEFORE_ALL; // where the last look ended

  static String repeated(String row) {
    return String.join(", ", Collections.nCopies(ROWS, row));
  }

  /** Numbers are given here, as job and payload share them; the write lock makes that safe. */
  @Override
  public void insert(
      Session session,
      List<JobDraft> jobs,
      JobLanes lanes,
      ToLongFunction<JobDraft> ranks,
      long now) {
    long number = session.sql(NEWEST_NUMBER).number() + 1;
    int next = 0;
    while (jobs.size() - next >= ROWS) {
      List<JobDraft> part = jobs.subList(next, next + ROWS);
      insertMany(session, part, lanes, ranks, number, now);
      number += ROWS;
      next += ROWS;
    }
    for (JobDraft job : jobs.subList(next, jobs.size())) {
      Bound insert = session.sql(INSERT_ONE);
      bind(insert, job, lanes.of(job), ranks.applyAsLong(job), number, now);
      if (insert.update() == 1) {
        session.sql(INSERT_ONE_PAYLOAD).next(number).next(job.payload()).update();
        number++;
      }
    }
  }

  private static void insertMany(
      Session session,
      List<JobDraft> jobs,
      JobLanes lanes,
      ToLongFunction<JobDraft> ranks,
      long first,
      long now) {
    Bound insert = session.sql(INSERT_JOBS);
    Bound payloads = session.sql(INSERT_PAYLOADS);
    long number = first;
    for (JobDraft job : jobs) {
      bind(insert, job, lanes.of(job), ranks.applyAsLong(job), number, now);
      payloads.next(number).next(job.payload());
      number++;
    }
    if (insert.update() == ROWS) {
      payloads.update();
    } else {
      insertPayloadsOfNew(session, jobs, first);
    }
  }

  /** An earlier try wrote some of these jobs: they keep their numbers and payloads. */
  private static void insertPayloadsOfNew(Session session, List<JobDraft> jobs, long first) {
    long number = first;
    for (JobDraft job : jobs) {
      session
          .sql(INSERT_PAYLOAD_OF_NEW)
          .set("number", number)
          .set("id", job.id())
          .set("payload", job.payload())
          .update();
      number++;
    }
  }

  private static void bind(
      Bound insert, JobDraft job, JobLane lane, long rank, long number, long now) {
    insert
        .next(number)
        .nextId(job.id().value())
        .next(job.queue())
        .next(job.type())
        .next(Drafts.state(job, now).name())
        .next(job.payloadVersion())
        .next(rank)
        .next(job.priority())
        .next(Drafts.runAt(job, now))
        .next(job.maxAttempts())
        .next(job.timeout().map(Micros::of).orElse(null))
        .next(job.group().orElse(null))
        .next(job.key().orElse(null))
        .next(job.tags().orElse(null))
        .next(job.metadata().orElse(null))
        .next(job.requires().orElse(null))
        .next(job.createdBy().orElse(null))
        .next(lane.id())
        .next(now)
        .next(now);
  }

  private record Numbered(long number, Claimed job) {}

  /** Ends a batch when it has become heavy: a node keeps all that it claims in memory. */
  private static final class PayloadBudget implements Predicate<Numbered> {
    private static final int CHARS = 8 << 20;
    private int left = CHARS;

    @Override
    public boolean test(Numbered head) {
      left -= head.job.payload().length() + head.job.metadata().map(String::length).orElse(0);
      return left <= 0;
    }
  }

  @Override
  public List<Claimed> claim(
      Session session, NodeId node, List<JobLane> lanes, int limit, long now) {
    String queue = lanes.get(0).queue();
    Bound query =
        lanes.size() == 1
            ? session
                .sql(NEXT_PENDING)
                .set("lane", lanes.get(0).id())
                .set("queue", queue)
                .set("type", lanes.get(0).type())
                .set("limit", limit)
            : session.sql(CHOSEN).set("numbers", merged(session, lanes, limit));
    List<Numbered> heads = query.listUntil(new PayloadBudget(), row -> head(row, queue, node));
    return claim(session, node, heads, now);
  }

  private static List<Claimed> claim(Session session, NodeId node, List<Numbered> heads, long now) {
    if (heads.isEmpty()) {
      return List.of();
    }
    String numbers = JsonNumbers.array(heads.stream().map(Numbered::number));
    int rows =
        session.sql(CLAIM).set("node", node).set("now", now).set("numbers", numbers).update();
    if (rows != heads.size()) {
      throw new IllegalStateException(
          "claiming %d jobs changed %d rows: a bug".formatted(heads.size(), rows));
    }
    return heads.stream().map(Numbered::job).toList();
  }

  @Override
  public List<Candidate> candidates(Session session, List<JobLane> lanes, int most) {
    return lanes.stream()
        .flatMap(lane -> candidates(session, lane, most).stream())
        .sorted()
        .toList();
  }

  private static List<Candidate> candidates(Session session, JobLane lane, int most) {
    return session
        .sql(CANDIDATES)
        .set("lane", lane.id())
        .set("most", most)
        .list(
            row ->
                new Candidate(
                    new JobId(row.id(4)),
                    row.number(1),
                    lane.id(),
                    new Place(row.number(2), row.number(3))));
  }

  @Override
  public List<Claimed> claimChosen(
      Session session, NodeId node, String queue, List<Candidate> chosen, long now) {
    String numbers = JsonNumbers.array(chosen.stream().map(Candidate::number));
    List<Numbered> heads =
        session
            .sql(CHOSEN)
            .set("numbers", numbers)
            .listUntil(new PayloadBudget(), row -> head(row, queue, node));
    return claim(session, node, heads, now);
  }

  /** The write lock holds all. */
  @Override
  public void holdLimits(Session session, Collection<String> queues, Collection<String> types) {}

  @Override
  public void putHolds(Session session, List<Claimed> jobs) {
    SqliteHolds.put(session, jobs);
  }

  private record First(long number, long rank, long runAt, JobId id) {
    private static final Comparator<First> CLAIM_ORDER =
        Comparator.comparingLong(First::rank)
            .thenComparingLong(First::runAt)
            .thenComparing(First::id);
  }

  /** The numbers of the first jobs of several lanes. */
  private static String merged(Session session, List<JobLane> lanes, int limit) {
    return JsonNumbers.array(
        lanes.stream()
            .flatMap(lane -> firstOf(session, lane, limit).stream())
            .sorted(First.CLAIM_ORDER)
            .limit(limit)
            .map(First::number));
  }

  private static List<First> firstOf(Session session, JobLane lane, int limit) {
    return session
        .sql(FIRST_OF_LANE)
        .set("lane", lane.id())
        .set("queue", lane.queue())
        .set("type", lane.type())
        .set("limit", limit)
        .list(row -> new First(row.number(1), row.number(2), row.number(3), new JobId(row.id(4))));
  }

  @Override
  public List<LaneHead> lanesWithWork(Session session) {
    List<LaneHead> heads = new ArrayList<>();
    long first = lanesAfter;
    boolean isAll = look(session, first, Long.MAX_VALUE, heads);
    if (isAll && first > BEFORE_ALL) {
      isAll = look(session, BEFORE_ALL, first, heads);
    }
    lanesAfter = isAll ? BEFORE_ALL : heads.get(heads.size() - 1).lane();
    return heads;
  }

  /** Looks at the lanes from one to another. @return whether it came to the last */
  private static boolean look(Session session, long after, long last, List<LaneHead> heads) {
    Optional<LaneHead> next = nextLane(session, after);
    while (next.isPresent() && next.get().lane() <= last) {
      heads.add(next.get());
      if (heads.size() == LANES_MAX) {
        return false;
      }
      next = nextLane(session, next.get().lane());
    }
    return true;
  }

  private static Optional<LaneHead> nextLane(Session session, long lane) {
    return session
        .sql(NEXT_LANE)
        .set("lane", lane)
        .first(row -> new LaneHead(row.number(1), new Place(row.number(2), row.number(3))));
  }

  @Override
  public void sortIn(Session session, long from, List<SortedJob> jobs) {
    for (SortedJob job : jobs) {
      session.sql(SORT_IN).set("id", job.job()).set("lane", job.lane().id()).update();
    }
  }

  /** The row as it will be after the update. */
  private static Numbered head(Row row, String queue, NodeId node) {
    Lease lease = new Lease(new JobId(row.id(2)), row.number(7) + 1, row.count(4) + 1, node);
    Claimed job =
        new Claimed(
            lease,
            queue,
            row.text(3),
            row.text(10),
            row.count(9),
            row.count(5),
            row.count(6),
            row.maybeNumber(8).map(Micros::toDuration),
            row.maybeText(11),
            Optional.empty());
    return new Numbered(row.number(1), job);
  }

  @Override
  public List<Acknowledgement> complete(Session session, List<Acknowledgement> ends, long now) {
    List<Acknowledgement> unchanged = new ArrayList<>();
    int next = 0;
    for (; ends.size() - next >= ROWS; next += ROWS) {
      List<Acknowledgement> part = ends.subList(next, next + ROWS);
      if (complete(session, COMPLETE_MANY, part, now) < ROWS) {
        unchanged.addAll(part); // some of them: the caller finds out which
      }
    }
    for (Acknowledgement end : ends.subList(next, ends.size())) {
      if (complete(session, COMPLETE_ONE, List.of(end), now) == 0) {
        unchanged.add(end);
      }
    }
    return unchanged;
  }

  private static int complete(
      Session session, Sql statement, List<Acknowledgement> ends, long now) {
    Bound update = session.sql(statement).next(now).next(now);
    for (Acknowledgement end : ends) {
      Transition.Complete complete = (Transition.Complete) end.transition();
      update
          .nextId(end.lease().job().value())
          .next(end.lease().token())
          .next(now - Micros.of(end.ran()))
          .next(complete.result().orElse(null));
    }
    return update.update();
  }

  @Override
  public long reached(Session session, long now) {
    return now;
  }

  @Override
  public List<Entered> promote(Session session, int limit, long now) {
    return session.sql(PROMOTE).set("now", now).set("limit", limit).list(Entered::of);
  }

  @Override
  public Sql pendingBetween() {
    return PENDING_BETWEEN;
  }

  @Override
  public void rank(Session session, List<Ranked> jobs) {
    for (Ranked ranked : jobs) {
      session.sql(RANK).set("id", ranked.job().id()).set("rank", ranked.rank()).update();
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
  public void hold(Session session, Collection<JobId> jobs) {}

  /** The write lock holds all. */
  @Override
  public void hold(Session session, NodeId node) {}

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
    RecordRows.insert(session, session.sql(NEWEST_NUMBER).number() + 1, records, lanes);
  }

  @Override
  public Sql knowsMoves() {
    return SqliteFence.EXISTS;
  }

  @Override
  public void watchEnds(Session session, boolean isWanted) {
    session.execute(isWanted ? SqliteEnds.WATCH : SqliteEnds.WATCH_NO_LONGER);
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
