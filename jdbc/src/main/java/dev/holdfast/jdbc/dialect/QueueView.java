package dev.holdfast.jdbc.dialect;

import dev.holdfast.jdbc.sql.Micros;
import dev.holdfast.jdbc.sql.Session;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/**
 * This process's cached settings of queues and types, so that an enqueue or a claim from a queue
 * without settings need not read them: refreshed on use, at most once a second, and on the next use
 * after a change is announced. A claim that relies on an outdated view finds nothing: the statement
 * checks limits itself.
 */
public final class QueueView {
  private static final long KEPT_MICROS = Micros.of(Duration.ofSeconds(1));

  /**
   * The settings as read.
   *
   * @param rows the rows of {@code queues} by name
   * @param types those with a limit
   * @param limited the names of queues whose claims must count
   * @param grouped the names of queues whose groups have lanes of their own
   * @param at the time, by the store's clock
   * @param changes the number of changes announced to this process before
   */
  public record Seen(
      Map<String, QueueRow> rows,
      Set<String> types,
      NavigableSet<String> limited,
      Set<String> grouped,
      long at,
      long changes) {
    private static final Seen NOTHING =
        new Seen(Map.of(), Set.of(), new TreeSet<>(), Set.of(), Long.MAX_VALUE, -1);

    private static Seen of(Map<String, QueueRow> rows, Set<String> types, long at, long changes) {
      NavigableSet<String> limited = new TreeSet<>();
      Set<String> grouped = new HashSet<>();
      for (QueueRow row : rows.values()) {
        if (row.isLimited()) {
          limited.add(row.name());
        }
        if (row.settings().concurrencyPerGroup().isPresent()) {
          grouped.add(row.name());
        }
      }
      return new Seen(rows, types, limited, grouped, at, changes);
    }

    /** Returns whether nothing can be claimed from this queue but under a limit, if at all. */
    public boolean isClosed(String queue) {
      QueueRow row = rows.get(queue);
      return row != null && (row.isLimited() || row.isPaused());
    }

    public boolean isLimited(JobLane lane) {
      QueueRow row = rows.get(lane.queue());
      return (row != null && row.isLimited()) || types.contains(lane.type());
    }

    private boolean isFresh(long now, long changesSoFar) {
      return changes == changesSoFar && now >= at && now - at < KEPT_MICROS;
    }
  }

  private final AtomicLong changes = new AtomicLong();
  private volatile Seen seen = Seen.NOTHING;

  public Seen look(Session session, long now) {
    long changesSoFar = changes.get();
    Seen last = seen;
    if (last.isFresh(now, changesSoFar)) {
      return last;
    }
    Map<String, QueueRow> rows =
        QueueRows.all(session).stream()
            .collect(Collectors.toUnmodifiableMap(QueueRow::name, row -> row));
    Seen next = Seen.of(rows, TypeLimits.all(session).keySet(), now, changesSoFar);
    seen = next;
    return next;
  }

  /** The rows by the names of their queues. */
  public Map<String, QueueRow> rows(Session session, long now) {
    return look(session, now).rows;
  }

  /** Returns whether the groups of a queue have lanes of their own, as far as is known. */
  boolean isGrouped(String queue) {
    return seen.grouped.contains(queue);
  }

  /** Handles a change: the next use reads again. */
  public void forget() {
    changes.incrementAndGet();
  }
}
