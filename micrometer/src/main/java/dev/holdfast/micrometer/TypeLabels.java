package dev.holdfast.micrometer;

import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Limits how many types get a label of their own; all others share one. */
final class TypeLabels {
  static final String OTHER = "other";

  private final Set<String> known = ConcurrentHashMap.newKeySet();
  private final int most;

  /**
   * @param first the types that have a label in any case
   * @param most how many more may get one
   */
  TypeLabels(Collection<String> first, int most) {
    this.known.addAll(first);
    this.known.add(OTHER);
    this.most = known.size() + most;
  }

  /** The label of {@code type}. A few types more than allowed may get one in a race. */
  String of(String type) {
    if (known.contains(type)) {
      return type;
    }
    if (known.size() >= most) {
      return OTHER;
    }
    known.add(type);
    return type;
  }
}
