package dev.holdfast.spi;

import dev.holdfast.JobFilter;
import dev.holdfast.JobId;
import dev.holdfast.RecoveryRecord;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * The part of a {@link JobStore} that finds jobs whose holder is gone or too slow, and takes them
 * from it.
 */
public interface RecoveryStore {

  /** Ends a dead node whose jobs were all rescued; does nothing if it has come back. */
  void deregister(Death death);

  /** Nodes that are proven dead, without waiting for their lease; cheap enough to ask often. */
  List<Death> deaths();

  /**
   * Returns RUNNING jobs of dead nodes, of each node in the order of ids.
   *
   * @param after of each node those behind this id
   * @param limit at most so many
   */
  List<Orphan> orphans(Collection<Death> deaths, Optional<JobId> after, int limit);

  /** Returns the first of them. */
  default List<Orphan> orphans(Collection<Death> deaths, int limit) {
    return orphans(deaths, Optional.empty(), limit);
  }

  /** Returns RUNNING jobs of nodes that do not exist or have ended, at most {@code limit}. */
  List<Orphan> strays(Optional<JobId> after, int limit);

  /** The first of them. */
  default List<Orphan> strays(int limit) {
    return strays(Optional.empty(), limit);
  }

  /** Ends attempts over their holders' heads. @return those of the leases that had not ended yet */
  List<Lease> rescue(List<Rescue> rescues, String by);

  /**
   * Returns recoveries, the newest first. Each transaction that takes jobs over from a dead node,
   * or ends the node, adds to the one of that death; they are kept for 30 days, and at most
   * 100,000.
   *
   * @param before only those with a smaller number; empty for the newest
   */
  List<RecoveryRecord> recoveries(Optional<Long> before, int limit);

  /**
   * Returns lapses of which it is not known yet whether the process has died, and those that were
   * taken for crashes and whose node has come back, in the order of their jobs and tokens.
   *
   * @param after the lease of the last lapse of the part before; empty to begin
   */
  List<Lapse> lapses(Optional<Lease> after, int limit);

  /**
   * Settles lapses: one whose node has not come back becomes a crash of its job, any other stays a
   * lapse, or becomes one again.
   *
   * @return those whose charge has changed: a lapse that has {@code returned} if it was a crash
   *     before, else a new crash
   */
  List<Lapse> settle(List<Lapse> lapses);

  /**
   * Returns matching RUNNING jobs whose attempt began at least this long ago, at most {@code
   * limit}.
   *
   * @param filter its states are disregarded
   */
  List<RunningJob> running(Duration atLeast, JobFilter filter, int limit);

  /**
   * Returns whether a transaction may still be in progress in the database whose caller was told
   * that its outcome is unknown. What it changes can appear until it has ended.
   */
  default boolean hasUnsettled() {
    return false;
  }
}
