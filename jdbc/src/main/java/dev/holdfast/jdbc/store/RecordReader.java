package dev.holdfast.jdbc.store;

import dev.holdfast.Job;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.LogLine;
import dev.holdfast.NodeId;
import dev.holdfast.OnPredecessorFailure;
import dev.holdfast.jdbc.search.JobRows;
import dev.holdfast.jdbc.search.Reads;
import dev.holdfast.jdbc.sql.Bound;
import dev.holdfast.jdbc.sql.Micros;
import dev.holdfast.jdbc.sql.Row;
import dev.holdfast.jdbc.sql.Session;
import dev.holdfast.jdbc.sql.Sql;
import dev.holdfast.spi.record.Archive;
import dev.holdfast.spi.record.JobRecord;
import dev.holdfast.spi.record.JobStamp;
import dev.holdfast.spi.record.KeyRecord;
import dev.holdfast.step.Step;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/** Reads whole jobs: each table once for a range of ids. */
final class RecordReader {
  private static final String STAMP =
      """
      select j.id, j.state, j.token, j.updated_at,
             (select count(*) from job_logs l where l.job_id = j.id)
               + (select count(*) + coalesce(max(c.saved_at), 0)
                    from job_checkpoints c where c.job_id = j.id)
               + (select count(*) + coalesce(max(t.started_at), 0) + coalesce(max(t.finished_at), 0)
                    from job_steps t where t.job_id = j.id)
               + (select coalesce(max(g.at), 0) from job_progress g where g.job_id = j.id)
               + (select coalesce(max(s.sent_at), 0) from job_signals s where s.job_id = j.id)
               + 1000000 * j.awaited + j.waits as notes
        from jobs j
      """;

  private static final Sql FIRST_STAMPS = Sql.of(STAMP + " order by j.id limit :limit");

  private static final Sql NEXT_STAMPS =
      Sql.of(STAMP + " where j.id > :after order by j.id limit :limit");

  /** Reads the size of each job, so that a batch can end in time. */
  private static final Sql WEIGHTS =
      Sql.of(
          """
          select r.id,
                 octet_length(r.payload) + coalesce(octet_length(r.result), 0)
                   + (select coalesce(sum(octet_length(c.state)), 0)
                        from job_checkpoints c where c.job_id = r.id)
                   + (select coalesce(sum(octet_length(t.result)), 0)
                        from job_steps t where t.job_id = r.id)
                   + (select coalesce(sum(octet_length(l.message)), 0)
                        from job_logs l where l.job_id = r.id)
                   + (select coalesce(sum(octet_length(e.failure_trace)), 0)
                        from job_events e where e.job_id = r.id) as bytes
            from job_rows r
           where r.id >= :first and r.id <= :last
           order by r.id
          """);

  private static final Sql ROWS =
      Sql.of(
          """
          select r.*, j.waits,
                 j.awaited + (select count(*) from job_waits w
                               where w.on_id = j.id and w.adopted = 0) as awaited,
                 g.at as progress_at, k.expires_at as key_until
            from job_rows r
            join jobs j on j.id = r.id
            left join job_progress g on g.job_id = r.id
            left join idempotency_keys k
                   on k.job_group = coalesce(r.job_group, '') and k.type = r.type
                  and k.idempotency_key = r.idempotency_key and k.job_id = r.id
           where r.id >= :first and r.id <= :last
           order by r.id
          """);

  private static final Sql EVENTS =
      Sql.of(
          """
          select * from job_events
           where job_id >= :first and job_id <= :last order by job_id, number
          """);

  private static final Sql CHECKPOINTS =
      Sql.of(
          """
          select * from job_checkpoints
           where job_id >= :first and job_id <= :last order by job_id, saved_at, name
          """);

  private static final Sql STEPS =
      Sql.of(
          """
          select * from job_steps
           where job_id >= :first and job_id <= :last order by job_id, position
          """);

  private static final Sql WAITS =
      Sql.of(
          """
          select * from job_waits
           where job_id >= :first and job_id <= :last order by job_id, position
          """);

  private static final Sql SIGNALS =
      Sql.of(
          """
          select * from job_signals
           where job_id >= :first and job_id <= :last order by job_id, name
          """);

  private static final Sql FIRST_LOGS =
      Sql.of(
          """
          select * from (select l.*, row_number() over (partition by l.job_id
                                                        order by l.number) as line_number
                           from job_logs l
                          where l.job_id >= :first and l.job_id <= :last) numbered
           where line_number <= :limit
           order by job_id, number
          """);

  private static final Sql LOGS =
      Sql.of(
          """
          select * from job_logs
           where job_id = :job_id order by number limit :limit offset :skipped
          """);

  private static final String KEYS =
      """
      select * from idempotency_keys k
       where not exists (select 1 from jobs j where j.id = k.job_id)
      """;

  private static final String KEY_ORDER = " order by job_group, type, idempotency_key limit :limit";

  private static final Sql FIRST_KEYS = Sql.of(KEYS + KEY_ORDER);

  private static final Sql NEXT_KEYS =
      Sql.of(
          KEYS
              + " and (job_group, type, idempotency_key) > (:job_group, :type, :idempotency_key)"
              + KEY_ORDER);

  private RecordReader() {}

  private record Weight(JobId id, long bytes) {}

  private static final class Budget implements Predicate<Weight> {
    private long left = Archive.BATCH_BYTES;

    @Override
    public boolean test(Weight job) {
      left -= job.bytes;
      return left <= 0;
    }
  }

