package dev.holdfast.jdbc.series;

import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.jdbc.sql.Bound;
import dev.holdfast.jdbc.sql.IdLists;
import dev.holdfast.jdbc.sql.Micros;
import dev.holdfast.jdbc.sql.Row;
import dev.holdfast.jdbc.sql.Session;
import dev.holdfast.jdbc.sql.Sql;
import dev.holdfast.spi.Insights.Change;
import dev.holdfast.spi.Insights.Changes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;

/**
 * Finds jobs whose state changed recently. There is no index on the time of changes, as every
 * change would have to update it; each kind of change is found where it leaves a trace.
 */
public final class ChangedJobs {
  private static final Sql BEGUN =
      Sql.of(
          """
          select id, queue, type, job_group, state, attempt, token, updated_at from jobs
           where state = 'RUNNING' and updated_at between :since and :until
           order by updated_at limit :limit
          """);

  private static final Sql ENDED =
      Sql.of(
          """
          select id, queue, type, job_group, state, attempt, token, updated_at from jobs
           where finished_at between :since and :until
           order by finished_at limit :limit
          """);

  /**
   * Reads the newest jobs: ids ascend with the time of creation. Those of other kinds than UUIDv7,
   * and of times when the clock was ahead, come before them; see {@link #created}.
   */
  private static final Sql NEWEST =
      Sql.of(
          """
          select id, queue, type, job_group, state, attempt, token, updated_at, created_at
            from jobs where id <= :latest order by id desc limit :limit
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

  /** Commits that are under way may be stamped a little later than this read. */
  private static final long UNDER_WAY = Micros.of(Duration.ofSeconds(2));

  /** The largest lead of callers' clocks that is usual. */
  private static final long CLOCKS_DIFFER = Micros.of(Duration.ofMinutes(1));

  private static final JobId LAST = new JobId(new UUID(-1, -1));

  private ChangedJobs() {}

  private record Trace<T>(T value, long at) {}

  /**
   * The times of changes to find: not those that a clock, set back since, has put in the future.
   */
  private record Span(long since, long until) {
    boolean contains(long at) {
      return at >= since && at <= until;
    }
  }

  public static Changes since(Session session, long since, int limit, long now) {
    Span span = new Span(since, Math.max(since, now + UNDER_WAY));
    List<Change> begun = list(session, BEGUN, span, limit);
    List<Change> ended = list(session, ENDED, span, limit);
    List<Trace<Change>> newest = created(session, LAST, span, limit);
    JobId byNow = new JobId(new UUID(((now + CLOCKS_DIFFER) / 1_000) << 16, 0));
    boolean hasLater = !newest.isEmpty() && newest.get(0).value().id().compareTo(byNow) > 0;
    List<Trace<Change>> behind = hasLater ? created(session, byNow, span, limit) : List.of();
    List<Trace<JobId>> events =
        newest(
            few -> session.sql(NEWEST_EVENTS).set("limit", few),
            span,
            limit,
            row -> new Trace<>(new JobId(row.id(1)), row.number(2)));
    List<JobId> others = within(events, span);
    Map<JobId, Change> all = new LinkedHashMap<>();
    begun.forEach(change -> all.put(change.id(), change));
    ended.forEach(change -> all.put(change.id(), change));
    within(newest, span).forEach(change -> all.put(change.id(), change));
    within(behind, span).forEach(change -> all.put(change.id(), change));
    others.removeAll(all.keySet());
    IdLists.list(session, BY_ID, others, ChangedJobs::change)
        .forEach(change -> all.put(change.id(), change));
    return new Changes(
        all.values().stream().sorted(Comparator.comparing(Change::at)).toList(),
        Micros.toInstant(now),
        begun.size() < limit
            && ended.size() < limit
            && isWhole(newest, span, limit)
            && isWhole(behind, span, limit)
            && isWhole(events, span, limit));
  }

  private static List<Change> list(Session session, Sql sql, Span span, int limit) {
    return session
        .sql(sql)
        .set("since", span.since)
        .set("until", span.until)
        .set("limit", limit)
        .list(ChangedJobs::change);
  }

  /** Returns the jobs with the highest ids up to one. */
  private static List<Trace<Change>> created(Session session, JobId latest, Span span, int limit) {
    return newest(
        few -> session.sql(NEWEST).set("latest", latest).set("limit", few),
        span,
        limit,
        row -> new Trace<>(change(row), row.number("created_at")));
  }

  /** Reads the newest rows, few at first, as usually little has changed. */
  private static <T> List<Trace<T>> newest(
      IntFunction<Bound> query, Span span, int limit, Function<Row, Trace<T>> mapper) {
    int few = Math.min(limit, FEW);
    List<Trace<T>> first = query.apply(few).list(mapper);
    return few == limit || isWhole(first, span, few) ? first : query.apply(limit).list(mapper);
  }

  private static <T> List<T> within(List<Trace<T>> newest, Span span) {
    List<T> all = new ArrayList<>();
    newest.stream()
        .filter(trace -> span.contains(trace.at()))
        .forEach(trace -> all.add(trace.value()));
    return all;
  }

  /** Returns whether the rows read reach back far enough. */
  private static boolean isWhole(List<? extends Trace<?>> newest, Span span, int limit) {
    return newest.size() < limit || !span.contains(newest.get(newest.size() - 1).at());
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
