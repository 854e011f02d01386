package dev.holdfast;

import dev.holdfast.check.Limits;
import dev.holdfast.error.ConflictException;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.error.NotFoundException;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The queues, their settings and pauses, and the limits of types.
 *
 * <p>Every method may throw what the methods of {@link JobQueue} may.
 */
public interface Queues {

  /**
   * Returns the queues that have settings, unfinished jobs, or a node that names them, by name.
   * Scans the index of runnable jobs and all scheduled jobs: not for frequent calls.
   */
  List<QueueSummary> list();

  /**
   * Returns the settings of a queue: those set by {@link #configure}, else the defaults.
   *
   * @throws InvalidRequestException if the name is not valid
   */
  QueueSettings settings(String queue);

  /**
   * Changes the settings of a queue on all nodes at run time. Nodes apply them within a second,
   * limits at once. A new {@linkplain QueueSettings#order() order} is in force when the call
   * returns: every runnable job has been ranked again. If the caller dies earlier, nodes finish the
   * work; until then some jobs keep their old rank, before or after the others.
   *
   * <p>The queue need not exist yet.
   *
   * @param change computes the new settings from the current ones; may be called several times
   * @return the new settings
   * @throws InvalidRequestException if the name is not valid
   */
  QueueSettings configure(String queue, UnaryOperator<QueueSettings> change);

  /**
   * Pauses a queue. No claim that begins after the return, on any node, takes its jobs; a claim
   * under way may. Running jobs continue, and new jobs are accepted.
   *
   * @param by the actor
   * @return false if it was already paused; that pause stays
   * @throws InvalidRequestException if the name is not valid
   * @throws NotFoundException if the queue has no settings and no jobs, and no node names it;
   *     {@link #configure} creates a queue before its first job
   */
  boolean pause(String queue, String by);

  /**
   * Ends the pause of a queue, and wakes its nodes.
   *
   * @return false if it was not paused
   * @throws InvalidRequestException if the name is not valid
   * @throws NotFoundException if there is no such queue, see {@link #pause}
   */
  boolean resume(String queue);

  /**
   * Lets the next job of a queue in {@linkplain QueueSettings#manual() manual mode} run, unless one
   * is running there or was released before. Does not wait for a worker: the job runs on the next
   * free one.
   *
   * @param by the actor
   * @throws ConflictException if the queue is not in manual mode
   * @throws InvalidRequestException if the name is not valid
   * @throws NotFoundException if there is no such queue, see {@link #pause}
   */
  RunNext runNext(String queue, String by);

  /**
   * Limits how many jobs of a type run at once on all nodes together, in all queues. The limit
   * holds through crashes: a job counts as long as its row is RUNNING. Jobs that are running when
   * the limit is set count and continue; claims under way may add to them.
   *
   * @param concurrency 1 to {@link Limits#QUEUE_CONCURRENCY_MAX}; null for no limit
   * @throws InvalidRequestException naming the value and what was expected
   */
  void limitType(String type, @Nullable Integer concurrency);

  /** Returns the concurrency limits of types, by type. */
  Map<String, Integer> typeLimits();
}
