package dev.holdfast;

/** The phase of a node's life. */
public enum NodePhase {
  /** The node registers and looks for jobs of dead nodes. */
  STARTING,
  /** The node claims and runs jobs. */
  RUNNING,
  /** The node claims no more jobs, and still runs some. */
  DRAINING,
  /** The node claims no more jobs, and runs none. */
  QUIET
}
