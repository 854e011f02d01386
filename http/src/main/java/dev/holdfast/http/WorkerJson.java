package dev.holdfast.http;

import dev.holdfast.QueueStatus;
import dev.holdfast.Vitals.Counter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Converts workers, which run jobs on a node, to their wire form. */
public final class WorkerJson {
  private WorkerJson() {}

  /** Returns the worker of a node. */
  public static Map<String, Object> of(QueueStatus.Node node) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("node", node.id().toString());
    fields.put("name", node.name());
    fields.put("phase", node.phase().name().toLowerCase(Locale.ROOT));
    fields.put("alive", node.alive());
    fields.put("queues", node.queues());
    fields.put("types", node.types().stream().sorted().toList());
    fields.put("capabilities", new TreeMap<>(node.capabilities()));
    fields.put("slots", node.concurrency());
    fields.put("running", node.vitals().running());
    int slots = node.vitals().slots() == 0 ? node.concurrency() : node.vitals().slots();
    fields.put("free", Math.max(0, slots - node.vitals().running()));
    fields.put("held", node.held());
    fields.put("unresponsive", node.vitals().unresponsive());
    fields.put("acknowledged", node.vitals().count(Counter.ACKNOWLEDGED));
    fields.put("stale", node.vitals().count(Counter.STALE));
    return fields;
  }
}
