package dev.holdfast.jdbc.store;

import dev.holdfast.ConflictException;
import dev.holdfast.JobId;
import dev.holdfast.Lease;
import dev.holdfast.NodeId;
import dev.holdfast.NodeOrder;
import dev.holdfast.NodePhase;
import dev.holdfast.RecoveryPolicy;
import dev.holdfast.Vitals;
import dev.holdfast.spi.Death;
import dev.holdfast.spi.NodeInfo;
import dev.holdfast.spi.NodeSeen;
import dev.holdfast.spi.Orphan;
import dev.holdfast.spi.Serves;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** The nodes, their leases, and the jobs that they hold or have left. */
final class Nodes {
  private static final Sql REGISTER =
      Sql.of(
          """
          insert into nodes
            (id, name, host, process_id, start_ticks, boot_id, pid_namespace, version, phase,
             queues, types, capabilities, concurrency, started_at, heartbeat_at, heartbeats, lease_until)
          values
            (:id, :name, :host, :process_id, :start_ticks, :boot_id, :pid_namespace, :version,
             'starting', :queues, :types, :capabilities, :concurrency, :now, :now, 0, :lease_until)
          """);

  private static final Sql HEARTBEAT =
      Sql.of(
          """
          update nodes
             set heartbeat_at = :now, heartbeats = heartbeats + 1, lease_until = :lease_until,
                 phase = :phase, vitals = :vitals, ended_at = null
           where id = :id
          """);

  private static final Sql WANTED = Sql.of("select wanted from nodes where id = :id");

  private static final Sql ORDER =
      Sql.of("update nodes set wanted = :wanted where id = :id and ended_at is null");

  private static final Sql POLICIES = Sql.of("select types from nodes where id = :id");

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

  private static final UUID NOBODY = new UUID(0, 0);
  private static final String STRAY = "its node does not exist or has ended";

  private Nodes() {}

  static void register(Session session, NodeInfo node, Serves serves, Duration lease, long now) {
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
        .set("queues", NodeRows.queues(serves))
        .set("types", NodeRows.types(serves))
        .set("capabilities", NodeRows.capabilities(serves))
        .set("concurrency", serves.concurrency())
        .set("now", now)
        .set("lease_until", now + Micros.of(lease))
        .update();
  }

  static NodeOrder heartbeat(
      Session session, NodeId node, Duration lease, NodePhase phase, Vitals vitals, long now) {
    int rows =
        session
            .sql(HEARTBEAT)
            .set("id", node)
            .set("phase", phase.name().toLowerCase(Locale.ROOT))
            .set("vitals", NodeRows.vitals(vitals))
            .set("now", now)
            .set("lease_until", now + Micros.of(lease))
            .update();
    if (rows == 0) {
      throw new ConflictException(
          "the row of node %s is gone: was the database restored or replaced? Restart the node"
              .formatted(node));
    }
    return session
        .sql(WANTED)
        .set("id", node)
        .first(row -> NodeOrder.valueOf(row.text(1)))
        .orElseThrow();
  }

  /** Leaves a note for nodes; they find it with their next heartbeat. */
  static List<NodeId> order(Session session, NodeOrder order, List<NodeId> nodes) {
    List<NodeId> asked =
        nodes.isEmpty() ? session.sql(LIVING).list(row -> new NodeId(row.id("id"))) : nodes;
    return asked.stream()
        .filter(
            node -> session.sql(ORDER).set("id", node).set("wanted", order.name()).update() == 1)
        .toList();
  }

  /** Whether a death is still one; the node is held, so that it stays so. */
  static boolean isStill(Session session, Death death) {
    return death.heartbeats().isEmpty()
        || session
                .sql(HEARTBEATS)
                .set("id", death.node())
                .set("not_living", Death.NOT_LIVING)
                .number()
            == death.heartbeats().getAsLong();
  }

  /** Ends a node. @return whether it had not ended before */
  static boolean bury(Session session, NodeId node, long now) {
    return session.sql(BURY).set("id", node).set("now", now).update() == 1;
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
                    row.number("lease_until") < now,
                    Micros.toDuration(Math.max(0, now - row.number("heartbeat_at")))));
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
      Map<String, RecoveryPolicy> policies = policies(session, death.node());
      orphans.addAll(
          session
              .sql(ORPHANS)
              .set("node", death.node())
              .set("limit", limit - orphans.size())
              .list(row -> orphan(row, begun, policies, death)));
    }
    return orphans;
  }

  static List<Orphan> strays(Session session, int limit) {
    return session.sql(STRAYS).set("limit", limit).list(Nodes::stray);
  }

  /** What it was doing when its node went is not known any more: that counts for it. */
  private static Orphan stray(Row row) {
    return orphan(row, Optional.of(Set.of()), Map.of(), Death.ended(holder(row), STRAY));
  }

  private static Map<String, RecoveryPolicy> policies(Session session, NodeId node) {
    return session
        .sql(POLICIES)
        .set("id", node)
        .first(row -> NodeRows.policies(row.text(1)))
        .orElse(Map.of());
  }

  /** A row that somebody changed by hand may name none. */
  static NodeId holder(Row row) {
    return new NodeId(row.maybeId("node").orElse(NOBODY));
  }

  /** Where it cannot be known what was running, all of it counts as running. */
  private static Orphan orphan(
      Row row, Optional<Set<JobId>> begun, Map<String, RecoveryPolicy> policies, Death death) {
    JobId job = new JobId(row.id(1));
    Lease lease = new Lease(job, row.number(2), row.count(3), holder(row));
    boolean began = begun.map(jobs -> jobs.contains(job)).orElse(true);
    Optional<RecoveryPolicy> recovery = Optional.ofNullable(policies.get(row.text(5)));
    return new Orphan(lease, row.text(5), row.count(6), began, recovery, death);
  }
}
