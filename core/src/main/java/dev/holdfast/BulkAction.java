package dev.holdfast;

import java.util.EnumSet;
import java.util.Set;

/** The actions that a bulk operation can apply to jobs. */
public enum BulkAction {
  /** Cancels jobs that have not finished. */
  CANCEL,
  /** Puts failed, cancelled and interrupted jobs back into the queue, with all their attempts. */
  RETRY,
  /** Continues interrupted jobs from their checkpoints. */
  RESUME,
  /** Gives interrupted jobs up: they become cancelled. */
  DISCARD,
  /** Deletes jobs that are not running. */
  DELETE,
  /** Moves jobs that have not started into another queue. */
  MOVE,
  /** Gives jobs that have not started another priority. */
  REPRIORITIZE;

  /** Returns the states in which the action has an effect. */
  public Set<JobState> states() {
    return switch (this) {
      case CANCEL ->
          EnumSet.of(
              JobState.SCHEDULED,
              JobState.BLOCKED,
              JobState.PENDING,
              JobState.RUNNING,
              JobState.INTERRUPTED);
      case RETRY -> EnumSet.of(JobState.FAILED, JobState.CANCELLED, JobState.INTERRUPTED);
      case RESUME, DISCARD -> EnumSet.of(JobState.INTERRUPTED);
      case DELETE -> EnumSet.complementOf(EnumSet.of(JobState.RUNNING));
      case MOVE, REPRIORITIZE -> EnumSet.of(JobState.SCHEDULED, JobState.BLOCKED, JobState.PENDING);
    };
  }
}
