package dev.holdfast.spi;

import dev.holdfast.FailureGroup;
import dev.holdfast.FailureReport;
import dev.holdfast.Fingerprint;
import dev.holdfast.JobId;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.search.FailureQuery;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The part of a {@link JobStore} that knows dead letters by the reason of their failure. The
 * fingerprint is written when a job fails.
 */
public interface FailureStore {

  /** Returns groups of dead letters. */
  FailureReport list(FailureQuery query);

  /** Returns a group; empty if no dead letter has this fingerprint. */
  Optional<FailureGroup> find(Fingerprint fingerprint);

  /** Returns dead letters of a group, the oldest failures first. */
  List<JobId> jobs(Fingerprint fingerprint, int limit);

  /**
   * Mutes a group, whether there is one now or not; replaces an earlier mute.
   *
   * @throws InvalidRequestException if it would have ended by now
   */
  void mute(Fingerprint fingerprint, Optional<Instant> until, String by);

  /** Ends a mute. @return whether there was one in force */
  boolean unmute(Fingerprint fingerprint);

  /**
   * Computes the fingerprints of dead letters that have none, as they were imported or failed under
   * an older program.
   *
   * @param limit at most so many
   * @return how many had none
   */
  int fill(int limit);
}
