package dev.holdfast.jdbc.series;

import dev.holdfast.JobState;
import dev.holdfast.jdbc.sql.Bound;
import dev.holdfast.jdbc.sql.Micros;
import dev.holdfast.jdbc.sql.Row;
import dev.holdfast.jdbc.sql.Session;
import dev.holdfast.jdbc.sql.Sql;
import dev.holdfast.spi.Insights;
import dev.holdfast.spi.Insights.Bucket;
import dev.holdfast.spi.Insights.End;
import dev.holdfast.spi.Insights.Ends;
import dev.holdfast.spi.Insights.OfType;
import dev.holdfast.spi.Insights.RunTimes;
import dev.holdfast.spi.Insights.Throughput;
import dev.holdfast.spi.Insights.Window;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Statistics of jobs that ended recently: the newest ones, by the index of ends. */
public final class EndedJobs {
  private static final Sql ENDS =
      Sql.of(
          """
          select queue, type, state, count(*) as jobs,
                 sum(case when attempt > 1 then 1 else 0 end) as retried,
                 sum(attempt) as attempts, sum(crashes) as crashes, min(finished_at) as first
            from (select queue, type, state, attempt, crashes, finished_at from jobs
                   where finished_at >= :since
                   order by finished_at desc limit :most) as ended
           group by queue, type, state order by queue, type, state
          """);

  private static final Sql BUCKETS =
      Sql.of(
          """
          select number, count(*) as jobs, min(finished_at) as first,
                 sum(case when state = 'COMPLETED' then 1 else 0 end) as completed,
                 sum(case when state = 'FAILED' then 1 else 0 end) as failed,
                 sum(case when state = 'CANCELLED' then 1 else 0 end) as cancelled
            from (select (finished_at - :since) / :bucket as number, state, finished_at from jobs
                   where finished_at >= :since
                   order by finished_at desc limit :most) as ended
           group by number order by number
          """);

  /**
   * Computes percentiles by the nearest rank: of n values, the one at place n · p / 100, rounded
   * up.
   */
  private static final Sql RUN_TIMES =
      Sql.of(
          """
          select type, max(jobs) as jobs, min(first) as first, max(looked_at) as looked_at,
                 min(case when place >= (jobs * 50 + 99) / 100 then took end) as p50,
                 min(case when place >= (jobs * 90 + 99) / 100 then took end) as p90,
                 min(case when place >= (jobs * 95 + 99) / 100 then took end) as p95,
                 min(case when place >= (jobs * 99 + 99) / 100 then took end) as p99,
                 max(took) as most
            from (select type, took, first, looked_at,
                         row_number() over (partition by type order by took) as place,
                         count(*) over (partition by type) as jobs
                    from (select type, finished_at - started_at as took, state,
                                 min(finished_at) over () as first, count(*) over () as looked_at
                            from (select type, state, started_at, finished_at from jobs
                                   where finished_at >= :since
                                   order by finished_at desc limit :most) as newest) as ended
                   where took is not null and state in ('COMPLETED', 'FAILED')) as ranked
           group by type order by type
          """);

  private EndedJobs() {}

  private record Counted<T>(T value, long jobs, long first) {}

  private static Bound newest(Session session, Sql sql, long since) {
    return session.sql(sql).set("since", since).set("most", Insights.ENDED_LOOKED_AT_MAX);
  }

  public static Ends ends(Session session, long since, long now) {
    List<Counted<End>> counted =
        newest(session, ENDS, since)
            .list(row -> new Counted<>(end(row), row.number("jobs"), row.number("first")));
    return new Ends(window(counted, since, now), counted.stream().map(Counted::value).toList());
  }

  private static End end(Row row) {
    return new End(
        JobState.valueOf(row.text("state")),
        row.text("queue"),
        row.text("type"),
        row.number("jobs"),
        row.number("retried"),
        row.number("attempts"),
        row.number("crashes"));
  }

  private static Window window(List<? extends Counted<?>> counted, long since, long now) {
    return window(
        counted.stream().mapToLong(Counted::jobs).sum(),
        counted.stream().mapToLong(Counted::first).min().orElse(since),
        since,
        now);
  }

  private static Window window(long lookedAt, long first, long since, long now) {
    boolean isWhole = lookedAt < Insights.ENDED_LOOKED_AT_MAX;
    return new Window(Micros.toInstant(isWhole ? since : first), Micros.toInstant(now), isWhole);
  }

  public static Throughput throughput(Session session, long since, long bucket, long now) {
    List<Counted<Bucket>> counted =
        newest(session, BUCKETS, since)
            .set("bucket", bucket)
            .list(
                row ->
                    new Counted<>(
                        bucket(row, since, bucket), row.number("jobs"), row.number("first")));
    Window window = window(counted, since, now);
    Map<Instant, Bucket> known = new HashMap<>();
    counted.forEach(one -> known.put(one.value().from(), one.value()));
    List<Bucket> all = new ArrayList<>();
    for (long from = since; from < now; from += bucket) {
      Instant begin = Micros.toInstant(from);
      if (Micros.toInstant(from + bucket).isAfter(window.since())) {
        all.add(known.getOrDefault(begin, new Bucket(begin, 0, 0, 0)));
      }
    }
    return new Throughput(window, all);
  }

  private static Bucket bucket(Row row, long since, long bucket) {
    return new Bucket(
        Micros.toInstant(since + row.number("number") * bucket),
        row.number("completed"),
        row.number("failed"),
        row.number("cancelled"));
  }

  public static RunTimes runTimes(Session session, long since, long now) {
    List<Counted<OfType>> counted =
        newest(session, RUN_TIMES, since)
            .list(row -> new Counted<>(ofType(row), row.number("looked_at"), row.number("first")));
    Window window =
        counted.stream()
            .findFirst()
            .map(any -> window(any.jobs(), any.first(), since, now))
            .orElseGet(() -> window(0, since, since, now));
    return new RunTimes(window, counted.stream().map(Counted::value).toList());
  }

  private static OfType ofType(Row row) {
    return new OfType(
        row.text("type"),
        row.number("jobs"),
        duration(row, "p50"),
        duration(row, "p90"),
        duration(row, "p95"),
        duration(row, "p99"),
        duration(row, "most"));
  }

  private static Duration duration(Row row, String column) {
    return Micros.toDuration(row.number(column));
  }
}
