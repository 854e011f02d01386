package dev.holdfast.jdbc.store;

import dev.holdfast.JobId;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Sorting jobs into their lanes, some before each claim, the foremost first. They are not there if
 * another program wrote them, if they were moved, or if their lane's row was lost.
 */
final class Sorting {
  private static final int JOBS_MAX = 1_000;

  private static final Sql FIRST =
      Sql.of(
          """
          select id, queue, type, requires, job_group, rank, run_at from jobs
           where state = 'PENDING' and lane = :lane
           order by rank, run_at, id limit :limit
          """);

  private final Dialect dialect;
  private final JobLanes lanes;

  Sorting(Dialect dialect, JobLanes lanes) {
    this.dialect = dialect;
    this.lanes = lanes;
  }

  /** Sorts jobs of these lanes in that are not where they belong. @return whether there were any */
  boolean sortIn(Session session, List<LaneHead> heads, News news) {
    List<Long> ids = heads.stream().map(LaneHead::lane).toList();
    Set<Long> right =
        lanes.find(session, ids).stream()
            .filter(lanes::isRight)
            .map(JobLane::id)
            .collect(Collectors.toSet());
    List<Long> wrong = ids.stream().filter(id -> !right.contains(id)).toList();
    wrong.forEach(lane -> sortFrom(session, lane, news));
    return !wrong.isEmpty();
  }

  private void sortFrom(Session session, long from, News news) {
    List<SortedJob> jobs =
        session.sql(FIRST).set("lane", from).set("limit", JOBS_MAX).list(this::sorted);
    lanes.put(session, jobs.stream().map(SortedJob::lane).toList());
    dialect.sortIn(session, from, jobs);
    jobs.forEach(job -> news.arrived(job.lane().id(), job.place()));
  }

  private SortedJob sorted(Row row) {
    JobLane lane = lanes.of(row.text(2), row.text(3), row.maybeText(4), row.maybeText(5));
    return new SortedJob(new JobId(row.id(1)), lane, new Place(row.number(6), row.number(7)));
  }
}
