package dev.holdfast;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Checks and repairs that operators ask for. Nodes recover jobs and remove old ones by themselves.
 *
 * <p>Every method may throw what the methods of {@link JobQueue} may.
 */
public interface Maintenance {

  /**
   * Checks that every job is runnable, waits for something known, is held under a live lease, or is
   * finished; and that the database is intact. Reads everything: slow on a large queue.
   *
   * @return the problems, the most severe first; empty if there are none
   */
  List<Finding> examine();

  /**
   * Takes running jobs from their nodes, alive or not. A handler that still runs one is notified,
   * and its result is rejected.
   *
   * @param longerThan only attempts that began at least this long ago
   * @param filter only these jobs; its states are ignored
   * @param action what happens to them
   * @param limit the maximum number
   * @param by the actor, for the history
   * @return the jobs that were taken
   */
  List<JobId> recoverStuck(
      Duration longerThan, JobFilter filter, MonitorConfig.Action action, int limit, String by);

  /**
   * Recovers at once the jobs of dead nodes: nodes whose process is proven dead, and those whose
   * lease has expired by the store's clock. Any living node does the same by itself within moments.
   *
   * @param policy overrides the policies of their types, regardless of earlier crashes and of
   *     whether they had begun; {@link RecoveryPolicy#RESUME} then charges no crash. Null for the
   *     policy of each type
   * @param by the actor, for the history
   * @return the jobs that were recovered
   */
  List<JobId> recoverDead(@Nullable RecoveryPolicy policy, String by);

  /**
   * Removes finished jobs that are older than {@code retention} allows, with all their data, in
   * small transactions.
   *
   * @return the removed jobs
   */
  List<JobId> removeOld(Retention retention);
}
