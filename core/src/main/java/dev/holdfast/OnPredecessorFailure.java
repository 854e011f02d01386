package dev.holdfast;

/** Action on a waiting job when one of its predecessors fails or is cancelled. */
public enum OnPredecessorFailure {
  /** Cancels the job, and in turn those that wait for it with {@code CANCEL}. The default. */
  CANCEL,
  /** Runs the job once all its predecessors have ended, in any state. */
  RUN
}
