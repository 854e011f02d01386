package dev.holdfast.spi;

import dev.holdfast.NodeId;
import java.util.List;
import java.util.Set;

/**
 * What a worker would like to run.
 *
 * @param node who asks
 * @param queues from these queues; empty for all
 * @param types of these types only, as it has no handlers for others
 * @param limit at most so many; 0 to {@link dev.holdfast.Limits#CLAIM_BATCH_MAX}
 */
public record Claim(NodeId node, List<String> queues, Set<String> types, int limit) {

  /** The same claim for so many jobs. */
  public Claim limit(int newLimit) {
    return new Claim(node, queues, types, newLimit);
  }
}
