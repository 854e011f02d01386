package dev.holdfast;

import java.time.Instant;
import java.util.Optional;

/**
 * Dead letters of one type that failed for the same reason.
 *
 * @param fingerprint what they have in common
 * @param type their type
 * @param failure the kind and message of the example, without its trace
 * @param jobs how many there are
 * @param first when the first of them failed
 * @param last when the newest of them failed
 * @param example the newest of them
 * @param mute whether and until when they are muted; empty if they are not
 */
public record FailureGroup(
    Fingerprint fingerprint,
    String type,
    Failure failure,
    long jobs,
    Instant first,
    Instant last,
    JobId example,
    Optional<Mute> mute) {

  /** Returns the message of the example without what differs from job to job. */
  public String message() {
    return Fingerprint.withoutDetails(failure.message());
  }

  /**
   * The decision to leave dead letters out of health and alerts.
   *
   * @param until its end; empty if it has none
   * @param by who made it
   */
  public record Mute(Optional<Instant> until, String by) {}
}