  static List<JobStamp> stamps(Session session, Optional<JobId> after, int limit) {
    Bound query =
        after.isPresent()
            ? session.sql(NEXT_STAMPS).set("after", after.get())
            : session.sql(FIRST_STAMPS);
    return query.set("limit", limit).list(RecordReader::stamp);
  }

  private static JobStamp stamp(Row row) {
    return new JobStamp(
        new JobId(row.id(1)),
        JobState.valueOf(row.text(2)),
        row.number(3),
        Micros.toInstant(row.number(4)),
        row.number(5));
  }

  static List<JobRecord> records(Session session, JobId first, JobId last) {
    List<Weight> batch =
        within(session, WEIGHTS, first, last)
            .listUntil(new Budget(), row -> new Weight(new JobId(row.id(1)), row.number(2)));
    if (batch.isEmpty()) {
      return List.of();
    }
    JobId end = batch.get(batch.size() - 1).id;
    List<Bare> rows =
        within(session, ROWS, first, end).list(RecordReader::bare); // first: the oldest
    Map<JobId, List<JobRecord.Event>> events =
        byJob(session, EVENTS, first, end, RecordReader::event);
    Map<JobId, List<JobRecord.Checkpoint>> checkpoints =
        byJob(session, CHECKPOINTS, first, end, RecordReader::checkpoint);
    Map<JobId, List<Step>> steps = byJob(session, STEPS, first, end, Steps::step);
    Map<JobId, List<JobRecord.Wait>> waits = byJob(session, WAITS, first, end, RecordReader::wait);
    Map<JobId, List<JobRecord.Signal>> signals =
        byJob(session, SIGNALS, first, end, JobSignals::signal);
    Map<JobId, List<LogLine>> logs =
        byJob(
            within(session, FIRST_LOGS, first, end).set("limit", JobRecord.LOG_LINES),
            Reads::logLine);
    return rows.stream()
        .map(
            row ->
                new JobRecord(
                    row.job,
                    row.rank,
                    row.keyUntil,
                    row.progressAt,
                    events.getOrDefault(row.job.id(), List.of()),
                    checkpoints.getOrDefault(row.job.id(), List.of()),
                    steps.getOrDefault(row.job.id(), List.of()),
                    new JobRecord.Waiting(
                        row.waits,
                        row.awaited,
                        waits.getOrDefault(row.job.id(), List.of()),
                        signals.getOrDefault(row.job.id(), List.of())),
                    logs.getOrDefault(row.job.id(), List.of())))
        .toList();
  }

  /** A job's row alone. */
  private record Bare(
      Job job,
      long rank,
      int waits,
      int awaited,
      Optional<Instant> keyUntil,
      Optional<Instant> progressAt) {}

  private static Bare bare(Row row) {
    return new Bare(
        JobRows.job(row),
        row.number("rank"),
        row.count("waits"),
        row.count("awaited"),
        row.maybeInstant("key_until"),
        row.maybeInstant("progress_at"));
  }

  private static Bound within(Session session, Sql sql, JobId first, JobId last) {
    return session.sql(sql).set("first", first).set("last", last);
  }

  private static <T> Map<JobId, List<T>> byJob(
      Session session, Sql sql, JobId first, JobId last, Function<Row, T> mapper) {
    return byJob(within(session, sql, first, last), mapper);
  }

  private static <T> Map<JobId, List<T>> byJob(Bound query, Function<Row, T> mapper) {
    Map<JobId, List<T>> byJob = new HashMap<>();
    List<Boolean> unused =
        query.list(
            row ->
                byJob
                    .computeIfAbsent(new JobId(row.id("job_id")), first -> new ArrayList<>())
                    .add(mapper.apply(row)));
    return byJob;
  }

  private static JobRecord.Event event(Row row) {
    return new JobRecord.Event(
        JobRows.event(row),
        row.instant("run_at"),
        row.maybeInstant("started_at"),
        row.maybeInstant("finished_at"),
        row.maybeId("node").map(NodeId::new));
  }

  private static JobRecord.Checkpoint checkpoint(Row row) {
    Instant savedAt = row.instant("saved_at");
    return new JobRecord.Checkpoint(
        row.text("name"), row.text("state"), row.count("attempt"), savedAt);
  }

  private static JobRecord.Wait wait(Row row) {
    return new JobRecord.Wait(
        row.count("position"),
        new JobId(row.id("on_id")),
        OnPredecessorFailure.valueOf(row.text("if_failed")),
        row.maybeInstant("satisfied_at"));
  }

  static List<LogLine> logLines(Session session, JobId id, long n, int limit) {
    return session
        .sql(LOGS)
        .set("job_id", id)
        .set("skipped", n)
        .set("limit", limit)
        .list(Reads::logLine);
  }

  static List<KeyRecord> orphanedKeys(Session session, Optional<KeyRecord> after, int limit) {
    Bound query =
        after
            .map(
                last ->
                    session
                        .sql(NEXT_KEYS)
                        .set("job_group", last.group())
                        .set("type", last.type())
                        .set("idempotency_key", last.key()))
            .orElseGet(() -> session.sql(FIRST_KEYS));
    return query
        .set("limit", limit)
        .list(
            row ->
                new KeyRecord(
                    row.text("job_group"),
                    row.text("type"),
                    row.text("idempotency_key"),
                    new JobId(row.id("job_id")),
                    row.instant("expires_at")));
  }
}
