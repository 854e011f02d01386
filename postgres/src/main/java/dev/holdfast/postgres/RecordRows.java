package dev.holdfast.postgres;

import dev.holdfast.Failure;
import dev.holdfast.Job;
import dev.holdfast.jdbc.dialect.JobLanes;
import dev.holdfast.jdbc.dialect.Tx;
import dev.holdfast.jdbc.sql.Micros;
import dev.holdfast.jdbc.sql.Sql;
import dev.holdfast.jdbc.sql.Tags;
import dev.holdfast.spi.record.JobRecord;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Writes jobs' rows as another store kept them. */
final class RecordRows {
  private static final Sql INSERT =
      Sql.of(
          """
          insert into jobs
            (id, queue, type, state, payload, payload_version, rank, priority, run_at, attempt,
             max_attempts, crashes, lapses, token, timeout_us, node, job_group, idempotency_key, tags,
             metadata, requires, created_by, result, failure_kind, failure_message, failure_trace,
             created_at, started_at, finished_at, interrupted_at, updated_at, lane)
          select *
            from unnest(:ids::uuid[], :queues::text[], :types::text[], :states::text[],
                        :payloads::text[], :versions::int[], :ranks::bigint[], :priorities::int[],
                        :due::bigint[], :attempts::int[], :attempts_max::int[], :crashes::int[],
                        :lapses::int[],
                        :tokens::bigint[], :timeouts::bigint[], :nodes::text[]::uuid[], :groups::text[],
                        :keys::text[], :tags::text[], :metadata::text[], :requires::text[],
                        :creators::text[], :results::text[], :failure_kinds::text[],
                        :failure_messages::text[], :failure_traces::text[], :created::bigint[],
                        :started::bigint[], :finished::bigint[], :interrupted::bigint[],
                        :updated::bigint[], :lanes::bigint[])
          """);

  private RecordRows() {}

  static void insert(Tx tx, List<JobRecord> records, JobLanes lanes) {
    if (records.isEmpty()) {
      return;
    }
    Columns<JobRecord> rows = new Columns<>(tx, records);
    Columns<Job> jobs = new Columns<>(tx, records.stream().map(JobRecord::job).toList());
    tx.sql(INSERT)
        .set("ids", jobs.ids(job -> job.id().value()))
        .set("queues", jobs.texts(Job::queue))
        .set("types", jobs.texts(Job::type))
        .set("states", jobs.texts(job -> job.state().name()))
        .set("payloads", jobs.texts(Job::payload))
        .set("versions", jobs.numbers(Job::payloadVersion))
        .set("ranks", rows.numbers(JobRecord::rank))
        .set("priorities", jobs.numbers(Job::priority))
        .set("due", jobs.numbers(job -> Micros.of(job.runAt())))
        .set("attempts", jobs.numbers(Job::attempt))
        .set("attempts_max", jobs.numbers(Job::maxAttempts))
        .set("crashes", jobs.numbers(Job::crashes))
        .set("lapses", jobs.numbers(Job::lapses))
        .set("tokens", jobs.numbers(Job::token))
        .set("timeouts", jobs.maybeNumbers(job -> job.timeout().map(Micros::of)))
        .set("nodes", jobs.maybeTexts(job -> job.holder().map(by -> by.node().toString())))
        .set("groups", jobs.maybeTexts(Job::group))
        .set("keys", jobs.maybeTexts(Job::key))
        .set("tags", jobs.maybeTexts(job -> Tags.json(job.tags())))
        .set("metadata", jobs.maybeTexts(Job::metadata))
        .set("requires", jobs.maybeTexts(Job::requires))
        .set("creators", jobs.maybeTexts(Job::createdBy))
        .set("results", jobs.maybeTexts(Job::result))
        .set("failure_kinds", jobs.maybeTexts(failure(failure -> failure.kind().name())))
        .set("failure_messages", jobs.maybeTexts(failure(Failure::message)))
        .set("failure_traces", jobs.maybeTexts(failure(Failure::trace)))
        .set("created", jobs.numbers(job -> Micros.of(job.createdAt())))
        .set("started", jobs.maybeNumbers(time(Job::startedAt)))
        .set("finished", jobs.maybeNumbers(time(Job::finishedAt)))
        .set("interrupted", jobs.maybeNumbers(time(Job::interruptedAt)))
        .set("updated", jobs.numbers(job -> Micros.of(job.updatedAt())))
        .set("lanes", jobs.numbers(lanes::idOf))
        .update();
  }

  /** Replaces NUL characters, which an older SQLite file may hold and PostgreSQL rejects. */
  private static Function<Job, Optional<String>> failure(Function<Failure, String> part) {
    return job -> job.failure().map(part).map(text -> text.replace('\0', '\uFFFD'));
  }

  private static Function<Job, Optional<Long>> time(Function<Job, Optional<Instant>> part) {
    return job -> part.apply(job).map(Micros::of);
  }
}
