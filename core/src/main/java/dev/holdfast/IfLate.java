package dev.holdfast;

/** What becomes of a job when the signal that it waits for does not come in time. */
public enum IfLate {
  /** It fails, with {@link Failure.Kind#SIGNAL}. The default. */
  FAIL,
  /** It runs all the same; {@link JobContext#signal} is empty then. */
  RUN
}
