package dev.holdfast;

/** What a node was told to do. */
public enum NodeOrder {
  /** Claim and run jobs. */
  RUN,
  /** Claim no more; what runs goes on to its end. */
  DRAIN,
  /**
   * End: as {@link Holdfast#close()} does it, with its grace period. The process's queue is closed
   * with it, for enqueuing too; {@code holdfast work} exits as if it had nothing left to do.
   */
  STOP
}
