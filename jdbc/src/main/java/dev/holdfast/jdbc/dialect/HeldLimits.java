package dev.holdfast.jdbc.dialect;

import java.util.Set;

/**
 * Queues and types whose rows, which represent their limits, another transaction holds.
 *
 * @param queues names of queues
 * @param types names of types
 */
public record HeldLimits(Set<String> queues, Set<String> types) {
  /** The value if others hold no limit. */
  public static final HeldLimits NONE = new HeldLimits(Set.of(), Set.of());

  public boolean isNone() {
    return queues.isEmpty() && types.isEmpty();
  }
}
