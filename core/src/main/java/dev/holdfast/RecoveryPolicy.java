package dev.holdfast;

/** Built-in policies for interrupted jobs. */
public enum RecoveryPolicy implements RecoveryStrategy {
  /** Runs the job again, from its checkpoints if it has any: for a planned restart. */
  RESUME,
  /** Sets the job aside as {@link JobState#INTERRUPTED} for review. */
  HOLD,
  /** Sets the job {@link JobState#FAILED}: for work that must not run twice. */
  FAIL;

  /** Returns this policy. */
  @Override
  public RecoveryPolicy decide(Interruption interruption) {
    return this;
  }

  /** Returns this policy. */
  @Override
  public RecoveryPolicy elsewhere() {
    return this;
  }
}
