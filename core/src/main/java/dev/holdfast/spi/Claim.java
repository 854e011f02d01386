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
 */
public record Claim(
    NodeId node,
    List<String> queues,
    Set<String> types,
    Map<String, Object> capabilities,
    int limit,
    int free) {

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
    this(node, queues, types, capabilities, limit, limit);
  }

  /** The same claim for so many jobs, of which so many can start at once. */
  public Claim limit(int newLimit, int newFree) {
    return new Claim(node, queues, types, capabilities, newLimit, Math.min(newLimit, newFree));
  }
}
