package dev.holdfast.jdbc.store;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/**
 * What this process knows of queues and types with limits, so that claims from others need not ask:
 * read when it is used, at most once a second, and after word of a change. A claim that trusts in
 * it while it is old finds nothing: the statement asks for limits itself.
 */
final class LimitView {
  private static final long KEPT_MICROS = Micros.of(Duration.ofSeconds(1));

  /** What was seen. */
  record Seen(Set<String> queues, Set<String> grouped, Set<String> types, long at, long changes) {
    boolean isLimited(JobLane lane) {
      return queues.contains(lane.queue()) || types.contains(lane.type());
    }

    private boolean isFresh(long now, long changesSoFar) {
      return changes == changesSoFar && now >= at && now - at < KEPT_MICROS;
    }
  }

  private final AtomicLong changes = new AtomicLong();
  private volatile Seen seen = new Seen(Set.of(), Set.of(), Set.of(), Long.MAX_VALUE, -1);

  Seen look(Session session, long now) {
    long changesSoFar = changes.get();
    if (!seen.isFresh(now, changesSoFar)) {
      Map<String, QueueRow> rows =
          QueueRows.all(session).stream()
              .filter(row -> row.isLimited())
              .collect(Collectors.toMap(QueueRow::name, row -> row));
      Set<String> grouped =
          rows.values().stream()
              .filter(row -> row.settings().concurrencyPerGroup().isPresent())
              .map(QueueRow::name)
              .collect(Collectors.toSet());
      Set<String> types = TypeLimits.all(session).keySet();
      seen = new Seen(rows.keySet(), grouped, types, now, changesSoFar);
    }
    return seen;
  }

  /** Whether the groups of a queue have lanes of their own, as far as is known. */
  boolean isGrouped(String queue) {
    return seen.grouped.contains(queue);
  }

  /** Something was changed. */
  void forget() {
    changes.incrementAndGet();
  }
}
