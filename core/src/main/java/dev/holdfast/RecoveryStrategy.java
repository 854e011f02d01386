package dev.holdfast;

/**
 * Decides what happens to a job whose process died or was stopped while it ran. {@link
 * RecoveryPolicy} has the built-in ones.
 *
 * <p>A node that has the type's handler asks its own strategy about the jobs that a dead node left.
 * One without the handler uses the policy that the dead node had registered: its {@link
 * #elsewhere}.
 */
@FunctionalInterface
public interface RecoveryStrategy {

  /**
   * Decides. Called on the engine's thread: it must return quickly. If it throws, that is logged
   * and {@link #elsewhere} decides.
   */
  RecoveryPolicy decide(Interruption interruption);

  /** Returns the policy of nodes without this code; default {@link RecoveryPolicy#RESUME}. */
  default RecoveryPolicy elsewhere() {
    return RecoveryPolicy.RESUME;
  }

  /**
   * The interruption of a running job.
   *
   * @param job the job
   * @param type its type
   * @param attempt which attempt was interrupted, from 1
   * @param crashes how often its process died while it ran, this time included if that is certain
   * @param crashed whether its process died, or its node missed its heartbeats or did not end it at
   *     its timeout; if not, its node was stopped cleanly, or stopped its handler because it could
   *     not renew its lease
   * @param cause in words
   */
  record Interruption(
      JobId job, String type, int attempt, int crashes, boolean crashed, String cause) {}
}
