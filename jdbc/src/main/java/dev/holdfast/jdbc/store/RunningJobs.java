package dev.holdfast.jdbc.store;

import dev.holdfast.JobFilter;
import dev.holdfast.JobId;
import dev.holdfast.jdbc.search.JobRows;
import dev.holdfast.jdbc.search.SearchConditions;
import dev.holdfast.jdbc.sql.IdLists;
import dev.holdfast.jdbc.sql.Micros;
import dev.holdfast.jdbc.sql.Row;
import dev.holdfast.jdbc.sql.Session;
import dev.holdfast.jdbc.sql.Sql;
import dev.holdfast.spi.Lease;
import dev.holdfast.spi.RunningJob;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Finds jobs that have been running for long. */
final class RunningJobs {
  private static final String FIND =
      """
      select id, token, attempt, node, type, crashes, max_attempts, started_at, timeout_us,
             (select count(*) from nodes holders
               where holders.id = jobs.node and holders.ended_at is null
                 and holders.lease_until >= :now)
        from jobs
       where state = 'RUNNING' and started_at <= :before
         %s
       order by started_at, id
       limit :limit
      """;

  private static final Sql FIND_MANY = IdLists.in("select * from job_rows where id in (%s)");

  private RunningJobs() {}

  /**
   * Returns them, longest first.
   *
   * @param filter without ages; its states are disregarded
   */
  static List<RunningJob> find(
      Session session, Duration atLeast, JobFilter filter, int limit, long now) {
    SearchConditions conditions = new SearchConditions(filter).withGroups(filter);
    boolean isChecked = !filter.ids().isEmpty() || filter.hasContent();
    List<RunningJob> running =
        session.once(
            Sql.of(FIND.formatted(conditions.sql())),
            query ->
                conditions
                    .bind(query)
                    .set("now", now)
                    .set("before", now - Micros.of(atLeast))
                    .set("limit", isChecked ? Integer.MAX_VALUE : limit)
                    .list(row -> job(row, now)));
    return isChecked ? checked(session, running, filter, limit) : running;
  }

  private static List<RunningJob> checked(
      Session session, List<RunningJob> running, JobFilter filter, int limit) {
    List<JobId> ids = running.stream().map(job -> job.lease().job()).toList();
    Set<JobId> matching = new HashSet<>();
    IdLists.list(session, FIND_MANY, ids, JobRows::job).stream()
        .filter(filter::matches)
        .forEach(job -> matching.add(job.id()));
    return running.stream()
        .filter(job -> matching.contains(job.lease().job()))
        .limit(limit)
        .toList();
  }

  private static RunningJob job(Row row, long now) {
    Lease lease = new Lease(new JobId(row.id(1)), row.number(2), row.count(3), Nodes.holder(row));
    return new RunningJob(
        lease,
        row.text(5),
        row.count(6),
        row.count(7),
        Micros.toDuration(Math.max(0, now - row.number(8))),
        row.maybeNumber(9).map(Micros::toDuration),
        row.count(10) == 1);
  }
}
