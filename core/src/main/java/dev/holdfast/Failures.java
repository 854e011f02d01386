package dev.holdfast;

import dev.holdfast.error.NotFoundException;
import dev.holdfast.search.FailureQuery;
import java.time.Instant;
import java.util.Optional;

/** The dead letters of a queue, grouped by the reason of their failure. */
public interface Failures {
  /** The maximum number of jobs that one call changes. */
  int CHANGED_MAX = 1_000;

  /** Returns groups of dead letters. */
  FailureReport list(FailureQuery query);

  /** Returns a group; empty if no dead letter has this fingerprint. */
  Optional<FailureGroup> find(Fingerprint fingerprint);

  /**
   * Puts the dead letters of a group back into the queue, like {@link JobQueue#retry}; at most
   * {@link #CHANGED_MAX}, the oldest failures first.
   *
   * @param by who asks, for the history
   */
  Changed retry(Fingerprint fingerprint, String by);

  /** Deletes the dead letters of a group, like {@link #retry} in number and order. */
  Changed delete(Fingerprint fingerprint);

  /**
   * Leaves the dead letters of a group out of health and alerts, those to come too.
   *
   * @param until the end of it, in the future; empty until {@link #unmute}
   * @param by who asks
   * @throws NotFoundException if no dead letter has this fingerprint
   */
  FailureGroup mute(Fingerprint fingerprint, Optional<Instant> until, String by);

  /** Ends a mute. @return whether the group was muted */
  boolean unmute(Fingerprint fingerprint);

  /**
   * The result of a change of a group.
   *
   * @param jobs how many jobs were changed
   * @param isMore whether there are more
   */
  record Changed(int jobs, boolean isMore) {}
}
