package dev.holdfast.spi;

import dev.holdfast.RecoveryPolicy;
import java.util.List;
import java.util.Map;

/**
 * What a node runs. It stands in the node's row, so that others know what to do with its jobs when
 * it is dead, and why a job that waits finds no worker.
 *
 * @param queues the queues; empty for all
 * @param types the types it has handlers for, each with what is to become of an interrupted job
 * @param capabilities what its worker can do
 * @param concurrency how many handlers run at once
 */
public record Serves(
    List<String> queues,
    Map<String, RecoveryPolicy> types,
    Map<String, Object> capabilities,
    int concurrency) {
  /** Copies the collections. */
  public Serves {
    queues = List.copyOf(queues);
    types = Map.copyOf(types);
    capabilities = Map.copyOf(capabilities);
  }

  /** Of a node without capabilities. */
  public Serves(List<String> queues, Map<String, RecoveryPolicy> types, int concurrency) {
    this(queues, types, Map.of(), concurrency);
  }

  /** Whether it would run a job of this queue and type. */
  public boolean serves(String queue, String type) {
    return servesQueue(queue) && types.containsKey(type);
  }

  /** Whether it takes jobs from this queue. */
  public boolean servesQueue(String queue) {
    return queues.isEmpty() || queues.contains(queue);
  }
}
