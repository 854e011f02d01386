package dev.holdfast.spring.boot;

import dev.holdfast.Holdfast;
import dev.holdfast.spring.HoldfastCustomizer;
import java.util.List;
import java.util.Set;

/** Remembers the types that have handlers. */
final class HandledTypes implements HoldfastCustomizer {
  private volatile Set<String> types = Set.of();

  @Override
  public void customize(Holdfast holdfast, Set<String> handled) {
    types = handled;
  }

  List<String> sorted() {
    return types.stream().sorted().toList();
  }
}
