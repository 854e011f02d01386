package dev.holdfast.spi;

import dev.holdfast.RecoveryPolicy;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The work that a node runs. Stored in the node's row, so that others know what to do with its jobs
 * when it is dead, and why a waiting job finds no worker.
 *
 * @param queues the queues; empty for all
 * @param types the types it has handlers for, each with its recovery policy
 * @param rules its types' rules for lost leases, where they are not the default
 * @param capabilities what its worker can do
 * @param concurrency how many handlers run at once
 */
public record ServedWork(
    List<String> queues,
    Map<String, RecoveryPolicy> types,
    Map<String, LeaseRules> rules,
    Map<String, Object> capabilities,
    int concurrency) {
  /** Stands among types for all there are. */
  public static final String ANY_TYPE = "*";

  /** Copies the collections. */
  public ServedWork {
    queues = List.copyOf(queues);
    types = Map.copyOf(types);
    rules = Map.copyOf(rules);
    capabilities = Map.copyOf(capabilities);
  }

  /** Creates the work of a node whose types have default rules for lost leases. */
  public ServedWork(
      List<String> queues,
      Map<String, RecoveryPolicy> types,
      Map<String, Object> capabilities,
      int concurrency) {
    this(queues, types, Map.of(), capabilities, concurrency);
  }

  /** Creates the work of a node without capabilities. */
  public ServedWork(List<String> queues, Map<String, RecoveryPolicy> types, int concurrency) {
    this(queues, types, Map.of(), Map.of(), concurrency);
  }

  /** Returns whether it would run a job of this queue and type. */
  public boolean serves(String queue, String type) {
    return servesQueue(queue) && policy(types, type).isPresent();
  }

  /** Returns the recovery policy of this type; empty if it runs none of them. */
  public static Optional<RecoveryPolicy> policy(Map<String, RecoveryPolicy> types, String type) {
    return Optional.ofNullable(types.get(type)).or(() -> Optional.ofNullable(types.get(ANY_TYPE)));
  }

  /** Returns whether it takes jobs from this queue. */
  public boolean servesQueue(String queue) {
    return queues.isEmpty() || queues.contains(queue);
  }
}
