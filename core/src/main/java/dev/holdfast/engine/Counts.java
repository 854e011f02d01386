package dev.holdfast.engine;

import static java.util.Objects.requireNonNull;

import dev.holdfast.Vitals.Counter;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** The counters of a node. Safe from any thread. */
final class Counts {
  private final Map<Counter, AtomicLong> counts = new EnumMap<>(Counter.class);

  Counts() {
    for (Counter counter : Counter.values()) {
      counts.put(counter, new AtomicLong());
    }
  }

  void add(Counter counter, long more) {
    of(counter).addAndGet(more);
  }

  void atLeast(Counter counter, long value) {
    of(counter).accumulateAndGet(value, Math::max);
  }

  private AtomicLong of(Counter counter) {
    return requireNonNull(counts.get(counter));
  }

  Map<String, Long> all() {
    Map<String, Long> all = new HashMap<>();
    counts.forEach((counter, n) -> all.put(counter.name().toLowerCase(Locale.ROOT), n.get()));
    return all;
  }
}
