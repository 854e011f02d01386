package dev.holdfast.jdbc.store;

import dev.holdfast.Finding;
import dev.holdfast.Finding.Gravity;
import dev.holdfast.jdbc.dialect.ConnectionUse;
import dev.holdfast.jdbc.dialect.Database;
import dev.holdfast.jdbc.sql.Bound;
import dev.holdfast.jdbc.sql.Session;
import dev.holdfast.jdbc.sql.Sql;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Checks that every job is runnable, waits for something known, is held under a live lease, or is
 * finished. Each check counts the rows that violate this in one way.
 */
public final class Examination {
  /**
   * One kind of violation.
   *
   * @param count counts the rows that violate it; may use {@code :now}
   * @param text a sentence with one {@code %d}
   */
  private record Check(Gravity gravity, String code, Sql count, String text, String cure) {}

  private static final List<Check> CHECKS =
      List.of(
          new Check(
              Gravity.ERROR,
              "orphaned-jobs",
              Sql.of(
                  """
                  select count(*) from jobs j
                   where j.state = 'RUNNING'
                     and not exists (select 1 from nodes n
                                      where n.id = j.node and n.ended_at is null
                                        and n.lease_until >= :now)
                  """),
              "running jobs that are held by nodes that do not live: %d",
              "holdfast cleanup-dead"),
          new Check(
              Gravity.ERROR,
              "payload-missing",
              Sql.of("select count(*) from job_rows where payload is null"),
              "jobs without a payload, as rows were changed by hand or the file was damaged: %d",
              "restore from a copy, or delete them: holdfast delete"),
          new Check(
              Gravity.ERROR,
              "blocked-for-nothing",
              Sql.of(
                  """
                  select count(*) from jobs j
                   where j.state = 'BLOCKED'
                     and (j.waits <= 0
                          or j.waits <> (select count(*) from job_waits w
                                           join jobs p on p.id = w.on_id
                                          where w.job_id = j.id and w.satisfied_at is null
                                            and (p.finished_at is null or w.adopted = 0))
                                       + (select count(*) from job_signals s
                                           where s.job_id = j.id
                                             and s.awaited_until is not null)
                                       + case when j.uncertain is null then 0 else 1 end)
                  """),
              "BLOCKED jobs whose predecessors are missing or have ended: %d",
              "find them with holdfast list --state BLOCKED; holdfast cancel, then holdfast retry,"
                  + " runs one"),
          new Check(
              Gravity.ERROR,
              "waits-set-aside",
              Sql.of(
                  """
                  select count(*) from job_waits w join jobs p on p.id = w.on_id
                   where w.adopted = 0 and w.satisfied_at is null
                     and p.finished_at < :now - 60000000
                  """),
              "jobs that still wait for jobs that ended over a minute ago: %d",
              "start a worker: holdfast work; if one runs, end the transactions that hold their"
                  + " rows"),
          new Check(
              Gravity.ERROR,
              "end-missing",
              Sql.of(
                  """
                  select count(*) from jobs
                   where (state in ('COMPLETED', 'FAILED', 'CANCELLED') and finished_at is null)
                      or (state = 'INTERRUPTED' and interrupted_at is null)
                  """),
              "finished jobs without an end time, which retention never removes: %d",
              "delete them: holdfast delete"),
          new Check(
              Gravity.ERROR,
              "attempts-impossible",
              Sql.of(
                  """
                  select count(*) from jobs
                   where attempt < 0 or attempt > max_attempts or token < attempt
                      or (state = 'RUNNING' and (attempt < 1 or started_at is null))
                  """),
              "jobs with an impossible number of attempts, as rows were changed by hand: %d",
              "holdfast cancel, then holdfast retry, resets them"),
          new Check(
              Gravity.WARNING,
              "overdue-jobs",
              Sql.of(
                  "select count(*) from jobs where state = 'SCHEDULED' and run_at < :now -"
                      + " 60000000"),
              "scheduled jobs that are overdue by more than a minute, as no node moves them: %d",
              "start a worker: holdfast work"),
          new Check(
              Gravity.WARNING,
              "rows-from-the-future",
              Sql.of(
                  """
                  select (select count(*) from jobs where updated_at > :now + 60000000)
                       + (select count(*) from nodes where heartbeat_at > :now + 60000000)
                  """),
              "rows with times more than a minute in the future, as the clock was set back or"
                  + " clocks differ: %d",
              "check the clocks (chronyc tracking, timedatectl); nothing is lost"),
          new Check(
              Gravity.WARNING,
              "leftovers",
              Sql.of(
                  """
                  select (select count(*) from job_events e
                           where not exists (select 1 from jobs j where j.id = e.job_id))
                       + (select count(*) from job_checkpoints c
                           where not exists (select 1 from jobs j where j.id = c.job_id))
                       + (select count(*) from job_steps s
                           where not exists (select 1 from jobs j where j.id = s.job_id))
                       + (select count(*) from job_progress p
                           where not exists (select 1 from jobs j where j.id = p.job_id))
                       + (select count(*) from job_signals s
                           where not exists (select 1 from jobs j where j.id = s.job_id))
                       + (select count(*) from job_waits w
                           where not exists (select 1 from jobs j where j.id = w.job_id))
                  """),
              "events, checkpoints, steps and reports of removed jobs: %d",
              "harmless; they only take space"));

  /** Violations that show only in a queue that is running, or that time alone brings. */
  private static final Set<String> OF_A_RUNNING_QUEUE =
      Set.of("orphaned-jobs", "waits-set-aside", "overdue-jobs", "rows-from-the-future");

  private Examination() {}

  /** Runs the checks that hold for a copy of the database, too. */
  public static List<Finding> ofCopy(Session session, long now) {
    return CHECKS.stream()
        .filter(check -> !OF_A_RUNNING_QUEUE.contains(check.code))
        .flatMap(check -> run(session, check, now).stream())
        .toList();
  }

  /** Runs each check by itself, as the time of a read is limited. */
  static List<Finding> of(Database database, long now) {
    return CHECKS.stream()
        .flatMap(
            check ->
                database.read(ConnectionUse.CALLERS, session -> run(session, check, now)).stream())
        .toList();
  }

  private static Optional<Finding> run(Session session, Check check, long now) {
    Bound count = session.sql(check.count);
    if (check.count.parameters().contains("now")) {
      count.set("now", now);
    }
    long rows = count.number();
    return rows == 0
        ? Optional.empty()
        : Optional.of(
            new Finding(check.gravity, check.code, check.text.formatted(rows), check.cure));
  }
}
