package dev.holdfast.jdbc.series;

import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.jdbc.sql.IdLists;
import dev.holdfast.jdbc.sql.Micros;
import dev.holdfast.jdbc.sql.Row;
import dev.holdfast.jdbc.sql.Session;
import dev.holdfast.jdbc.sql.Sql;
import dev.holdfast.spi.Insights.Change;
import dev.holdfast.spi.Insights.Changes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Finds jobs whose state changed recently. There is no index on the time of changes, as every
 * change would have to update it; each kind of change is found where it leaves a trace.
 */
public final class ChangedJobs {
  private static final Sql BEGUN =
      Sql.of(
          """
          select id, queue, type, job_group, state, attempt, token, updated_at from jobs
           where state = 'RUNNING' and updated_at >= :since
           order by updated_at limit :limit
          """);

  private static final Sql ENDED =
      Sql.of(
          """
          select id, queue, type, job_group, state, attempt, token, updated_at from jobs
           where finished_at >= :since
           order by finished_at limit :limit
          """);

  /** Reads the newest jobs: ids ascend with the time of creation. */
  private static final Sql NEWEST =
      Sql.of(
          """
          select id, queue, type, job_group, state, attempt, token, updated_at, created_at
            from jobs order by id desc limit :limit
          """);

  /** Reads the newest events: every change outside the normal course has a row of its own. */
  private static final Sql NEWEST_EVENTS =
      Sql.of("select job_id, at from job_events order by number desc limit :limit");

  private static final Sql BY_ID =
      IdLists.in(
          """
          select id, queue, type, job_group, state, attempt, token, updated_at from jobs
           where id in (%s)
          """);

  private static final int FEW = 100;

  private ChangedJobs() {}

  private record Trace<T>(T value, long at) {}

  public static Changes since(Session session, long since, int limit, long now) {
    List<Change> begun = list(session, BEGUN, since, limit);
    List<Change> ended = list(session, ENDED, since, limit);
    List<Trace<Change>> created =
        newest(
            session,
            NEWEST,
            since,
            limit,
            row -> new Trace<>(change(row), row.number("created_at")));
    List<Trace<JobId>> events =
        newest(
            session,
            NEWEST_EVENTS,
            since,
            limit,
            row -> new Trace<>(new JobId(row.id(1)), row.number(2)));
    List<JobId> others = since(events, since);
    Map<JobId, Change> all = new LinkedHashMap<>();
    begun.forEach(change -> all.put(change.id(), change));
    ended.forEach(change -> all.put(change.id(), change));
    since(created, since).forEach(change -> all.put(change.id(), change));
    others.removeAll(all.keySet());
    IdLists.list(session, BY_ID, others, ChangedJobs::change)
        .forEach(change -> all.put(change.id(), change));
    return new Changes(
        all.values().stream().sorted(Comparator.comparing(Change::at)).toList(),
        Micros.toInstant(now),
        begun.size() < limit
            && ended.size() < limit
            && isWhole(created, since, limit)
            && isWhole(events, since, limit));
  }

  private static List<Change> list(Session session, Sql sql, long since, int limit) {
    return session.sql(sql).set("since", since).set("limit", limit).list(ChangedJobs::change);
  }

  /** Reads the newest rows, few at first, as usually little has changed. */
  private static <T> List<Trace<T>> newest(
      Session session, Sql sql, long since, int limit, Function<Row, Trace<T>> mapper) {
    int few = Math.min(limit, FEW);
    List<Trace<T>> first = session.sql(sql).set("limit", few).list(mapper);
    return few == limit || isWhole(first, since, few)
        ? first
        : session.sql(sql).set("limit", limit).list(mapper);
  }

  private static <T> List<T> since(List<Trace<T>> newest, long since) {
    List<T> all = new ArrayList<>();
    newest.stream().filter(trace -> trace.at() >= since).forEach(trace -> all.add(trace.value()));
    return all;
  }

  /** Returns whether the rows read reach back far enough. */
  private static boolean isWhole(List<? extends Trace<?>> newest, long since, int limit) {
    return newest.size() < limit || newest.get(newest.size() - 1).at() < since;
  }

  private static Change change(Row row) {
    return new Change(
        new JobId(row.id("id")),
        row.text("queue"),
        row.text("type"),
        row.maybeText("job_group"),
        JobState.valueOf(row.text("state")),
        row.count("attempt"),
        row.number("token"),
        row.instant("updated_at"));
  }
}
