package dev.holdfast.sqlite;

import dev.holdfast.jdbc.dialect.Dialect;
import dev.holdfast.jdbc.dialect.Drafts;
import dev.holdfast.jdbc.dialect.JobLane;
import dev.holdfast.jdbc.dialect.JobLanes;
import dev.holdfast.jdbc.dialect.Tx;
import dev.holdfast.jdbc.series.SampleDeltas;
import dev.holdfast.jdbc.sql.Bound;
import dev.holdfast.jdbc.sql.Micros;
import dev.holdfast.jdbc.sql.Session;
import dev.holdfast.jdbc.sql.Sql;
import dev.holdfast.spi.record.JobDraft;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/** Writes rows of new jobs. A job whose id exists is left unchanged. */
final class DraftRows {
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
      Sql.of(INSERT_JOB + ManyRows.of(JOB_ROW) + " on conflict (id) do nothing");

  private static final Sql INSERT_ONE =
      Sql.of(INSERT_JOB + JOB_ROW + " on conflict (id) do nothing");

  private static final String INSERT_PAYLOAD = "insert into job_payloads (number, payload) values ";
  private static final String PAYLOAD_ROW = "(?, ?)";
  private static final Sql INSERT_PAYLOADS = Sql.of(INSERT_PAYLOAD + ManyRows.of(PAYLOAD_ROW));
  private static final Sql INSERT_ONE_PAYLOAD = Sql.of(INSERT_PAYLOAD + PAYLOAD_ROW);

  private static final Sql INSERT_PAYLOAD_OF_NEW =
      Sql.of(
          """
          insert into job_payloads (number, payload)
          select number, :payload from jobs where id = :id and number = :number
          """);

  private DraftRows() {}

  /**
   * Returns the next row number. We assign numbers, as job and payload share them; the write lock
   * makes that safe.
   */
  static long nextNumber(Session session) {
    return session.sql(NEWEST_NUMBER).number() + 1;
  }

  /** Writes the jobs, as specified by {@link Dialect#insert}. */
  static void insert(Tx tx, List<JobDraft> jobs, JobLanes lanes, ToLongFunction<JobDraft> ranks) {
    long number = nextNumber(tx);
    List<JobDraft> fresh = new ArrayList<>(jobs.size());
    int next = 0;
    while (jobs.size() - next >= ManyRows.ROWS) {
      List<JobDraft> part = jobs.subList(next, next + ManyRows.ROWS);
      fresh.addAll(insertMany(tx, part, lanes, ranks, number));
      number += ManyRows.ROWS;
      next += ManyRows.ROWS;
    }
    for (JobDraft job : jobs.subList(next, jobs.size())) {
      Bound insert = tx.sql(INSERT_ONE);
      bind(insert, job, lanes.of(job), ranks.applyAsLong(job), number, tx.now());
      if (insert.update() == 1) {
        tx.sql(INSERT_ONE_PAYLOAD).next(number).next(job.payload()).update();
        number++;
        fresh.add(job);
      }
    }
    SampleDeltas.enqueued(tx, fresh);
  }

  /** Returns the jobs that were new. */
  private static List<JobDraft> insertMany(
      Tx tx, List<JobDraft> jobs, JobLanes lanes, ToLongFunction<JobDraft> ranks, long first) {
    Bound insert = tx.sql(INSERT_JOBS);
    Bound payloads = tx.sql(INSERT_PAYLOADS);
    long number = first;
    for (JobDraft job : jobs) {
      bind(insert, job, lanes.of(job), ranks.applyAsLong(job), number, tx.now());
      payloads.next(number).next(job.payload());
      number++;
    }
    if (insert.update() == ManyRows.ROWS) {
      payloads.update();
      return jobs;
    }
    return insertPayloadsOfNew(tx, jobs, first);
  }

  /**
   * Inserts payloads of new jobs only: those that an earlier try wrote keep their numbers and
   * payloads.
   */
  private static List<JobDraft> insertPayloadsOfNew(Tx tx, List<JobDraft> jobs, long first) {
    long number = first;
    List<JobDraft> fresh = new ArrayList<>();
    for (JobDraft job : jobs) {
      int rows =
          tx.sql(INSERT_PAYLOAD_OF_NEW)
              .set("number", number)
              .set("id", job.id())
              .set("payload", job.payload())
              .update();
      if (rows == 1) {
        fresh.add(job);
      }
      number++;
    }
    return fresh;
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
}
