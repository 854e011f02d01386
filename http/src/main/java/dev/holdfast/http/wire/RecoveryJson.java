package dev.holdfast.http.wire;

import dev.holdfast.NodeId;
import dev.holdfast.RecoveryRecord;
import java.time.Instant;
import java.util.Optional;

/**
 * Wire form of a {@link RecoveryRecord}.
 *
 * @param jobs the sum of the five numbers that follow
 */
public record RecoveryJson(
    long number,
    Instant at,
    NodeId node,
    Optional<String> nodeName,
    Optional<String> host,
    RecoveryRecord.Cause cause,
    String why,
    Optional<Double> noticedAfterSeconds,
    long jobs,
    long resumed,
    long held,
    long failed,
    long returned,
    long crashLoops,
    String by) {

  /** Returns a recovery. */
  public static RecoveryJson of(RecoveryRecord found) {
    return new RecoveryJson(
        found.number(),
        found.at(),
        found.node(),
        found.nodeName(),
        found.host(),
        found.cause(),
        found.why(),
        found.noticedAfter().map(Seconds::measured),
        found.jobs().all(),
        found.jobs().resumed(),
        found.jobs().held(),
        found.jobs().failed(),
        found.jobs().returned(),
        found.jobs().crashLoops(),
        found.by());
  }

  /** Returns the recovery. */
  public RecoveryRecord recovery() {
    return new RecoveryRecord(
        number,
        at,
        node,
        nodeName,
        host,
        cause,
        why,
        noticedAfterSeconds.map(Seconds::read),
        new RecoveryRecord.Jobs(resumed, held, failed, returned, crashLoops),
        by);
  }
}
