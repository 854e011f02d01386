package dev.holdfast.jdbc.store;

import dev.holdfast.ConflictException;
import dev.holdfast.JobId;
import dev.holdfast.Lease;
import dev.holdfast.NodeId;
import dev.holdfast.spi.Death;
import dev.holdfast.spi.NodeInfo;
import dev.holdfast.spi.NodeSeen;
import dev.holdfast.spi.Orphan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The nodes, their leases, and the jobs that they hold or have left. */
final class Nodes {
  private static final Sql REGISTER =
      Sql.of(
          """
          insert into nodes
            (id, name, host, process_id, start_ticks, boot_id, pid_namespace, version, phase,
             started_at, heartbeat_at, heartbeats, lease_until, ended_at)
          values
            (:id, :name, :host, :process_id, :start_ticks, :boot_id, :pid_namespace, :version,
             'starting', :now, :now, 0, :lease_until, null)
          """);

  private static final Sql HEARTBEAT =
      Sql.of(
          """
          update nodes
             set heartbeat_at = :now, heartbeats = heartbeats + 1, lease_until = :lease_until,
                 phase = :phase, ended_at = null
           where id = :id
          """);

  private static final Sql BURY =
      Sql.of("update nodes set ended_at = :now where id = :id and ended_at is null");

  private static final Sql HEARTBEATS =
      Sql.of(
          """
          select coalesce(max(heartbeats), :not_living) from nodes
           where id = :id and ended_at is null
          """);

  private static final Sql LIVING =
      Sql.of("select id, heartbeats, heartbeat_at, lease_until from nodes where ended_at is null");

  private static final Sql HELD =
      Sql.of("select id, token, attempt from jobs where state = 'RUNNING' and node = :node");

  private static final Sql ORPHANS =
      Sql.of(
          """
          select id, token, attempt, node, type, crashes
            from jobs where state = 'RUNNING' and node = :node limit :limit
          """);

  private static final Sql STRAYS =
      Sql.of(
          """
          select id, token, attempt, node, type, crashes
            from jobs
           where state = 'RUNNING'
             and not exists (select 1 from nodes n where n.id = jobs.node and n.ended_at is null)
           limit :limit
          """);

  private static final String STRAY = "its node does not exist or has ended";

  private Nodes() {}

  static void register(Session session, NodeInfo node, Duration lease, long now) {
    session
        .sql(REGISTER)
        .set("id", node.id())
        .set("name", node.name())
        .set("host", node.host())
        .set("process_id", node.processId())
        .set("start_ticks", node.startTicks())
        .set("boot_id", node.bootId())
        .set("pid_namespace", node.pidNamespace())
        .set("version", node.version())
        .set("now", now)
        .set("lease_until", now + Micros.of(lease))
        .update();
  }

  static void heartbeat(Session session, NodeId node, Duration lease, String phase, long now) {
    int rows =
        session
            .sql(HEARTBEAT)
            .set("id", node)
            .set("phase", phase)
            .set("now", now)
            .set("lease_until", now + Micros.of(lease))
            .update();
    if (rows == 0) {
      throw new ConflictException(
          "the row of node %s is gone: was the database restored or replaced? Restart the node"
              .formatted(node));
    }
  }

  /** Whether a death is still one; in a writing transaction, so that it stays so. */
  static boolean isStill(Session session, Death death) {
    return death.heartbeats().isEmpty()
        || session
                .sql(HEARTBEATS)
                .set("id", death.node())
                .set("not_living", Death.NOT_LIVING)
                .number()
            == death.heartbeats().getAsLong();
  }

  static void bury(Session session, NodeId node, long now) {
    session.sql(BURY).set("id", node).set("now", now).update();
  }

  static List<NodeSeen> living(Session session, long now) {
    return session
        .sql(LIVING)
        .list(
            row ->
                new NodeSeen(
                    new NodeId(row.id("id")),
                    row.number("heartbeats"),
                    Micros.toDuration(row.number("lease_until") - row.number("heartbeat_at")),
                    row.number("lease_until") < now));
  }

  static List<Lease> held(Session session, NodeId node) {
    return session
        .sql(HELD)
        .set("node", node)
        .list(row -> new Lease(new JobId(row.id(1)), row.number(2), row.count(3), node));
  }

  static List<Orphan> orphans(
      Session session, Collection<Death> deaths, int limit, Liveness liveness) {
    List<Orphan> orphans = new ArrayList<>();
    for (Death death : deaths) {
      Optional<Set<JobId>> begun = liveness.begunBy(death.node());
      orphans.addAll(
          session
              .sql(ORPHANS)
              .set("node", death.node())
              .set("limit", limit - orphans.size())
              .list(row -> orphan(row, begun, death)));
    }
    return orphans;
  }

  static List<Orphan> strays(Session session, int limit) {
    return session
        .sql(STRAYS)
        .set("limit", limit)
        .list(
            row ->
                orphan(row, Optional.of(Set.of()), Death.ended(new NodeId(row.id("node")), STRAY)));
  }

  /** Where it cannot be known what was running, all of it counts as running. */
  private static Orphan orphan(Row row, Optional<Set<JobId>> begun, Death death) {
    JobId job = new JobId(row.id(1));
    Lease lease = new Lease(job, row.number(2), row.count(3), new NodeId(row.id(4)));
    boolean began = begun.map(jobs -> jobs.contains(job)).orElse(true);
    return new Orphan(lease, row.text(5), row.count(6), began, death);
  }
}
