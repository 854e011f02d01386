package dev.holdfast.jdbc.store;

import dev.holdfast.JobId;
import dev.holdfast.NodeCommand;
import dev.holdfast.NodeId;
import dev.holdfast.NodePhase;
import dev.holdfast.RecoveryPolicy;
import dev.holdfast.error.ConflictException;
import dev.holdfast.jdbc.dialect.Liveness;
import dev.holdfast.jdbc.dialect.Tx;
import dev.holdfast.jdbc.sql.Json;
import dev.holdfast.jdbc.sql.Micros;
import dev.holdfast.jdbc.sql.Row;
import dev.holdfast.jdbc.sql.Session;
import dev.holdfast.jdbc.sql.Sql;
import dev.holdfast.spi.Death;
import dev.holdfast.spi.Lease;
import dev.holdfast.spi.LeaseRules;
import dev.holdfast.spi.NodeInfo;
import dev.holdfast.spi.NodeSeen;
import dev.holdfast.spi.Orphan;
import dev.holdfast.spi.Registration;
import dev.holdfast.spi.ServedWork;
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
             queues, types, rules, capabilities, concurrency, started_at, heartbeat_at, heartbeats, lease_until)
          values
            (:id, :name, :host, :process_id, :start_ticks, :boot_id, :pid_namespace, :version,
             'starting', :queues, :types, :rules, :capabilities, :concurrency, :now, :now, 0, :lease_until)
          """);

  private static final Sql HEARTBEAT =
      Sql.of(
          """
          update nodes
             set heartbeat_at = :now, heartbeats = heartbeats + 1, lease_until = :lease_until,
                 phase = :phase, vitals = :vitals, ended_at = null
           where id = :id
          """);

  private static final Sql REGISTRATION =
      Sql.of(
          """
          select queues, types, capabilities, concurrency, lease_until, heartbeat_at, ended_at
            from nodes
           where id = :id
          """);

  private static final Sql WANTED = Sql.of("select wanted from nodes where id = :id");

  private static final Sql ORDER =
      Sql.of("update nodes set wanted = :wanted where id = :id and ended_at is null");

  private static final Sql SAID =
      Sql.of("select types, rules, lease_until - heartbeat_at from nodes where id = :id");

  private static final Sql DEREGISTER =
      Sql.of("update nodes set ended_at = :now where id = :id and ended_at is null");

  /** A last sign of life, so that no node takes its end for a death. */
  private static final Sql LEAVE =
      Sql.of(
          """
          update nodes set ended_at = coalesce(ended_at, :now), heartbeats = heartbeats + 1
           where id = :id
          """);

  private static final Sql HEARTBEATS =
      Sql.of(
          """
          select coalesce(max(heartbeats), :not_living) from nodes
           where id = :id and ended_at is null
          """);

  private static final Sql LIVING =
      Sql.of("select id, heartbeats, heartbeat_at, lease_until from nodes where ended_at is null");

  private static final Sql OF_KNOWN_PROCESSES =
      Sql.of(
          """
          select id, name, host, process_id, start_ticks, boot_id, pid_namespace, version
            from nodes
           where ended_at is null and start_ticks > 0
          """);

  private static final Sql HELD =
      Sql.of("select id, token, attempt from jobs where state = 'RUNNING' and node = :node");

  private static final Sql ORPHANS =
      Sql.of(
          """
          with held as materialized (
            select id, token, attempt, node, queue, type, crashes, lapses
              from jobs where state = 'RUNNING' and node = :node)
          select id, token, attempt, node, type, crashes, lapses,
                 (select count(*) from job_lapses l where l.job_id = held.id
                                                      and l.crashed_at is null) as unsettled,
                 case when exists (select 1 from queues q
                                    where q.name = held.queue
                                      and (q.concurrency = 1 or q.concurrency_per_group = 1))
                        or exists (select 1 from type_limits t
                                    where t.type = held.type and t.concurrency = 1)
                      then 1 else 0 end as alone
            from held where id > :after order by id limit :limit
          """);

  private static final Sql STRAYS =
      Sql.of(
          """
          with stray as materialized (
            select id, token, attempt, node, type, crashes, lapses
              from jobs
             where state = 'RUNNING'
               and not exists (select 1 from nodes n
                                where n.id = jobs.node and n.ended_at is null))
          select id, token, attempt, node, type, crashes, lapses, 0 as unsettled, 0 as alone
            from stray where id > :after order by id limit :limit
          """);

  private static final UUID NOBODY = new UUID(0, 0);
  private static final JobId FIRST = new JobId(new UUID(0, 0));
  private static final String STRAY = "its node does not exist or has ended";

  private Nodes() {}

  static void register(Tx tx, NodeInfo node, NodeRows.Served serves, Duration lease) {
    tx.sql(REGISTER)
        .set("id", node.id())
        .set("name", node.name())
        .set("host", node.host())
        .set("process_id", node.processId())
        .set("start_ticks", node.startTicks())
        .set("boot_id", node.bootId())
        .set("pid_namespace", node.pidNamespace())
        .set("version", node.version())
        .set("queues", serves.queues())
        .set("types", serves.types())
        .set("rules", serves.rules())
        .set("capabilities", serves.capabilities())
        .set("concurrency", serves.concurrency())
        .set("now", tx.now())
        .set("lease_until", tx.now() + Micros.of(lease))
        .update();
  }

  static Optional<Registration> registration(Session session, NodeId node) {
    return session.sql(REGISTRATION).set("id", node).first(Nodes::registration);
  }

  private static Registration registration(Row row) {
    ServedWork serves =
        new ServedWork(
            Json.texts(row.text("queues")),
            NodeRows.policies(row.text("types")),
            Json.object(row.text("capabilities")),
            row.count("concurrency"));
    Duration lease = Micros.toDuration(row.number("lease_until") - row.number("heartbeat_at"));
    return new Registration(serves, lease, row.maybeInstant("ended_at").isPresent());
  }

  static NodeCommand heartbeat(Tx tx, NodeId node, Duration lease, NodePhase phase, String vitals) {
    int rows =
        tx.sql(HEARTBEAT)
            .set("id", node)
            .set("phase", phase.name().toLowerCase(Locale.ROOT))
            .set("vitals", vitals)
            .set("now", tx.now())
            .set("lease_until", tx.now() + Micros.of(lease))
            .update();
    if (rows == 0) {
      throw new ConflictException(
          "the row of node %s is gone: was the database restored or replaced? Restart the node"
              .formatted(node));
    }
    return tx.sql(WANTED)
        .set("id", node)
        .first(row -> NodeCommand.valueOf(row.text(1)))
        .orElseThrow();
  }

  /** Leaves a note for nodes; they find it with their next heartbeat. */
  static List<NodeId> command(Tx tx, NodeCommand command, List<NodeId> nodes) {
    List<NodeId> asked =
        nodes.isEmpty() ? tx.sql(LIVING).list(row -> new NodeId(row.id("id"))) : nodes;
    return asked.stream()
        .filter(node -> tx.sql(ORDER).set("id", node).set("wanted", command.name()).update() == 1)
        .toList();
  }

  /** Returns whether a death is still valid; the node's row is locked, so it stays so. */
  static boolean isStill(Session session, Death death) {
    return death.heartbeats().isEmpty()
        || session
                .sql(HEARTBEATS)
                .set("id", death.node())
                .set("not_living", Death.NOT_LIVING)
                .number()
            == death.heartbeats().getAsLong();
  }

  /** Ends a node that stopped cleanly. */
  static void leave(Tx tx, NodeId node) {
    tx.sql(LEAVE).set("id", node).set("now", tx.now()).update();
  }

  /** Ends a node. @return whether it had not ended before */
  static boolean deregister(Tx tx, NodeId node) {
    return tx.sql(DEREGISTER).set("id", node).set("now", tx.now()).update() == 1;
  }

  /**
   * Returns the nodes that have not ended and whose process was known to the one who registered.
   */
  static List<NodeInfo> ofKnownProcesses(Session session) {
    return session
        .sql(OF_KNOWN_PROCESSES)
        .list(
            row ->
                new NodeInfo(
                    new NodeId(row.id(1)),
                    row.text(2),
                    row.text(3),
                    row.number(4),
                    row.number(5),
                    row.text(6),
                    row.text(7),
                    row.text(8)));
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
                    isLapsed(row, now),
                    Micros.toDuration(Math.max(0, now - row.number("heartbeat_at")))));
  }

  /**
   * A heartbeat of the future was written before the clock was set back, and none since: then the
   * stored end of the lease proves nothing, and silence alone decides.
   */
  private static boolean isLapsed(Row row, long now) {
    return row.number("lease_until") < now || row.number("heartbeat_at") > now;
  }

  static List<Lease> held(Session session, NodeId node) {
    return session
        .sql(HELD)
        .set("node", node)
        .list(row -> new Lease(new JobId(row.id(1)), row.number(2), row.count(3), node));
  }

  static List<Orphan> orphans(
      Session session,
      Collection<Death> deaths,
      Optional<JobId> after,
      int limit,
      Liveness liveness) {
    List<Orphan> orphans = new ArrayList<>();
    for (Death death : deaths) {
      Optional<Set<JobId>> begun = liveness.begunBy(death.node());
      Said said = said(session, death.node());
      orphans.addAll(
          session
              .sql(ORPHANS)
              .set("node", death.node())
              .set("after", after.orElse(FIRST))
              .set("limit", limit - orphans.size())
              .list(row -> orphan(row, begun, said, death)));
    }
    return orphans;
  }

  static List<Orphan> strays(Session session, Optional<JobId> after, int limit) {
    return session
        .sql(STRAYS)
        .set("after", after.orElse(FIRST))
        .set("limit", limit)
        .list(Nodes::stray);
  }

  /** Creates an orphan without a node; it counts as not begun, as nothing is known of it. */
  private static Orphan stray(Row row) {
    return orphan(row, Optional.of(Set.of()), Said.NOTHING, Death.ended(holder(row), STRAY));
  }

  /** The rules that a node registered for its types. */
  private record Said(
      Map<String, RecoveryPolicy> recoveries, Map<String, LeaseRules> rules, Duration lease) {
    static final Said NOTHING = new Said(Map.of(), Map.of(), Duration.ZERO);

    Orphan.Said of(String type) {
      return new Orphan.Said(
          ServedWork.policy(recoveries, type),
          rules.getOrDefault(type, LeaseRules.DEFAULTS),
          lease);
    }
  }

  private static Said said(Session session, NodeId node) {
    return session
        .sql(SAID)
        .set("id", node)
        .first(
            row ->
                new Said(
                    NodeRows.policies(row.text(1)),
                    NodeRows.rules(row.text(2)),
                    Micros.toDuration(row.number(3))))
        .orElse(Said.NOTHING);
  }

  /** Returns the holder; a row changed by hand may name none. */
  static NodeId holder(Row row) {
    return new NodeId(row.maybeId("node").orElse(NOBODY));
  }

  /** Creates an orphan; where it is unknown which jobs were running, all count as running. */
  private static Orphan orphan(Row row, Optional<Set<JobId>> begun, Said said, Death death) {
    JobId job = new JobId(row.id(1));
    Lease lease = new Lease(job, row.number(2), row.count(3), holder(row));
    boolean began = begun.map(jobs -> jobs.contains(job)).orElse(true);
    Orphan.History history = new Orphan.History(row.count(6), row.count(7), row.count(8));
    boolean alone = row.count(9) == 1;
    return new Orphan(lease, row.text(5), history, began, alone, said.of(row.text(5)), death);
  }
}
