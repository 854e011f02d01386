package dev.holdfast;

/**
 * A problem found by an examination.
 *
 * @param gravity its severity
 * @param code a stable name for programs, such as {@code stuck-jobs}
 * @param text a description, one sentence with figures
 * @param cure the remedy: a command, or advice
 */
public record Finding(Gravity gravity, String code, String text, String cure) {

  /** Severity of a finding. */
  public enum Gravity {
    /** Something is broken, or will be lost: act now. */
    ERROR,
    /** Something works, but not as well as it should. */
    WARNING,
    /** Information. */
    NOTE
  }
}
