package dev.holdfast.jdbc.store;

import dev.holdfast.NodeCommand;
import dev.holdfast.NodeId;
import dev.holdfast.NodePhase;
import dev.holdfast.QueueStatus;
import dev.holdfast.QueueStatus.Liveness;
import dev.holdfast.RecoveryPolicy;
import dev.holdfast.Vitals;
import dev.holdfast.jdbc.sql.Json;
import dev.holdfast.jdbc.sql.Micros;
import dev.holdfast.jdbc.sql.Row;
import dev.holdfast.jdbc.sql.Session;
import dev.holdfast.jdbc.sql.Sql;
import dev.holdfast.spi.LeaseRules;
import dev.holdfast.spi.ServedWork;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Nodes as they are read. */
final class NodeRows {
  /** Selects nodes that have not ended, each with the number of jobs it holds. */
  private static final Sql LIVING =
      Sql.of(
          """
          select n.*, (select count(*) from jobs j
                        where j.state = 'RUNNING' and j.node = n.id) as held
            from nodes n
           where n.ended_at is null
           order by n.started_at
          """);

  private static final Sql RULES = Sql.of("select types, rules from nodes where ended_at is null");

  private NodeRows() {}

  static List<QueueStatus.Node> living(Session session, long now) {
    return session.sql(LIVING).list(row -> node(row, now));
  }

  private static QueueStatus.Node node(Row row, long now) {
    long heartbeatAt = row.number("heartbeat_at");
    Duration lease = Micros.toDuration(row.number("lease_until") - heartbeatAt);
    Duration silence = Micros.toDuration(Math.max(0, now - heartbeatAt));
    return new QueueStatus.Node(
        new NodeId(row.id("id")),
        row.text("name"),
        row.text("host"),
        row.number("process_id"),
        row.text("version"),
        NodePhase.valueOf(row.text("phase").toUpperCase(Locale.ROOT)),
        NodeCommand.valueOf(row.text("wanted")),
        Json.texts(row.text("queues")),
        types(row.text("types")),
        Json.object(row.text("capabilities")),
        row.count("concurrency"),
        row.number("held"),
        row.instant("started_at"),
        row.instant("heartbeat_at"),
        Liveness.after(silence, lease),
        vitals(row.text("vitals")));
  }

  private static Set<String> types(String json) {
    return policies(json).keySet();
  }

  /** Parses the recovery policies by type. */
  static Map<String, RecoveryPolicy> policies(String json) {
    return Json.policies(json);
  }

  /** The strictest rules of the nodes that handle a type. */
  static LeaseRules rules(Session session, String type) {
    return LeaseRules.strictest(
        session
            .sql(RULES)
            .list(
                row ->
                    ServedWork.policy(policies(row.text(1)), type)
                        .map(handled -> rules(row.text(2)).getOrDefault(type, LeaseRules.DEFAULTS)))
            .stream()
            .flatMap(Optional::stream));
  }

  /** Parses the types' rules for lost leases, where they are not the default. */
  static Map<String, LeaseRules> rules(String json) {
    return Json.leaseRules(json);
  }

  private static Vitals vitals(String json) {
    return json.equals("{}") ? Vitals.none() : Json.read(json, Vitals.class);
  }

  /**
   * The work that a node runs, as its row holds it. Made before the transaction: in a process that
   * has just started, the first JSON takes longer than all statements, and others would wait.
   */
  record Served(String queues, String types, String rules, String capabilities, int concurrency) {
    static Served of(ServedWork work) {
      return new Served(
          Json.write(work.queues()),
          Json.write(work.types()),
          Json.write(work.rules()),
          Json.write(work.capabilities()),
          work.concurrency());
    }
  }

  static String vitals(Vitals vitals) {
    return Json.write(vitals);
  }
}
