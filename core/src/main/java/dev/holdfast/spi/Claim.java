package dev.holdfast.spi;

import dev.holdfast.NodeId;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a worker would like to run.
 *
 * @param node who asks
 * @param queues from these queues; empty for all
 * @param types of these types only, as it has no handlers for others
 * @param capabilities what it can do: jobs that {@linkplain dev.holdfast.Requirements require} more
 *     are left
 * @param limit at most so many; 0 to {@link dev.holdfast.Limits#CLAIM_BATCH_MAX}
 * @param free of jobs whose number is limited at most so many: those that can start at once, as one
 *     that waits here keeps another one elsewhere from starting
 * @param ahead beside all these at most so many that stand in {@linkplain Claimed#line() line}
 *     behind a limited job of this node, and so keep nobody from starting; none from a worker that
 *     does not know of lines
 */
public record Claim(
    NodeId node,
    List<String> queues,
    Set<String> types,
    Map<String, Object> capabilities,
    int limit,
    int free,
    int ahead) {

  /** Of a worker that has no capabilities, and a free slot for each job. */
  public Claim(NodeId node, List<String> queues, Set<String> types, int limit) {
    this(node, queues, types, Map.of(), limit);
  }

  /** Of a worker that has a free slot for each job. */
  public Claim(
      NodeId node,
      List<String> queues,
      Set<String> types,
      Map<String, Object> capabilities,
      int limit) {
    this(node, queues, types, capabilities, limit, limit, 0);
  }

  /** The same claim for so many jobs, of which so many can start at once. */
  public Claim limit(int newLimit, int newFree) {
    int most = Math.min(newLimit, newFree);
    return new Claim(node, queues, types, capabilities, newLimit, most, ahead);
  }

  /** The same claim after so many of what it asks for were claimed. */
  public Claim without(int claimed) {
    return limit(Math.max(0, limit - claimed), Math.max(0, free - claimed));
  }

  /** The same claim with so many in line. */
  public Claim ahead(int newAhead) {
    return new Claim(node, queues, types, capabilities, limit, free, newAhead);
  }
}
