package dev.holdfast;

/** Action on a job when its signal does not arrive in time. */
public enum OnSignalTimeout {
  /** Fails the job with {@link Failure.Kind#SIGNAL}. The default. */
  FAIL,
  /** Runs the job anyway; {@link JobContext#signal} is empty then. */
  RUN
}
