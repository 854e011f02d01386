package dev.holdfast.jdbc.store;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/**
 * What this process knows of the rows of {@code queues}, so that an enqueue need not ask: read when
 * it is used, at most once a second, and at the next use after word of a change.
 */
final class QueueView {
  private static final long KEPT_MICROS = Micros.of(Duration.ofSeconds(1));

  private record Seen(Map<String, QueueRow> rows, long at, long changes) {
    boolean isFresh(long now, long changesSoFar) {
      return changes == changesSoFar && now >= at && now - at < KEPT_MICROS;
    }
  }

  private final AtomicLong changes = new AtomicLong();
  private volatile Seen seen = new Seen(Map.of(), Long.MAX_VALUE, -1);

  /** The rows by the names of their queues. */
  Map<String, QueueRow> rows(Session session, long now) {
    long changesSoFar = changes.get();
    Seen last = seen;
    if (last.isFresh(now, changesSoFar)) {
      return last.rows;
    }
    Map<String, QueueRow> rows =
        QueueRows.all(session).stream()
            .collect(Collectors.toUnmodifiableMap(QueueRow::name, row -> row));
    seen = new Seen(rows, now, changesSoFar);
    return rows;
  }

  /** Something was changed. */
  void forget() {
    changes.incrementAndGet();
  }
}
