package dev.holdfast.test.memory;

import dev.holdfast.QueuePause;
import dev.holdfast.QueueSettings;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The configuration of queues in a memory store. Guarded by the store's lock. */
final class MemoryQueues {
  private final TreeMap<String, QueueSettings> settings = new TreeMap<>();
  private final TreeMap<String, QueuePause> pauses = new TreeMap<>();

  QueueSettings settings(String queue) {
    return settings.getOrDefault(queue, QueueSettings.defaults());
  }

  void configure(String queue, QueueSettings newSettings) {
    settings.put(queue, newSettings);
  }

  Optional<QueuePause> paused(String queue) {
    return Optional.ofNullable(pauses.get(queue));
  }

  boolean pause(String queue, QueuePause pause) {
    return pauses.putIfAbsent(queue, pause) == null;
  }

  boolean resume(String queue) {
    return pauses.remove(queue) != null;
  }

  void forget(String queue) {
    settings.remove(queue);
    pauses.remove(queue);
  }

  /** Returns the names of configured queues. */
  Set<String> names() {
    Set<String> names = new TreeSet<>(settings.keySet());
    names.addAll(pauses.keySet());
    return names;
  }
}
