package dev.holdfast.jdbc.search;

import dev.holdfast.Job;
import dev.holdfast.JobEvent;
import dev.holdfast.JobId;
import dev.holdfast.LogFilter;
import dev.holdfast.LogLine;
import dev.holdfast.PageCursor;
import dev.holdfast.PageRequest;
import dev.holdfast.jdbc.sql.Bound;
import dev.holdfast.jdbc.sql.Row;
import dev.holdfast.jdbc.sql.Session;
import dev.holdfast.jdbc.sql.Sql;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.event.Level;

/** Reads jobs and what belongs to them. */
public final class Reads {
  private static final Sql FIND = Sql.of("select * from job_rows where id = :id");

  private static final Sql EVENTS =
      Sql.of("select * from job_events where job_id = :id order by number");

  private static final Sql LOGS_OF_JOB =
      Sql.of(
          """
          select * from job_logs
           where job_id = :job_id and level >= :level
           order by number desc limit :limit
          """);

  private static final Sql LOGS =
      Sql.of("select * from job_logs where level >= :level order by number desc limit :limit");

  private static final Sql DEPENDENTS =
      Sql.of(
          """
          select * from job_rows
           where id in (select job_id from job_waits where on_id = :on_id) and id < :below
           order by id desc limit :limit
          """);

  private static final Sql LAST_GROUP =
      Sql.of(
          """
          select max(job_group) as last_group from jobs
           where job_group is not null and job_group >= :low and job_group < :high
          """);

  private static final JobId ABOVE_ALL = new JobId(new UUID(-1, -1));

  private Reads() {}

  public static Optional<Job> find(Session session, JobId id) {
    return session.sql(FIND).set("id", id).first(JobRows::job);
  }

  /** Lists jobs that wait for a job, or have waited for it. */
  public static List<Job> dependents(Session session, JobId on, PageRequest page) {
    return session
        .sql(DEPENDENTS)
        .set("on_id", on)
        .set("below", page.after().map(PageCursor::id).orElse(ABOVE_ALL))
        .set("limit", page.limit())
        .list(JobRows::job);
  }

  /**
   * The creation, the current attempt's begin and the end are in the job's row; all other events
   * have rows of their own.
   */
  public static List<JobEvent> events(Session session, JobId id) {
    Optional<Job> found = find(session, id);
    if (found.isEmpty()) {
      return List.of();
    }
    Job job = found.get();
    List<History.Stored> stored = session.sql(EVENTS).set("id", id).list(Reads::stored);
    return History.of(job, stored);
  }

  private static History.Stored stored(Row row) {
    return new History.Stored(
        JobRows.event(row),
        row.instant("run_at"),
        row.maybeInstant("started_at"),
        row.maybeInstant("finished_at"),
        row.maybeId("node").map(UUID::toString));
  }

  public static List<LogLine> logs(Session session, LogFilter filter) {
    Bound query =
        filter.job().isPresent()
            ? session.sql(LOGS_OF_JOB).set("job_id", filter.job())
            : session.sql(LOGS);
    List<LogLine> newestFirst =
        query
            .set("level", filter.least().toInt())
            .set("limit", filter.limit())
            .list(Reads::logLine);
    List<LogLine> inOrder = new ArrayList<>(newestFirst);
    Collections.reverse(inOrder);
    return inOrder;
  }

  public static LogLine logLine(Row row) {
    return new LogLine(
        new JobId(row.id("job_id")),
        row.count("attempt"),
        row.instant("at"),
        Level.intToLevel(row.count("level")),
        row.text("message"),
        row.maybeText("details"));
  }

  public static Optional<String> lastGroup(Session session, String prefix) {
    return session
        .sql(LAST_GROUP)
        .set("low", prefix)
        .set("high", prefix + Character.MAX_VALUE)
        .first(row -> row.maybeText("last_group"))
        .flatMap(text -> text);
  }
}
