package dev.holdfast;

/** What becomes of a job when one that it waits for fails or is cancelled. */
public enum IfFailed {
  /** It is cancelled as well, and so are those that wait for it with this word. The default. */
  CANCEL,
  /** It runs all the same, once all that it waits for have ended in whatever way. */
  RUN
}
