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
 */
public record Claim(
    NodeId node,
    List<String> queues,
    Set<String> types,
    Map<String, Object> capabilities,
    int limit) {

  /** Of a worker that has no capabilities. */
  public Claim(NodeId node, List<String> queues, Set<String> types, int limit) {
    this(node, queues, types, Map.of(), limit);
  }

  /** The same claim for so many jobs. */
  public Claim limit(int newLimit) {
    return new Claim(node, queues, types, capabilities, newLimit);
  }
}
