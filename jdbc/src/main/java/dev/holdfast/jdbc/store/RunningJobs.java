package dev.holdfast.jdbc.store;

import dev.holdfast.JobFilter;
import dev.holdfast.JobId;
import dev.holdfast.Lease;
import dev.holdfast.spi.RunningJob;
import java.time.Duration;
import java.util.List;

/** The jobs that run for long. */
final class RunningJobs {
  private static final Sql FIND =
      Sql.of(
          """
          select j.id, j.token, j.attempt, j.node, j.type, j.crashes, j.started_at, j.timeout_us,
                 (select count(*) from nodes n
                   where n.id = j.node and n.ended_at is null and n.lease_until >= :now)
            from jobs j
           where j.state = 'RUNNING' and j.started_at <= :before
             and (cast(:queue as text) is null or j.queue = :queue)
             and (cast(:type as text) is null or j.type = :type)
             and (cast(:job_group as text) is null or j.job_group = :job_group)
             and (cast(:scope as text) is null
                  or replace(:scope, :edge || j.job_group || :edge, '') <> :scope)
           order by j.started_at, j.id
           limit :limit
          """);

  private RunningJobs() {}

  static List<RunningJob> find(
      Session session, Duration atLeast, JobFilter filter, int limit, long now) {
    return session
        .sql(FIND)
        .set("now", now)
        .set("before", now - Micros.of(atLeast))
        .set("queue", filter.queue())
        .set("type", filter.type())
        .set("job_group", filter.group())
        .set("scope", Scopes.text(filter.scope()))
        .set("edge", Scopes.EDGE)
        .set("limit", filter.ids().isEmpty() ? limit : Integer.MAX_VALUE)
        .list(row -> job(row, now))
        .stream()
        .filter(job -> filter.ids().isEmpty() || filter.ids().contains(job.lease().job()))
        .limit(limit)
        .toList();
  }

  private static RunningJob job(Row row, long now) {
    Lease lease = new Lease(new JobId(row.id(1)), row.number(2), row.count(3), Nodes.holder(row));
    return new RunningJob(
        lease,
        row.text(5),
        row.count(6),
        Micros.toDuration(Math.max(0, now - row.number(7))),
        row.maybeNumber(8).map(Micros::toDuration),
        row.count(9) == 1);
  }
}
