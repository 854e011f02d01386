package dev.holdfast.jdbc.store;

import dev.holdfast.Job;
import dev.holdfast.JobEvent;
import dev.holdfast.JobFilter;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.LogFilter;
import dev.holdfast.LogLine;
import dev.holdfast.PageRequest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.slf4j.event.Level;

/** Looking at jobs. Lists go by key and choose their way by the filter's most selective part. */
final class Reads {
  private static final String FILTERED =
      """
         and (cast(:queue as text) is null or queue = :queue)
         and (cast(:type as text) is null or type = :type)
         and (cast(:job_group as text) is null or job_group = :job_group)
         and (cast(:states as text) is null or :states like '%,' || state || ',%')
         and (cast(:scope as text) is null
              or replace(:scope, :edge || job_group || :edge, '') <> :scope)
         and id < :below
       order by id desc limit :limit
      """;

  private static final Sql FIND = Sql.of("select * from job_rows where id = :id");

  private static final Sql LIST = Sql.of("select * from job_rows where true\n" + FILTERED);

  private static final Sql LIST_GROUP =
      Sql.of("select * from job_rows where job_group = :in_group\n" + FILTERED);

  private static final Sql LIST_RUNNING =
      Sql.of("select * from job_rows where state = 'RUNNING'\n" + FILTERED);

  private static final Sql LIST_SET_ASIDE =
      Sql.of(
          "select * from job_rows where state in ('FAILED', 'INTERRUPTED', 'CANCELLED')\n"
              + FILTERED);

  private static final Set<JobState> SET_ASIDE =
      Set.of(JobState.FAILED, JobState.INTERRUPTED, JobState.CANCELLED);

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

  static Optional<Job> find(Session session, JobId id) {
    return session.sql(FIND).set("id", id).first(JobRows::job);
  }

  /** Those that wait for a job, or have waited for it. */
  static List<Job> dependents(Session session, JobId on, PageRequest page) {
    return session
        .sql(DEPENDENTS)
        .set("on_id", on)
        .set("below", page.after().orElse(ABOVE_ALL))
        .set("limit", page.limit())
        .list(JobRows::job);
  }

  static List<Job> list(Session session, JobFilter filter, PageRequest page) {
    if (!filter.ids().isEmpty()) {
      return listIds(session, filter, page);
    }
    return chosen(session, filter)
        .set("queue", filter.queue())
        .set("type", filter.type())
        .set("job_group", filter.group())
        .set("states", states(filter))
        .set("scope", Scopes.text(filter.scope()))
        .set("edge", Scopes.EDGE)
        .set("below", page.after().orElse(ABOVE_ALL))
        .set("limit", page.limit())
        .list(JobRows::job);
  }

  private static Bound chosen(Session session, JobFilter filter) {
    if (filter.group().isPresent()) {
      return session.sql(LIST_GROUP).set("in_group", filter.group());
    }
    if (filter.states().equals(Set.of(JobState.RUNNING))) {
      return session.sql(LIST_RUNNING);
    }
    boolean setAside = !filter.states().isEmpty() && SET_ASIDE.containsAll(filter.states());
    return session.sql(setAside ? LIST_SET_ASIDE : LIST);
  }

  private static Optional<String> states(JobFilter filter) {
    return filter.states().isEmpty()
        ? Optional.empty()
        : Optional.of(
            filter.states().stream().map(Enum::name).collect(Collectors.joining(",", ",", ",")));
  }

  /** By their ids one by one: there are few, and the other parts of the filter still count. */
  private static List<Job> listIds(Session session, JobFilter filter, PageRequest page) {
    return filter.ids().stream()
        .distinct()
        .sorted(Comparator.reverseOrder())
        .filter(id -> page.after().map(after -> id.compareTo(after) < 0).orElse(true))
        .flatMap(id -> find(session, id).stream())
        .filter(job -> matches(job, filter))
        .limit(page.limit())
        .toList();
  }

  private static boolean matches(Job job, JobFilter filter) {
    return (filter.states().isEmpty() || filter.states().contains(job.state()))
        && filter.queue().map(job.queue()::equals).orElse(true)
        && filter.type().map(job.type()::equals).orElse(true)
        && (filter.group().isEmpty() || filter.group().equals(job.group()))
        && filter.scope().covers(job.group());
  }

  /**
   * The creation, the current attempt's begin and the end stand in the job's row; whatever else
   * happened has rows of its own.
   */
  static List<JobEvent> events(Session session, JobId id) {
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

  static List<LogLine> logs(Session session, LogFilter filter) {
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

  static LogLine logLine(Row row) {
    return new LogLine(
        new JobId(row.id("job_id")),
        row.count("attempt"),
        row.instant("at"),
        Level.intToLevel(row.count("level")),
        row.text("message"),
        row.maybeText("details"));
  }

  static Optional<String> lastGroup(Session session, String prefix) {
    return session
        .sql(LAST_GROUP)
        .set("low", prefix)
        .set("high", prefix + Character.MAX_VALUE)
        .first(row -> row.maybeText("last_group"))
        .flatMap(text -> text);
  }
}
