package dev.holdfast;

/** What a node is doing. */
public enum NodePhase {
  /** It becomes known and looks for what dead nodes left. */
  STARTING,
  /** It claims and runs jobs. */
  RUNNING,
  /** It claims no more, and still runs some. */
  DRAINING,
  /** It claims no more, and nothing runs. */
  QUIET
}
