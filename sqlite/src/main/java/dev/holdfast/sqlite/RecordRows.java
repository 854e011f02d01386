package dev.holdfast.sqlite;

import dev.holdfast.Failure;
import dev.holdfast.Job;
import dev.holdfast.jdbc.dialect.JobLanes;
import dev.holdfast.jdbc.dialect.Tx;
import dev.holdfast.jdbc.sql.Bound;
import dev.holdfast.jdbc.sql.Micros;
import dev.holdfast.jdbc.sql.Sql;
import dev.holdfast.jdbc.sql.Tags;
import dev.holdfast.spi.record.JobRecord;
import java.util.List;

/** Writes jobs' rows as another store kept them. */
final class RecordRows {
  private static final Sql INSERT =
      Sql.of(
          """
          insert into jobs
            (number, id, queue, type, state, payload_version, rank, priority, run_at, attempt,
             max_attempts, crashes, lapses, token, timeout_us, node, job_group, idempotency_key, tags,
             metadata, requires, created_by, result, failure_kind, failure_message, failure_trace,
             created_at, started_at, finished_at, interrupted_at, updated_at, lane)
          values
            (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
          """);

  private static final Sql INSERT_PAYLOAD =
      Sql.of("insert into job_payloads (number, payload) values (?, ?)");

  private RecordRows() {}

  /** Inserts records, numbered from {@code first}. */
  static void insert(Tx tx, long first, List<JobRecord> records, JobLanes lanes) {
    long number = first;
    for (JobRecord record : records) {
      Bound insert = tx.sql(INSERT).next(number);
      bindWhatWasAsked(insert, record);
      bindWhatHappened(insert, record.job());
      insert.next(lanes.idOf(record.job())).update();
      tx.sql(INSERT_PAYLOAD).next(number).next(record.job().payload()).update();
      number++;
    }
  }

  private static void bindWhatWasAsked(Bound insert, JobRecord record) {
    Job job = record.job();
    insert
        .nextId(job.id().value())
        .next(job.queue())
        .next(job.type())
        .next(job.state().name())
        .next(job.payloadVersion())
        .next(record.rank())
        .next(job.priority())
        .next(Micros.of(job.runAt()))
        .next(job.attempt())
        .next(job.maxAttempts())
        .next(job.crashes())
        .next(job.lapses())
        .next(job.token())
        .next(job.timeout().map(Micros::of).orElse(null))
        .next(job.holder().map(holder -> Connections.bytes(holder.node().value())).orElse(null))
        .next(job.group().orElse(null))
        .next(job.key().orElse(null))
        .next(Tags.json(job.tags()).orElse(null))
        .next(job.metadata().orElse(null))
        .next(job.requires().orElse(null))
        .next(job.createdBy().orElse(null));
  }

  private static void bindWhatHappened(Bound insert, Job job) {
    insert
        .next(job.result().orElse(null))
        .next(job.failure().map(failure -> failure.kind().name()).orElse(null))
        .next(job.failure().map(Failure::message).orElse(null))
        .next(job.failure().map(Failure::trace).orElse(null))
        .next(Micros.of(job.createdAt()))
        .next(job.startedAt().map(Micros::of).orElse(null))
        .next(job.finishedAt().map(Micros::of).orElse(null))
        .next(job.interruptedAt().map(Micros::of).orElse(null))
        .next(Micros.of(job.updatedAt()));
  }
}
