package dev.holdfast.jdbc.store;

import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.Retention;
import dev.holdfast.jdbc.dialect.Dialect;
import dev.holdfast.jdbc.dialect.JobLanes;
import dev.holdfast.jdbc.dialect.Permits;
import dev.holdfast.jdbc.dialect.Tx;
import dev.holdfast.jdbc.sql.Micros;
import dev.holdfast.jdbc.sql.Row;
import dev.holdfast.jdbc.sql.Sql;
import dev.holdfast.spi.Sweep;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Removes old data, in small steps. Jobs are examined in the order of their ids, which begin with
 * the time of creation, except those whose ids say that they are too young to have ended long ago:
 * so no index on the time of the end is needed, which every completion would have to update.
 *
 * <p>Callers may give ids of other kinds, or by a clock that is wrong. So ids that name a later
 * time than now are examined, too, and no time in an id is believed but to leave a job out.
 */
final class Sweeps {
  private static final Sql OLDEST =
      Sql.of(
          """
          select id, state, finished_at from jobs
           where id >= :from_id order by id limit :limit
          """);

  /** A job stays as long as one waits for it or runs after it, which may read its result. */
  private static final Sql LOOK_AGAIN =
      Sql.of(
          """
          select id, state, finished_at from jobs
           where id = :id
             and not exists (select 1 from job_waits w where w.on_id = :id and w.adopted = 0)
             and (awaited = 0
                  or not exists (select 1 from job_waits w join jobs d on d.id = w.job_id
                                  where w.on_id = :id and d.finished_at is null))
          """);

  private static final Sql FORGET_KEYS =
      Sql.of(
          """
          delete from idempotency_keys
           where (job_group, type, idempotency_key) in
                 (select job_group, type, idempotency_key from idempotency_keys
                   where expires_at <= :now order by expires_at limit :limit)
          """);

  private static final Sql FORGET_NODES =
      Sql.of(
          """
          delete from nodes
           where id in (select n.id from nodes n
                         where n.ended_at < :before
                           and not exists (select 1 from jobs j
                                            where j.state = 'RUNNING' and j.node = n.id)
                         order by n.ended_at limit :limit)
          """);

  private static final Sql FORGET_LOGS =
      Sql.of(
          """
          delete from job_logs
           where number in (select number from job_logs where at < :before order by at limit :limit)
          """);

  /**
   * Numbers ascend with time, so the oldest are at the beginning and no index on time is needed.
   */
  private static final Sql FORGET_AUDIT =
      Sql.of(
          """
          delete from audit
           where at < :before
             and number in (select number from audit order by number limit :limit)
          """);

  private static final Sql FORGET_FIRES =
      Sql.of(
          """
          delete from schedule_fires
           where (schedule, slot) in
                 (select schedule, slot from schedule_fires
                   where fired_at < :before order by fired_at limit :limit)
          """);

  private static final Duration FIRES_KEPT = Duration.ofDays(7);

  /** The time for which the name and process of the node that ran a job are kept. */
  private static final Duration NODES_KEPT = Duration.ofDays(7);

  /** The largest lead of callers' clocks that is usual. */
  private static final long CLOCKS_DIFFER = Micros.of(Duration.ofHours(1));

  private static final JobId FIRST = new JobId(new UUID(0, 0));

  private final Dialect dialect;
  private final IdleLanes idleLanes;

  Sweeps(Dialect dialect, JobLanes lanes) {
    this.dialect = dialect;
    this.idleLanes = new IdleLanes(lanes);
  }

  /**
   * @param end when the job ended; empty if it has not
   */
  private record Old(JobId id, JobState state, Optional<Long> end) {
    /** Returns the time that the id names, if it is of version 7. */
    long idMicros() {
      return (id.value().getMostSignificantBits() >>> 16) * 1_000;
    }
  }

  Sweep sweep(Tx tx, Retention retention, Optional<JobId> from, int limit) {
    List<Old> looked =
        tx.sql(OLDEST).set("from_id", from.orElse(FIRST)).set("limit", limit + 1).list(Sweeps::old);
    Optional<JobId> next =
        looked.size() > limit ? Optional.of(looked.get(limit).id) : Optional.empty();
    long youngest = tx.now() - Micros.of(shortest(retention));
    List<JobId> expired = new ArrayList<>();
    long latest = tx.now() + CLOCKS_DIFFER;
    for (Old old : looked.subList(0, Math.min(limit, looked.size()))) {
      if (old.idMicros() > youngest && old.idMicros() <= latest) {
        next = Optional.of(new JobId(new UUID((latest / 1_000 + 1) << 16, 0)));
        break;
      }
      if (isExpired(old, retention, tx.now())) {
        expired.add(old.id);
      }
    }
    List<JobId> removed = remove(tx, expired, retention);
    return new Sweep(removed, others(tx, retention, limit), next);
  }

  /** Removes jobs, except those that an operator has retried meanwhile. */
  private List<JobId> remove(Tx tx, List<JobId> expired, Retention retention) {
    Set<JobId> free = dialect.holdFreeToDelete(tx, expired);
    List<JobId> removed = new ArrayList<>();
    for (JobId id : expired.stream().filter(free::contains).toList()) {
      boolean still =
          tx.sql(LOOK_AGAIN)
              .set("id", id)
              .first(Sweeps::old)
              .filter(old -> isExpired(old, retention, tx.now()))
              .isPresent();
      if (still) {
        dialect.deletes().forEach(delete -> tx.sql(delete).set("id", id).update());
        removed.add(id);
      }
    }
    return removed;
  }

  private static Old old(Row row) {
    return new Old(new JobId(row.id(1)), JobState.valueOf(row.text(2)), row.maybeNumber(3));
  }

  private static Duration shortest(Retention retention) {
    Duration shortest = Duration.ofDays(365L * 200);
    for (JobState state : JobState.values()) {
      Duration kept = retention.of(state).orElse(shortest);
      shortest = kept.compareTo(shortest) < 0 ? kept : shortest;
    }
    return shortest;
  }

  private static boolean isExpired(Old old, Retention retention, long now) {
    return retention
        .of(old.state)
        .flatMap(kept -> old.end.map(end -> end <= now - Micros.of(kept)))
        .orElse(false);
  }

  private int others(Tx tx, Retention retention, int limit) {
    int forgotten = tx.sql(FORGET_KEYS).set("now", tx.now()).set("limit", limit).update();
    forgotten +=
        tx.sql(FORGET_NODES)
            .set("before", tx.now() - Micros.of(NODES_KEPT))
            .set("limit", limit)
            .update();
    forgotten +=
        tx.sql(FORGET_FIRES)
            .set("before", tx.now() - Micros.of(FIRES_KEPT))
            .set("limit", limit)
            .update();
    forgotten += Permits.forgetEnded(tx, limit);
    forgotten += idleLanes.sweep(tx, limit);
    forgotten += Lapses.forgetOld(tx, limit);
    forgotten += RecoveryRows.forget(tx, limit);
    if (retention.logs().isPresent()) {
      long before = tx.now() - Micros.of(retention.logs().get());
      forgotten += tx.sql(FORGET_LOGS).set("before", before).set("limit", limit).update();
    }
    if (retention.audit().isPresent()) {
      long before = tx.now() - Micros.of(retention.audit().get());
      forgotten += tx.sql(FORGET_AUDIT).set("before", before).set("limit", limit).update();
    }
    return forgotten;
  }
}
