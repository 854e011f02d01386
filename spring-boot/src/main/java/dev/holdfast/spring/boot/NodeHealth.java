package dev.holdfast.spring.boot;

import dev.holdfast.Holdfast;
import dev.holdfast.NodeConfig;
import dev.holdfast.Vitals;
import dev.holdfast.error.HoldfastException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The health of this process's part in the queue. Failed jobs, jobs that wait and nodes of other
 * processes do not count: they are no reason to restart this one.
 *
 * @param isUp whether the store responds, and the node can do all its work
 * @param details what was found
 */
record NodeHealth(boolean isUp, Map<String, Object> details) {

  /** Copies the details. */
  NodeHealth {
    details = Map.copyOf(details);
  }

  /**
   * Looks now.
   *
   * @param config of the node, if this process has one
   */
  static NodeHealth of(Holdfast holdfast, Optional<NodeConfig> config) {
    Map<String, Object> details = new LinkedHashMap<>();
    if (holdfast.isClosed()) {
      details.put("error", "the queue is closed");
      return new NodeHealth(false, details);
    }
    boolean works = config.isEmpty() || works(holdfast.vitals(), details);
    boolean answers = answers(holdfast, details);
    return new NodeHealth(works && answers, details);
  }

  private static boolean answers(Holdfast holdfast, Map<String, Object> details) {
    try {
      holdfast.embedding().store().maintenance().checkReady();
      details.put("nodes", holdfast.embedding().store().nodes().seen().size());
      return true;
    } catch (HoldfastException failure) {
      details.put("error", String.valueOf(failure.getMessage()));
      return false;
    }
  }

  private static boolean works(Vitals vitals, Map<String, Object> details) {
    details.put("slots", vitals.slots());
    details.put("running", vitals.running());
    details.put("unresponsive", vitals.unresponsive());
    List<String> failing =
        vitals.duties().stream()
            .filter(duty -> duty.failures() > 0)
            .map(duty -> duty.name() + duty.error().map(error -> ": " + error).orElse(""))
            .toList();
    if (!failing.isEmpty()) {
      details.put("failing", failing);
    }
    return failing.isEmpty() && vitals.slots() > 0;
  }
}
