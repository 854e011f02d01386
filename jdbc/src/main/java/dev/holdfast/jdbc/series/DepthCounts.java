package dev.holdfast.jdbc.series;

import dev.holdfast.JobState;
import dev.holdfast.jdbc.sql.Micros;
import dev.holdfast.jdbc.sql.Session;
import dev.holdfast.jdbc.sql.Sql;
import dev.holdfast.spi.Insights;
import dev.holdfast.spi.Insights.Depth;
import dev.holdfast.spi.Insights.Depths;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Counts jobs that have not completed, along the index of each state. */
public final class DepthCounts {
  private static final Sql COUNTS =
      Sql.of(
          """
          select state, queue, type, count(*), min(run_at) from (
            select * from (select state, queue, type, run_at from jobs
                            where state = 'SCHEDULED' limit :most) as scheduled
            union all
            select * from (select state, queue, type, run_at from jobs
                            where state = 'BLOCKED' limit :most) as blocked
            union all
            select * from (select state, queue, type, run_at from jobs
                            where state = 'PENDING' limit :most) as pending
            union all
            select * from (select state, queue, type, run_at from jobs
                            where state = 'RUNNING' limit :most) as running
            union all
            select * from (select state, queue, type, run_at from jobs
                            where state = 'FAILED' limit :most) as failed
            union all
            select * from (select state, queue, type, run_at from jobs
                            where state = 'INTERRUPTED' and state > '' limit :most) as interrupted
            union all
            select * from (select state, queue, type, run_at from jobs
                            where state = 'CANCELLED' and state > '' limit :most) as cancelled
          ) as first_ones
           group by state, queue, type order by state, queue, type
          """);

  private DepthCounts() {}

  public static Depths of(Session session) {
    List<Depth> counts =
        session
            .sql(COUNTS)
            .set("most", Insights.DEPTH_LOOKED_AT_MAX)
            .list(
                row ->
                    new Depth(
                        JobState.valueOf(row.text(1)),
                        row.text(2),
                        row.text(3),
                        row.number(4),
                        Micros.toInstant(row.number(5))));
    Map<JobState, Long> sums = new EnumMap<>(JobState.class);
    counts.forEach(depth -> sums.merge(depth.state(), depth.jobs(), Long::sum));
    return new Depths(
        counts, sums.values().stream().allMatch(jobs -> jobs < Insights.DEPTH_LOOKED_AT_MAX));
  }
}
