package dev.holdfast.spring;

import dev.holdfast.Holdfast;
import java.util.Set;

/** A bean that adds to the queue what no property can, such as duties and listeners. */
@FunctionalInterface
public interface HoldfastCustomizer {
  /**
   * Called once the handlers are known to the queue, before its node starts.
   *
   * @param types the types that have handlers
   */
  void customize(Holdfast holdfast, Set<String> types);
}
