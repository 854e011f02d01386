package dev.holdfast.jdbc.store;

import dev.holdfast.NodeId;
import dev.holdfast.NodeOrder;
import dev.holdfast.NodePhase;
import dev.holdfast.QueueStatus;
import dev.holdfast.QueueStatus.Liveness;
import dev.holdfast.RecoveryPolicy;
import dev.holdfast.Vitals;
import dev.holdfast.spi.Serves;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Nodes as they are read. */
final class NodeRows {
  /** Those that have not ended, each with how many jobs it holds. */
  private static final Sql LIVING =
      Sql.of(
          """
          select n.*, (select count(*) from jobs j
                        where j.state = 'RUNNING' and j.node = n.id) as held
            from nodes n
           where n.ended_at is null
           order by n.started_at
          """);

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
        NodeOrder.valueOf(row.text("wanted")),
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

  /** What becomes of an interrupted job, by its type. */
  static Map<String, RecoveryPolicy> policies(String json) {
    return Json.policies(json);
  }

  private static Vitals vitals(String json) {
    return json.equals("{}") ? Vitals.none() : Json.read(json, Vitals.class);
  }

  static String queues(Serves serves) {
    return Json.write(serves.queues());
  }

  static String types(Serves serves) {
    return Json.write(serves.types());
  }

  static String capabilities(Serves serves) {
    return Json.write(serves.capabilities());
  }

  static String vitals(Vitals vitals) {
    return Json.write(vitals);
  }
}
