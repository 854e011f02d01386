package dev.holdfast;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A recovery: a node was found dead, and others took over what it had been running.
 *
 * @param number ascends with time
 * @param at when
 * @param node the dead node
 * @param nodeName its name, if its row existed
 * @param host its host, if its row existed
 * @param cause what had happened to it, as it was judged then
 * @param why how that was known
 * @param noticedAfter the time since its last heartbeat, if its row existed
 * @param jobs what became of its jobs
 * @param by the name of the node or person that recovered them; empty if it had none
 */
public record RecoveryRecord(
    long number,
    Instant at,
    NodeId node,
    Optional<String> nodeName,
    Optional<String> host,
    Cause cause,
    String why,
    Optional<Duration> noticedAfter,
    Jobs jobs,
    String by) {

  /** The cause of a recovery. */
  public enum Cause {
    /** Its process died. */
    CRASH,
    /** It missed its heartbeats, and its process is not known to have died. */
    LAPSE,
    /** Running jobs were found whose node had ended or does not exist. */
    STRAY
  }

  /**
   * The numbers of jobs by what became of them.
   *
   * @param resumed jobs that run again, charged with a crash or a lapse
   * @param held jobs that wait for a review
   * @param failed jobs that failed by their type's policy
   * @param returned jobs that had not begun, or were not charged
   * @param crashLoops jobs that failed because their processes died too often
   */
  public record Jobs(long resumed, long held, long failed, long returned, long crashLoops) {
    /** No jobs at all. */
    public static final Jobs NONE = new Jobs(0, 0, 0, 0, 0);

    /** Returns the sum. */
    public Jobs plus(Jobs more) {
      return new Jobs(
          resumed + more.resumed,
          held + more.held,
          failed + more.failed,
          returned + more.returned,
          crashLoops + more.crashLoops);
    }

    /** Returns the number of all. */
    public long all() {
      return resumed + held + failed + returned + crashLoops;
    }
  }
}
