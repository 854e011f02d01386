package dev.holdfast.spi;

import dev.holdfast.NodeId;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A request of a worker for jobs.
 *
 * @param node the worker's node
 * @param queues only these queues; empty for all
 * @param types only these types, those it has handlers for
 * @param capabilities its capabilities: jobs that {@linkplain dev.holdfast.Requirements require}
 *     others are not claimed
 * @param limit maximum number of jobs, 0 to {@link dev.holdfast.check.Limits#CLAIM_BATCH_MAX}
 * @param free maximum number of jobs under a concurrency limit: as many as can start at once,
 *     because one that waited here would hold a permit unused
 * @param ahead in addition, maximum number of jobs that {@linkplain Claimed#line() share the
 *     permit} of a limited job of this node, which hold no permit yet; 0 for a worker that does not
 *     support this
 */
public record Claim(
    NodeId node,
    List<String> queues,
    Set<String> types,
    Map<String, Object> capabilities,
    int limit,
    int free,
    int ahead) {

  /** Creates a claim for a worker without capabilities and a free slot for each job. */
  public Claim(NodeId node, List<String> queues, Set<String> types, int limit) {
    this(node, queues, types, Map.of(), limit);
  }

  /** Creates a claim for a worker with a free slot for each job. */
  public Claim(
      NodeId node,
      List<String> queues,
      Set<String> types,
      Map<String, Object> capabilities,
      int limit) {
    this(node, queues, types, capabilities, limit, limit, 0);
  }

  /** Returns whether it claims jobs of this type. */
  public boolean takes(String type) {
    return types.contains(type) || types.contains(ServedWork.ANY_TYPE);
  }

  /** Returns the same claim with these limits on all jobs and on those that can start at once. */
  public Claim limit(int newLimit, int newFree) {
    int most = Math.min(newLimit, newFree);
    return new Claim(node, queues, types, capabilities, newLimit, most, ahead);
  }

  /** Returns the rest of this claim after this many jobs were claimed. */
  public Claim without(int claimed) {
    return limit(Math.max(0, limit - claimed), Math.max(0, free - claimed));
  }

  /** Returns the same claim with this many jobs that share permits. */
  public Claim ahead(int newAhead) {
    return new Claim(node, queues, types, capabilities, limit, free, newAhead);
  }
}
