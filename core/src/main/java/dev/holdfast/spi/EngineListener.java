package dev.holdfast.spi;

import java.time.Duration;

/**
 * Observes what this process does with jobs, for meters. Thread-safe. It is called on the engine's
 * threads and on those of callers, so every method must return quickly. An exception from it is
 * logged and harms no job.
 *
 * <p>Queues and types are names that callers choose; a listener that keeps something for each of
 * them must limit how many it keeps.
 */
public interface EngineListener {

  /** Observes nothing. */
  EngineListener NONE = new EngineListener() {};

  /** The database work that is timed. */
  enum Operation {
    /** Callers' jobs were written. */
    ENQUEUE,
    /** Ends of attempts were stored, and jobs claimed. */
    EXCHANGE,
    /** The node's lease was renewed. */
    HEARTBEAT
  }

  /** The reason for taking a job from a node. */
  enum RescueCause {
    /** The node's process is proven dead. */
    CRASH,
    /** The node's lease ran out. */
    LAPSE,
    /** The job's node has ended or does not exist. */
    STRAY,
    /** The job ran longer than it may. */
    STUCK
  }

  /**
   * A job was enqueued that was not there before. If that was a part of a caller's transaction, it
   * is reported before the commit, and a rollback is not reported.
   */
  default void enqueued(String queue, String type) {}

  /**
   * An attempt begins.
   *
   * @param waited how long the job had been due
   */
  default void started(String queue, String type, Duration waited) {}

  /**
   * An attempt has ended; its end is about to be stored.
   *
   * @param end the transition of the job
   * @param ran how long the handler ran
   */
  default void ended(String queue, String type, Transition.Kind end, Duration ran) {}

  /** Ends of attempts that were not stored, as their leases had been taken before. */
  default void discarded(int ends) {}

  /** A job was taken from another node. */
  default void rescued(String type, RescueCause cause) {}

  /**
   * Called when this node has rescued all jobs of a dead node.
   *
   * @param delay the time since that node's newest heartbeat
   */
  default void recovered(Duration delay) {}

  /** A transaction of the store ended, successfully or not. */
  default void transaction(Operation operation, Duration took) {}
}
