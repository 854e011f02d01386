package dev.holdfast;

/**
 * Decides what becomes of a job whose process died or was stopped while it ran. {@link
 * RecoveryPolicy} has the ready-made ones.
 *
 * <p>A node that has the type's handler asks its own strategy about the jobs that a dead node left.
 * One without the handler uses what the dead node had said: its {@link #elsewhere}.
 */
@FunctionalInterface
public interface RecoveryStrategy {

  /**
   * Decides. Called on the engine's thread: it must return quickly. If it throws, that is logged
   * and {@link #elsewhere} decides.
   */
  RecoveryPolicy decide(Interruption interruption);

  /** What nodes that don't have this code do; default {@link RecoveryPolicy#RESUME}. */
  default RecoveryPolicy elsewhere() {
    return RecoveryPolicy.RESUME;
  }

  /**
   * What happened to a running job.
   *
   * @param job the job
   * @param type its type
   * @param attempt which attempt was interrupted, from 1
   * @param crashes how often its process died while it ran, this time included
   * @param crashed whether its process died; if not, its node was stopped in order, or stopped its
   *     handler as it could not renew its lease
   * @param cause in words
   */
  record Interruption(
      JobId job, String type, int attempt, int crashes, boolean crashed, String cause) {}
}
