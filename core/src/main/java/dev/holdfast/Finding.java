package dev.holdfast;

/**
 * Something that is not as it should be.
 *
 * @param gravity how bad it is
 * @param code a stable name for programs, such as {@code stuck-jobs}
 * @param text what it is, one sentence with its figures
 * @param cure what to do about it: a command, or advice
 */
public record Finding(Gravity gravity, String code, String text, String cure) {

  /** How bad a finding is. */
  public enum Gravity {
    /** Something is broken, or will be lost: act now. */
    ERROR,
    /** It works, but not as it should. */
    WARNING,
    /** Good to know. */
    NOTE
  }
}
