package dev.holdfast.jdbc.store;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/**
 * What this process knows of how queues and types are served, so that an enqueue or a claim from a
 * queue of which nothing was said need not ask: read when it is used, at most once a second, and at
 * the next use after word of a change. A claim that trusts in it while it is old finds nothing: the
 * statement asks for limits itself.
 */
final class QueueView {
  private static final long KEPT_MICROS = Micros.of(Duration.ofSeconds(1));

  /**
   * What was seen.
   *
   * @param rows the rows of {@code queues} by name
   * @param types those with a limit
   * @param at when, by the store's clock
   * @param changes of how many changes this process had heard
   */
  record Seen(Map<String, QueueRow> rows, Set<String> types, long at, long changes) {
    private static final Seen NOTHING = new Seen(Map.of(), Set.of(), Long.MAX_VALUE, -1);

    boolean isLimited(JobLane lane) {
      QueueRow row = rows.get(lane.queue());
      return (row != null && row.isLimited()) || types.contains(lane.type());
    }

    private boolean isFresh(long now, long changesSoFar) {
      return changes == changesSoFar && now >= at && now - at < KEPT_MICROS;
    }
  }

  private final AtomicLong changes = new AtomicLong();
  private volatile Seen seen = Seen.NOTHING;

  Seen look(Session session, long now) {
    long changesSoFar = changes.get();
    Seen last = seen;
    if (last.isFresh(now, changesSoFar)) {
      return last;
    }
    Map<String, QueueRow> rows =
        QueueRows.all(session).stream()
            .collect(Collectors.toUnmodifiableMap(QueueRow::name, row -> row));
    Seen next = new Seen(rows, TypeLimits.all(session).keySet(), now, changesSoFar);
    seen = next;
    return next;
  }

  /** The rows by the names of their queues. */
  Map<String, QueueRow> rows(Session session, long now) {
    return look(session, now).rows;
  }

  /** Whether the groups of a queue have lanes of their own, as far as is known. */
  boolean isGrouped(String queue) {
    QueueRow row = seen.rows.get(queue);
    return row != null && row.settings().concurrencyPerGroup().isPresent();
  }

  /** Something was changed. */
  void forget() {
    changes.incrementAndGet();
  }
}
