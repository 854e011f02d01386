package dev.holdfast;

/** What becomes of a job whose process died or was stopped while it ran. */
public enum RecoveryPolicy {
  /** It runs again. The default. */
  RESUME,
  /** It is set aside as {@link JobState#INTERRUPTED} until someone reviewed it. */
  HOLD,
  /** It is {@link JobState#FAILED}. */
  FAIL
}
