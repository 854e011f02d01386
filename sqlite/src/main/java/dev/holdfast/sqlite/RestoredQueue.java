package dev.holdfast.sqlite;

import dev.holdfast.error.StorageException;
import dev.holdfast.jdbc.sql.Micros;
import dev.holdfast.jdbc.sql.Session;
import dev.holdfast.jdbc.sql.Sql;
import dev.holdfast.spi.Backups.RestoreRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Turns the copy of a queue into a queue of its own, in one transaction: nobody who worked with the
 * old one can write to it, nothing starts by itself, and what had not finished waits for a review,
 * as it may have run since the backup.
 *
 * <p>A job waits for its review as it would for another job: it is BLOCKED, and {@code waits}
 * counts one more. So no claim has to know of reviews.
 */
final class RestoredQueue {
  /**
   * More than the tokens that the old queue can have given out since. No acknowledgement of the old
   * queue matches.
   */
  private static final long TOKENS_AHEAD = 1L << 32;

  private static final Sql BEGIN = Sql.of("begin immediate");
  private static final Sql COMMIT = Sql.of("commit");

  private static final Sql IS_INCOMPLETE =
      Sql.of("select count(*) from queue_move where direction = 'COMING'");

  private static final Sql RAISE_TOKENS =
      Sql.of("update jobs set token = token + " + TOKENS_AHEAD + ", ended_token = null");

  private static final Sql RECORD_RESTORE =
      Sql.of(
          """
          insert into job_events
            (job_id, at, from_state, to_state, by_whom, why, attempt, node, run_at, started_at)
          select id, :now, state, 'BLOCKED', :by_whom,
                 'restored from a backup; it may have run since', attempt, node, run_at, started_at
            from jobs where state in ('SCHEDULED', 'BLOCKED', 'PENDING', 'RUNNING')
          """);

  private static final Sql BLOCK =
      Sql.of(
          """
          update jobs
             set uncertain = state, state = 'BLOCKED', waits = waits + 1, lane = 0,
                 attempt = case when state = 'RUNNING' then attempt - 1 else attempt end,
                 started_at = case when state = 'RUNNING' then null else started_at end,
                 node = null, updated_at = :now
           where state in ('SCHEDULED', 'BLOCKED', 'PENDING', 'RUNNING')
          """);

  private static final Sql MARK_INTERRUPTED =
      Sql.of("update jobs set uncertain = state where state = 'INTERRUPTED'");

  private static final Sql PAUSE_QUEUES =
      Sql.of(
          """
          insert into queues (name, paused_at, paused_by, updated_at)
          select name, :now, :by_whom, :now
            from (select queue as name from jobs union select name from queues
                  union select 'default') as named
           where true
              on conflict (name) do update
             set paused_at = coalesce(queues.paused_at, excluded.paused_at),
                 paused_by = coalesce(queues.paused_by, excluded.paused_by)
          """);

  /** The other statements, which need nothing but the time. */
  private static final List<Sql> OTHERS =
      List.of(
          Sql.of("update nodes set ended_at = :now where ended_at is null"),
          Sql.of("update schedules set paused_at = :now where paused_at is null"),
          Sql.of(
              """
              update bulk_operations
                 set state = 'CANCELLED', finished_at = :now, updated_at = :now
               where state = 'RUNNING'
              """));

  private static final List<Sql> TIMELESS =
      List.of(
          SqliteEnds.WATCH_NO_LONGER,
          Sql.of("update webhooks set enabled = 0"),
          Sql.of("delete from lease_keys"),
          Sql.of("delete from holds"),
          Sql.of("delete from job_lapses"),
          Sql.of("delete from queue_move"));

  private static final Sql RECORD =
      Sql.of(
          """
          insert into restores (epoch, at, by_whom, file, uncertain)
          select :epoch, :now, :by_whom, :file, count(*) from jobs where uncertain is not null
          """);

  private static final Sql UNCERTAIN =
      Sql.of("select count(*) from jobs where uncertain is not null");

  private RestoredQueue() {}

  /** Changes the copy. @return the number of jobs that wait for a review */
  static long prepare(Session session, RestoreRequest request, UUID epoch) {
    if (session.sql(IS_INCOMPLETE).number() > 0) {
      throw new StorageException(
          "'%s' was made while the queue was being filled by a copy, and is not complete: use another backup"
              .formatted(request.file()));
    }
    long now = Micros.of(request.now());
    session.execute(BEGIN);
    List<Sql> timeless = new ArrayList<>(SqliteFence.DROP);
    timeless.addAll(TIMELESS);
    timeless.forEach(session::execute);
    session.sql(RAISE_TOKENS).update();
    session.sql(RECORD_RESTORE).set("now", now).set("by_whom", request.by()).update();
    session.sql(BLOCK).set("now", now).update();
    session.sql(MARK_INTERRUPTED).update();
    session.sql(PAUSE_QUEUES).set("now", now).set("by_whom", request.by()).update();
    OTHERS.forEach(sql -> session.sql(sql).set("now", now).update());
    session
        .sql(RECORD)
        .set("epoch", epoch.toString())
        .set("now", now)
        .set("by_whom", request.by())
        .set("file", request.file().toString())
        .update();
    session.execute(COMMIT);
    return session.sql(UNCERTAIN).number();
  }
}
