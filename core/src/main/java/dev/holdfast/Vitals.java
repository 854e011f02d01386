package dev.holdfast;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The state that a node reports with each heartbeat.
 *
 * @param running number of running handlers
 * @param unresponsive number of handlers that ignored an interrupt and still hold their thread;
 *     their jobs have continued without them
 * @param slots number of handlers that can run at once now: unresponsive ones keep their slot for
 *     good when there are as many as slots
 * @param duties its background duties
 * @param counts counts since its start, by name; see {@link Counter}
 */
public record Vitals(
    int running, int unresponsive, int slots, List<Duty> duties, Map<String, Long> counts) {

  /** The counters of a node. */
  public enum Counter {
    /** Attempts that ended here and were acknowledged. */
    ACKNOWLEDGED,
    /** Acknowledgements that came too late: the lease had ended, and nothing was changed. */
    STALE,
    /** Jobs of dead nodes that this node found when it started. */
    FOUND_AT_START,
    /** Jobs of dead nodes that this node put back into the queue. */
    RESUMED,
    /** Jobs of dead nodes that this node set aside for review. */
    HELD,
    /** Jobs of dead nodes that this node failed, following their type's policy. */
    FAILED,
    /** Jobs that this node failed because they had crashed their process too often. */
    CRASH_LOOPS,
    /** Jobs that had not begun on a dead node and were put back unchanged. */
    RETURNED,
    /** Stuck jobs that the monitor recovered. */
    STUCK,
    /** The longest time from a dead node's last heartbeat to its recovery, in milliseconds. */
    NOTICED_MILLIS_MAX
  }

  /**
   * A background duty.
   *
   * @param name its name, such as {@code recovery}
   * @param ranAt time of its last run; empty before the first
   * @param error message of its last failure, if it is failing now
   * @param failures number of failed runs in a row; 0 when it works
   */
  public record Duty(String name, Optional<Instant> ranAt, Optional<String> error, int failures) {}

  /** Copies the collections. */
  public Vitals {
    duties = List.copyOf(duties);
    counts = Map.copyOf(counts);
  }

  /** Returns the state of a node that has not reported yet. */
  public static Vitals none() {
    return new Vitals(0, 0, 0, List.of(), Map.of());
  }

  /** Returns a counter; 0 if nothing was counted. */
  public long count(Counter counter) {
    return counts.getOrDefault(counter.name().toLowerCase(Locale.ROOT), 0L);
  }

  /** Returns whether a duty is failing, so that the node does not do all its work. */
  public boolean isDegraded() {
    return duties.stream().anyMatch(duty -> duty.failures() > 0);
  }
}
