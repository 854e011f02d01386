package dev.holdfast.jdbc.store;

import dev.holdfast.Finding;
import dev.holdfast.Finding.Gravity;
import java.util.List;
import java.util.Optional;

/**
 * The proof that every row is runnable, waits for something that can be named, is held under a live
 * lease, or is finished. Each check counts the rows that are none of these in one way.
 */
final class Examination {
  /**
   * One thing that can be wrong.
   *
   * @param count how many rows it is wrong with; may use {@code :now}
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
              "%d running jobs are held by nodes that do not live",
              "holdfast cleanup-dead"),
          new Check(
              Gravity.ERROR,
              "payload-missing",
              Sql.of("select count(*) from job_rows where payload is null"),
              "%d jobs have no payload: rows were changed by hand or the file was damaged",
              "restore from a copy, or delete them: holdfast delete"),
          new Check(
              Gravity.ERROR,
              "blocked-for-nothing",
              Sql.of("select count(*) from jobs where state = 'BLOCKED'"),
              "%d jobs are BLOCKED, and nothing is known that would wake them",
              "holdfast cancel --state BLOCKED, then holdfast retry"),
          new Check(
              Gravity.ERROR,
              "end-missing",
              Sql.of(
                  """
                  select count(*) from jobs
                   where (state in ('COMPLETED', 'FAILED', 'CANCELLED') and finished_at is null)
                      or (state = 'INTERRUPTED' and interrupted_at is null)
                  """),
              "%d jobs have ended, but not when: retention never removes them",
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
              "%d jobs have a count of attempts that cannot be: rows were changed by hand",
              "holdfast retry after holdfast cancel gives them a new start"),
          new Check(
              Gravity.WARNING,
              "overdue-jobs",
              Sql.of(
                  "select count(*) from jobs where state = 'SCHEDULED' and run_at < :now - 60000000"),
              "%d scheduled jobs are overdue by more than a minute: no node moves them",
              "start a worker: holdfast work"),
          new Check(
              Gravity.WARNING,
              "rows-from-the-future",
              Sql.of(
                  """
                  select (select count(*) from jobs where updated_at > :now + 60000000)
                       + (select count(*) from nodes where heartbeat_at > :now + 60000000)
                  """),
              "%d rows were written more than a minute later than now: the clock was set back, or clocks differ",
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
                       + (select count(*) from job_progress p
                           where not exists (select 1 from jobs j where j.id = p.job_id))
                  """),
              "%d events, checkpoints or reports belong to jobs that are gone",
              "they take space only"));

  private Examination() {}

  static List<Finding> of(Session session, long now) {
    return CHECKS.stream().flatMap(check -> run(session, check, now).stream()).toList();
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
