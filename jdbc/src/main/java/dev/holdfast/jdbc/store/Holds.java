package dev.holdfast.jdbc.store;

import dev.holdfast.JobId;
import dev.holdfast.spi.Claimed;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Who runs under a limit. A hold counts as long as its job's row says that it runs under the same
 * token, so whatever ends the attempt gives the slot back by that alone: its holder, recovery, an
 * operator. Claims remove what counts no more, under the lock of the limit; what they leave behind
 * is removed with all that is old.
 */
final class Holds {
  private static final Sql PUT =
      Sql.of(
          """
          insert into holds (job_id, token, queue, type, job_group)
          select id, token, queue, type, coalesce(job_group, '') from jobs where id = :id
          on conflict (job_id) do update set token = excluded.token, queue = excluded.queue
          """);

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

  private static final Sql BY_GROUP =
      Sql.of("select job_group, count(*) from holds where queue = :queue group by job_group");

  private static final Sql OF_TYPE = Sql.of("select count(*) from holds where type = :type");

  /** The token goes along: a job that has begun again meanwhile has another one. */
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

  private Holds() {}

  private record Ended(JobId job, long token) {}

  static void put(Session session, Claimed job) {
    session.sql(PUT).set("id", job.lease().job()).update();
  }

  /** Jobs that began before their queue had a limit. */
  static void countRunningOfQueue(Session session, String queue) {
    session.sql(RUNNING_OF_QUEUE).set("queue", queue).update();
  }

  /** The same of a type. */
  static void countRunningOfType(Session session, String type) {
    session.sql(RUNNING_OF_TYPE).set("type", type).update();
  }

  /** How many run of each group of a queue; those without one under an empty text. */
  static Map<String, Integer> byGroup(Session session, String queue) {
    session.sql(FORGET_OF_QUEUE).set("queue", queue).update();
    Map<String, Integer> counts = new TreeMap<>();
    session.sql(BY_GROUP).set("queue", queue).list(row -> put(counts, row));
    return counts;
  }

  private static Optional<Integer> put(Map<String, Integer> counts, Row row) {
    return Optional.ofNullable(counts.put(row.text(1), row.count(2)));
  }

  /** How many run of a type. */
  static int ofType(Session session, String type) {
    session.sql(FORGET_OF_TYPE).set("type", type).update();
    return (int) session.sql(OF_TYPE).set("type", type).number();
  }

  /**
   * Removes what counts no more and no claim has removed, as its limit is gone, or nobody claims
   * under it. @return how many, at most {@code limit}
   */
  static int forgetEnded(Session session, int limit) {
    List<Ended> ended =
        session
            .sql(ENDED_HOLDS)
            .set("limit", limit)
            .list(row -> new Ended(new JobId(row.id(1)), row.number(2)));
    session.updateEach(
        FORGET, ended, (forget, hold) -> forget.set("job_id", hold.job).set("token", hold.token));
    return ended.size();
  }
}
