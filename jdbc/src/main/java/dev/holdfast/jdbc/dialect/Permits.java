package dev.holdfast.jdbc.dialect;

import dev.holdfast.JobId;
import dev.holdfast.NodeId;
import dev.holdfast.jdbc.sql.Sql;
import java.util.List;
import java.util.Optional;

/**
 * Permits in use, some shared by several jobs. A permit counts as long as its job's row is RUNNING
 * with the same token, so ending the attempt in any way – by its holder, recovery or an operator –
 * returns it. Claims remove permits that no longer count, under the lock of the limit; retention
 * removes the rest.
 */
public final class Permits {
  private static final Sql RUNNING_OF_QUEUE =
      Sql.of(
          """
          insert into holds (job_id, token, queue, type, job_group)
          select id, token, queue, type, coalesce(job_group, '') from jobs
           where state = 'RUNNING' and queue = :queue
          on conflict (job_id) do nothing
          """);

  private static final Sql RUNNING_OF_TYPE =
      Sql.of(
          """
          insert into holds (job_id, token, queue, type, job_group)
          select id, token, queue, type, coalesce(job_group, '') from jobs
           where state = 'RUNNING' and type = :type
          on conflict (job_id) do nothing
          """);

  private static final String ENDED =
      """
       and not exists (select 1 from jobs j
                        where j.id = holds.job_id and j.token = holds.token
                          and j.state || '' = 'RUNNING')
      """;

  private static final Sql FORGET_OF_QUEUE =
      Sql.of("delete from holds where queue = :queue" + ENDED);

  private static final Sql FORGET_OF_TYPE = Sql.of("delete from holds where type = :type" + ENDED);

  private static final Sql OF_QUEUE =
      Sql.of(
          """
          select line, node, job_group, count(*) from holds
           where queue = :queue
           group by line, node, job_group
          """);

  /**
   * Counts permits without an id separately: those of older nodes, and of jobs that ran before the
   * limit.
   */
  private static final Sql OF_TYPE =
      Sql.of(
          """
          select count(distinct line) + count(case when line is null then 1 end) from holds
           where type = :type
          """);

  /**
   * Selects permits that no longer count. The token is compared, as a job that has begun again
   * meanwhile has another one.
   */
  private static final Sql ENDED_HOLDS =
      Sql.of(
          """
          select job_id, token from holds
           where not exists (select 1 from jobs j
                              where j.id = holds.job_id and j.token = holds.token
                                and j.state || '' = 'RUNNING')
           limit :limit
          """);

  private static final Sql FORGET =
      Sql.of("delete from holds where job_id = :job_id and token = :token");

  private Permits() {}

  private record Ended(JobId job, long token) {}

  /**
   * Jobs of one group that one node runs one after the other; jobs of other groups may share the
   * permit.
   *
   * @param line the id of the shared permit; empty for jobs that run independently
   */
  public record Line(Optional<Long> line, Optional<NodeId> node, String group, int jobs) {
    /** Returns how many of them may run at once. */
    public int count() {
      return line.isPresent() ? 1 : jobs;
    }
  }

  /** Counts jobs that began before their queue had a limit. */
  public static void countRunningOfQueue(Tx tx, String queue) {
    tx.sql(RUNNING_OF_QUEUE).set("queue", queue).update();
  }

  /** Counts jobs that began before their type had a limit. */
  static void countRunningOfType(Tx tx, String type) {
    tx.sql(RUNNING_OF_TYPE).set("type", type).update();
  }

  /** Returns the permits in use of a queue. */
  public static List<Line> ofQueue(Tx tx, String queue) {
    tx.sql(FORGET_OF_QUEUE).set("queue", queue).update();
    return tx.sql(OF_QUEUE)
        .set("queue", queue)
        .list(
            row ->
                new Line(
                    row.maybeNumber(1),
                    row.maybeId(2).map(NodeId::new),
                    row.text(3),
                    row.count(4)));
  }

  /** Returns the number of permits in use of a type. */
  public static int ofType(Tx tx, String type) {
    tx.sql(FORGET_OF_TYPE).set("type", type).update();
    return (int) tx.sql(OF_TYPE).set("type", type).number();
  }

  /**
   * Removes permits that no longer count and that no claim has removed, as their limit is gone or
   * unused. @return how many, at most {@code limit}
   */
  public static int forgetEnded(Tx tx, int limit) {
    List<Ended> ended =
        tx.sql(ENDED_HOLDS)
            .set("limit", limit)
            .list(row -> new Ended(new JobId(row.id(1)), row.number(2)));
    tx.updateEach(
        FORGET, ended, (forget, hold) -> forget.set("job_id", hold.job).set("token", hold.token));
    return ended.size();
  }
}
