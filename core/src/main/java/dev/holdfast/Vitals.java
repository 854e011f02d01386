package dev.holdfast;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a node tells of itself with each heartbeat.
 *
 * @param running how many handlers run
 * @param unresponsive how many were told to end, did not, and keep their thread; their jobs have
 *     gone on without them
 * @param slots how many handlers may run at once now: unresponsive ones take their slot for good
 *     when there are as many as slots
 * @param duties its background duties
 * @param counts what it counted since its start, by name; see {@link Counter}
 */
public record Vitals(
    int running, int unresponsive, int slots, List<Duty> duties, Map<String, Long> counts) {

  /** What a node counts. */
  public enum Counter {
    /** Attempts that ended here and were accepted. */
    ACKNOWLEDGED,
    /** Ends that came too late: the lease had ended, and nothing was changed. */
    STALE,
    /** Jobs that this node's first look found left by dead nodes. */
    FOUND_AT_START,
    /** Jobs of dead nodes that this node put back. */
    RESUMED,
    /** Jobs of dead nodes that this node set aside for review. */
    HELD,
    /** Jobs of dead nodes that this node failed by their type's policy. */
    FAILED,
    /** Jobs that this node failed as they had killed their process too often. */
    CRASH_LOOPS,
    /** Jobs that had only waited on a dead node and went back untouched. */
    RETURNED,
    /** Stuck jobs that the monitor recovered. */
    STUCK,
    /** The longest time from a dead node's last sign of life to its recovery, in milliseconds. */
    NOTICED_MILLIS_MAX
  }

  /**
   * A background duty.
   *
   * @param name such as {@code recovery}
   * @param ranAt its newest turn; empty before the first
   * @param error what its newest failure said, if it is failing now
   * @param failures how many of its turns failed in a row; 0 when it works
   */
  public record Duty(String name, Optional<Instant> ranAt, Optional<String> error, int failures) {}

  /** Copies the collections. */
  public Vitals {
    duties = List.copyOf(duties);
    counts = Map.copyOf(counts);
  }

  /** Of a node that has told nothing yet. */
  public static Vitals none() {
    return new Vitals(0, 0, 0, List.of(), Map.of());
  }

  /** What was counted under this name; 0 if nothing was. */
  public long count(Counter counter) {
    return counts.getOrDefault(counter.name().toLowerCase(Locale.ROOT), 0L);
  }

  /** Whether a duty fails now, so that the node does not do all its work. */
  public boolean isDegraded() {
    return duties.stream().anyMatch(duty -> duty.failures() > 0);
  }
}
