package dev.holdfast.jdbc.store;

import dev.holdfast.JobState;
import dev.holdfast.jdbc.series.JobCount;
import dev.holdfast.jdbc.sql.Micros;
import dev.holdfast.jdbc.sql.Row;
import dev.holdfast.jdbc.sql.Session;
import dev.holdfast.jdbc.sql.Sql;
import dev.holdfast.spi.upkeep.JobAges;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The jobs by state and age, with the same bounded work however many there are.
 *
 * @param jobs the figures, in the order of the states
 * @param notes which of them are not exact, and why
 */
record JobFigures(List<JobAges> jobs, List<String> notes) {
  private static final int COUNTED_MAX = 1_000_000;
  private static final int AGES_MAX = 20_000;

  private static final Sql ALL =
      Sql.of("select count(*) from (select 1 from jobs limit :most) as first_ones");

  /** Counts each state but COMPLETED, which no index is kept for. */
  private static final Sql COUNTS =
      Sql.of(
          """
          select 'PENDING', count(*) from (select 1 from jobs where state = 'PENDING' limit :most) as found
          union all
          select 'SCHEDULED', count(*) from (select 1 from jobs where state = 'SCHEDULED' limit :most) as found
          union all
          select 'RUNNING', count(*) from (select 1 from jobs where state = 'RUNNING' limit :most) as found
          union all
          select 'BLOCKED', count(*) from (select 1 from jobs where state = 'BLOCKED' limit :most) as found
          union all
          select 'FAILED', count(*)
            from (select 1 from jobs where state = 'FAILED' and state > '' limit :most) as found
          union all
          select 'INTERRUPTED', count(*)
            from (select 1 from jobs where state = 'INTERRUPTED' and state > '' limit :most) as found
          union all
          select 'CANCELLED', count(*)
            from (select 1 from jobs where state = 'CANCELLED' and state > '' limit :most) as found
          """);

  private static final Sql AGES =
      Sql.of(
          """
          select state,
                 sum(case when created_at > :hour then 1 else 0 end),
                 sum(case when created_at <= :hour and created_at > :day then 1 else 0 end),
                 sum(case when created_at <= :day and created_at > :week then 1 else 0 end),
                 sum(case when created_at <= :week then 1 else 0 end)
            from (select state, created_at from jobs order by id desc limit :most) as newest
           group by state
          """);

  static JobFigures read(Session session, long now) {
    List<String> notes = new ArrayList<>();
    long first = session.sql(ALL).set("most", JobCount.FEW_MAX).number();
    long all = first < JobCount.FEW_MAX ? first : Math.max(first, JobCount.last(session));
    if (first == JobCount.FEW_MAX) {
      notes.add("the number of COMPLETED jobs is an estimate, from the last count of all jobs");
    }
    Map<JobState, Long> counts = counts(session, all);
    counts.forEach(
        (state, count) -> {
          if (state != JobState.COMPLETED && count == COUNTED_MAX) {
            notes.add("at least %,d jobs are %s: no more are counted".formatted(count, state));
          }
        });
    if (all > AGES_MAX) {
      notes.add("the ages are those of the newest %,d jobs".formatted(AGES_MAX));
    }
    return new JobFigures(ages(session, now, counts), notes);
  }

  private static Map<JobState, Long> counts(Session session, long all) {
    Map<JobState, Long> counts = new EnumMap<>(JobState.class);
    counts.put(JobState.COMPLETED, 0L);
    for (Map.Entry<JobState, Long> one :
        session
            .sql(COUNTS)
            .set("most", COUNTED_MAX)
            .list(row -> Map.entry(JobState.valueOf(row.text(1)), row.number(2)))) {
      counts.put(one.getKey(), one.getValue());
    }
    long others = counts.values().stream().mapToLong(Long::longValue).sum();
    counts.put(JobState.COMPLETED, Math.max(0, all - others));
    return counts;
  }

  private static List<JobAges> ages(Session session, long now, Map<JobState, Long> counts) {
    Map<JobState, JobAges> ages = new EnumMap<>(JobState.class);
    counts.forEach((state, count) -> ages.put(state, new JobAges(state, count, 0, 0, 0, 0)));
    for (JobAges found :
        session
            .sql(AGES)
            .set("hour", now - Micros.of(Duration.ofHours(1)))
            .set("day", now - Micros.of(Duration.ofDays(1)))
            .set("week", now - Micros.of(Duration.ofDays(7)))
            .set("most", AGES_MAX)
            .list(row -> read(row, counts))) {
      ages.put(found.state(), found);
    }
    return List.copyOf(ages.values());
  }

  private static JobAges read(Row row, Map<JobState, Long> counts) {
    JobState state = JobState.valueOf(row.text(1));
    return new JobAges(
        state,
        counts.getOrDefault(state, 0L),
        row.number(2),
        row.number(3),
        row.number(4),
        row.number(5));
  }
}
