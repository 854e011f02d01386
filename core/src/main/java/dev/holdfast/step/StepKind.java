package dev.holdfast.step;

/** The kind of a step. */
public enum StepKind {
  /** Code of the handler, which runs until it has succeeded once. */
  WORK,
  /** A wait for a time. */
  SLEEP,
  /** A wait for a signal. */
  SIGNAL,
  /** A wait for jobs that the handler has enqueued. */
  JOBS
}
