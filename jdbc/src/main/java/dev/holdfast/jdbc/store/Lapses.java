package dev.holdfast.jdbc.store;

import dev.holdfast.JobId;
import dev.holdfast.NodeId;
import dev.holdfast.jdbc.dialect.Tx;
import dev.holdfast.jdbc.sql.Bound;
import dev.holdfast.jdbc.sql.Micros;
import dev.holdfast.jdbc.sql.Session;
import dev.holdfast.jdbc.sql.Sql;
import dev.holdfast.spi.Death;
import dev.holdfast.spi.Lapse;
import dev.holdfast.spi.Lease;
import dev.holdfast.spi.Rescue;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Leases taken from nodes that missed their heartbeats: they count as lapses, then as crashes once
 * their node has not come back for the time of its lease, unless it comes back after all.
 */
final class Lapses {
  private static final Duration RETURN_MAX = Duration.ofDays(1);

  private static final Sql ADD =
      Sql.of(
          """
          insert into job_lapses (job_id, token, attempt, node, heartbeats, wait_us, at)
          select :job_id, :token, :attempt, id, :heartbeats, lease_until - heartbeat_at, :now
            from nodes where id = :node
          """);

  private static final Sql OPEN =
      Sql.of(
          """
          select l.job_id, l.token, l.attempt, l.node, l.heartbeats, l.wait_us,
                 case when n.heartbeats <> l.heartbeats then 1 else 0 end as returned
            from job_lapses l left join nodes n on n.id = l.node
           where (l.job_id, l.token) > (:after_job, :after_token)
             and (l.crashed_at is null or n.heartbeats <> l.heartbeats)
           order by l.job_id, l.token
           limit :limit
          """);

  private static final Sql REMOVE_RETURNED =
      Sql.of(
          """
          delete from job_lapses
           where job_id = :job_id and token = :token and crashed_at is null
             and exists (select 1 from nodes n
                          where n.id = job_lapses.node and n.heartbeats <> job_lapses.heartbeats)
          """);

  private static final Sql REMOVE_RETURNED_LATE =
      Sql.of(
          """
          delete from job_lapses
           where job_id = :job_id and token = :token and crashed_at is not null
             and exists (select 1 from nodes n
                          where n.id = job_lapses.node and n.heartbeats <> job_lapses.heartbeats)
          """);

  private static final Sql MARK_AS_CRASH =
      Sql.of(
          """
          update job_lapses set crashed_at = :now
           where job_id = :job_id and token = :token and crashed_at is null
          """);

  private static final Sql BECOME_CRASH =
      Sql.of(
          """
          update jobs set crashes = crashes + 1, lapses = lapses - 1, lane = 0
           where id = :job_id and lapses > 0
          """);

  private static final Sql BECOME_LAPSE =
      Sql.of(
          """
          update jobs set crashes = crashes - 1, lapses = lapses + 1, lane = 0
           where id = :job_id and crashes > 0
          """);

  private static final Sql FORGET = Sql.of("delete from job_lapses where job_id = :job_id");

  private static final Sql FORGET_OLD =
      Sql.of(
          """
          delete from job_lapses
           where (job_id, token) in (select job_id, token from job_lapses
                                      where crashed_at < :before limit :limit)
          """);

  private static final JobId FIRST = new JobId(new UUID(0, 0));

  private Lapses() {}

  /** The job was taken from a node that is presumed to be dead. */
  static void add(Tx tx, Rescue rescue) {
    Lease lease = rescue.lease();
    tx.sql(ADD)
        .set("job_id", lease.job())
        .set("token", lease.token())
        .set("attempt", lease.attempt())
        .set("node", lease.node())
        .set("heartbeats", rescue.death().map(Death::heartbeats).orElseThrow().getAsLong())
        .set("now", tx.now())
        .update();
  }

  static List<Lapse> open(Session session, Optional<Lease> after, int limit) {
    return session
        .sql(OPEN)
        .set("after_job", after.map(Lease::job).orElse(FIRST))
        .set("after_token", after.map(Lease::token).orElse(0L))
        .set("limit", limit)
        .list(
            row ->
                new Lapse(
                    new Lease(
                        new JobId(row.id(1)), row.number(2), row.count(3), new NodeId(row.id(4))),
                    row.number(5),
                    row.count(7) == 1,
                    Micros.toDuration(row.number(6))));
  }

  /** Settles them, and returns those whose charge has changed. */
  static List<Lapse> settle(Tx tx, List<Lapse> lapses) {
    return lapses.stream().flatMap(lapse -> settle(tx, lapse).stream()).toList();
  }

  private static Optional<Lapse> settle(Tx tx, Lapse lapse) {
    if (changes(tx, REMOVE_RETURNED, lapse)) {
      return Optional.empty();
    }
    if (changes(tx, REMOVE_RETURNED_LATE, lapse)) {
      tx.sql(BECOME_LAPSE).set("job_id", lapse.lease().job()).update();
      return Optional.of(lapse.returned(true));
    }
    if (bound(tx, MARK_AS_CRASH, lapse).set("now", tx.now()).update() == 0) {
      return Optional.empty();
    }
    tx.sql(BECOME_CRASH).set("job_id", lapse.lease().job()).update();
    return Optional.of(lapse.returned(false));
  }

  private static boolean changes(Tx tx, Sql sql, Lapse lapse) {
    return bound(tx, sql, lapse).update() == 1;
  }

  private static Bound bound(Session session, Sql sql, Lapse lapse) {
    return session.sql(sql).set("job_id", lapse.lease().job()).set("token", lapse.lease().token());
  }

  /** Forgets lapses of nodes that have been gone for long and will not come back. */
  static int forgetOld(Tx tx, int limit) {
    return tx.sql(FORGET_OLD)
        .set("before", tx.now() - Micros.of(RETURN_MAX))
        .set("limit", limit)
        .update();
  }

  /** The jobs begin again, with all their attempts before them. */
  static void forget(Tx tx, List<JobId> jobs) {
    tx.updateEach(FORGET, jobs, (forget, job) -> forget.set("job_id", job));
  }
}
