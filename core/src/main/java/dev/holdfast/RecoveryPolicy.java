package dev.holdfast;

/** The ready-made answers to the question what becomes of an interrupted job. */
public enum RecoveryPolicy implements RecoveryStrategy {
  /** It runs again, from its checkpoints if it has any: the answer to a planned restart. */
  RESUME,
  /** It is set aside as {@link JobState#INTERRUPTED} until someone reviewed it. */
  HOLD,
  /** It is {@link JobState#FAILED}: the answer for work that must not run twice. */
  FAIL;

  /** This. */
  @Override
  public RecoveryPolicy decide(Interruption interruption) {
    return this;
  }

  /** This. */
  @Override
  public RecoveryPolicy elsewhere() {
    return this;
  }
}
