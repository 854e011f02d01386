package dev.holdfast;

/** A command to a node. */
public enum NodeCommand {
  /** Claims and runs jobs. */
  RUN,
  /** Claims no more jobs; running ones continue to their end. */
  DRAIN,
  /**
   * Stops the node like {@link Holdfast#close()}, with its grace period. The process's queue is
   * closed with it, for enqueuing too; {@code holdfast work} exits as if it had nothing left to do.
   */
  STOP
}
