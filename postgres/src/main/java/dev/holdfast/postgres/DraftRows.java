package dev.holdfast.postgres;

import dev.holdfast.JobId;
import dev.holdfast.jdbc.dialect.Drafts;
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

/**
 * Writes rows of new jobs, and counts them in the samples. Few go as arrays into one statement,
 * which counts as well, many by COPY; a job whose id exists is left unchanged.
 */
final class DraftRows {
  private static final Sql INSERT =
      Sql.of(
          """
          with inserted as (
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
          returning queue, type),
          counted as (
          insert into sample_deltas (at, queue, type, enqueued)
          select :now, queue, type, count(*) from inserted group by queue, type)
          select count(*) from inserted
          """);

  /** Inserts jobs that differ only in id and payload, as those of one call often do. */
  private static final Sql INSERT_ALIKE =
      Sql.of(
          """
          with inserted as (
          insert into jobs
            (id, queue, type, state, payload, payload_version, rank, priority, run_at, max_attempts,
             timeout_us, job_group, tags, metadata, requires, created_by, lane, created_at,
             updated_at)
          select id, :queue, :type, :state, payload, :version, :rank, :priority, :due, :attempts,
                 cast(:timeout as bigint), :job_group, :tags, :metadata, :requires, :creator,
                 :lane, :now, :now
            from unnest(:ids::uuid[], :payloads::text[]) as new (id, payload)
              on conflict (id) do nothing
          returning queue, type),
          counted as (
          insert into sample_deltas (at, queue, type, enqueued)
          select :now, queue, type, count(*) from inserted group by queue, type)
          select count(*) from inserted
          """);

  private static final int ROWS_MAX = 5_000; // to a statement

  private final StoreClock clock;

  DraftRows(StoreClock clock) {
    this.clock = clock;
  }

  /**
   * Writes the jobs.
   *
   * @return all jobs of the parts in which some existed already
   */
  List<JobId> insert(Tx tx, List<JobDraft> jobs, JobLanes lanes, ToLongFunction<JobDraft> ranks) {
    List<JobId> repeated = new ArrayList<>();
    for (int next = 0; next < jobs.size(); next += ROWS_MAX) {
      List<JobDraft> part = jobs.subList(next, Math.min(jobs.size(), next + ROWS_MAX));
      boolean isCopied =
          part.size() >= CopyRows.ROWS_MIN
              && CopyRows.insert(tx, part, lanes, ranks, due(tx, part));
      if (isCopied) {
        SampleDeltas.enqueued(tx, part);
      } else if (insertByArrays(tx, part, lanes, ranks) < part.size()) {
        part.forEach(job -> repeated.add(job.id()));
      }
    }
    return repeated;
  }

  private long insertByArrays(
      Tx tx, List<JobDraft> jobs, JobLanes lanes, ToLongFunction<JobDraft> ranks) {
    Columns<JobDraft> columns = new Columns<>(tx, jobs);
    return areAlike(jobs, ranks)
        ? insertAlike(tx.sql(INSERT_ALIKE), columns, jobs.get(0), lanes, ranks, tx.now())
        : insertMany(tx.sql(INSERT), columns, lanes, ranks, tx.now(), due(tx, jobs));
  }

  /**
   * Returns the time up to which jobs can run at once; the clock is read only if a job needs it.
   */
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

  private static long insertAlike(
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
        .number();
  }

  /**
   * @param due jobs with a start time up to this one can run at once
   */
  private static long insertMany(
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
        .number();
  }
}
