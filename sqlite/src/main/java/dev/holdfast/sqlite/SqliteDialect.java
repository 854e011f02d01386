package dev.holdfast.sqlite;

import dev.holdfast.JobId;
import dev.holdfast.Lease;
import dev.holdfast.NodeId;
import dev.holdfast.Transition;
import dev.holdfast.jdbc.store.Bound;
import dev.holdfast.jdbc.store.Dialect;
import dev.holdfast.jdbc.store.Drafts;
import dev.holdfast.jdbc.store.Micros;
import dev.holdfast.jdbc.store.Ranks;
import dev.holdfast.jdbc.store.Row;
import dev.holdfast.jdbc.store.Session;
import dev.holdfast.jdbc.store.Sql;
import dev.holdfast.spi.Acknowledgement;
import dev.holdfast.spi.Claimed;
import dev.holdfast.spi.JobDraft;
import dev.holdfast.spi.JobRecord;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/**
 * The hot path on SQLite. Rows go fifty to a statement; what a statement of many cannot take goes
 * one by one. The measurements behind these forms stand in ADR 3.
 */
final class SqliteDialect implements Dialect {
  private static final int ROWS = 50;

  private static final Sql NEWEST_NUMBER = Sql.of("select max(number) from jobs");

  private static final String INSERT_JOB =
      """
      insert into jobs
        (number, id, queue, type, state, payload_version, rank, priority, run_at, max_attempts,
         timeout_us, job_group, idempotency_key, tags, metadata, requires, created_by, created_at, updated_at)
      values
      """;

  private static final String JOB_ROW = "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

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
                 j.timeout_us, j.payload_version, p.payload
            from jobs j indexed by jobs_pending
           cross join job_payloads p on p.number = j.number
           where j.state = 'PENDING' and j.queue = :queue
             and j.type in (select value from json_each(:types))
             and not exists (select 1 from queues where name = :queue and paused_at is not null)
           order by j.rank, j.run_at, j.id
           limit :limit
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
      """;

  private static final Sql COMPLETE_MANY = Sql.of(COMPLETE.formatted(repeated(ENDED_ROW)));
  private static final Sql COMPLETE_ONE = Sql.of(COMPLETE.formatted(ENDED_ROW));

  /** The first queue after another one that has work: one step through the index. */
  private static final Sql NEXT_QUEUE =
      Sql.of(
          """
          select queue from jobs
           where state = 'PENDING' and queue > :queue
           order by queue limit 1
          """);

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
          returning queue, id, priority, job_group, run_at
          """);

  private static final Sql PENDING_BETWEEN =
      Sql.of(
          """
          select id, priority, job_group, run_at from jobs
           where state = 'PENDING' and queue = :queue and rank >= :from and rank < :to
           order by rank, run_at, id limit :limit
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
          Sql.of("delete from jobs where id = :id and state <> 'RUNNING'"));

  private static String repeated(String row) {
    return String.join(", ", Collections.nCopies(ROWS, row));
  }

  /** Numbers are given here, as job and payload share them; the write lock makes that safe. */
  @Override
  public void insert(
      Session session, List<JobDraft> jobs, ToLongFunction<JobDraft> ranks, long now) {
    long number = session.sql(NEWEST_NUMBER).number() + 1;
    int next = 0;
    while (jobs.size() - next >= ROWS) {
      List<JobDraft> part = jobs.subList(next, next + ROWS);
      insertMany(session, part, ranks, number, now);
      number += ROWS;
      next += ROWS;
    }
    for (JobDraft job : jobs.subList(next, jobs.size())) {
      Bound insert = session.sql(INSERT_ONE);
      bind(insert, job, ranks.applyAsLong(job), number, now);
      if (insert.update() == 1) {
        session.sql(INSERT_ONE_PAYLOAD).next(number).next(job.payload()).update();
        number++;
      }
    }
  }

  private static void insertMany(
      Session session, List<JobDraft> jobs, ToLongFunction<JobDraft> ranks, long first, long now) {
    Bound insert = session.sql(INSERT_JOBS);
    Bound payloads = session.sql(INSERT_PAYLOADS);
    long number = first;
    for (JobDraft job : jobs) {
      bind(insert, job, ranks.applyAsLong(job), number, now);
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

  private static void bind(Bound insert, JobDraft job, long rank, long number, long now) {
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
      left -= head.job.payload().length();
      return left <= 0;
    }
  }

  @Override
  public List<Claimed> claim(
      Session session, NodeId node, String queue, Set<String> types, int limit, long now) {
    List<Numbered> heads =
        session
            .sql(NEXT_PENDING)
            .set("queue", queue)
            .set("types", JsonTexts.array(types))
            .set("limit", limit)
            .listUntil(new PayloadBudget(), row -> head(row, queue, node));
    if (heads.isEmpty()) {
      return List.of();
    }
    String numbers =
        heads.stream()
            .map(head -> Long.toString(head.number))
            .collect(Collectors.joining(",", "[", "]"));
    int rows =
        session.sql(CLAIM).set("node", node).set("now", now).set("numbers", numbers).update();
    if (rows != heads.size()) {
      throw new IllegalStateException(
          "claiming %d jobs changed %d rows: a bug".formatted(heads.size(), rows));
    }
    return heads.stream().map(Numbered::job).toList();
  }

  @Override
  public List<String> queuesWithWork(Session session) {
    List<String> queues = new ArrayList<>();
    Optional<String> next = nextQueue(session, "");
    while (next.isPresent()) {
      queues.add(next.get());
      next = nextQueue(session, next.get());
    }
    return queues;
  }

  private static Optional<String> nextQueue(Session session, String queue) {
    return session.sql(NEXT_QUEUE).set("queue", queue).first(row -> row.text(1));
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
            row.maybeNumber(8).map(Micros::toDuration));
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
  public List<Ranks.Entered> promote(Session session, int limit, long now) {
    return session.sql(PROMOTE).set("now", now).set("limit", limit).list(Ranks.Entered::of);
  }

  @Override
  public Sql pendingBetween() {
    return PENDING_BETWEEN;
  }

  @Override
  public void rank(Session session, List<Ranks.Ranked> jobs) {
    for (Ranks.Ranked ranked : jobs) {
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
  public List<Sql> deletes() {
    return DELETES;
  }

  @Override
  public void load(Session session, List<JobRecord> records) {
    RecordRows.insert(session, session.sql(NEWEST_NUMBER).number() + 1, records);
  }

  @Override
  public Sql knowsMoves() {
    return SqliteFence.EXISTS;
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
