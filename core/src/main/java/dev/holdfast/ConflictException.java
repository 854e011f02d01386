package dev.holdfast;

/** The job's state forbids what was asked; the message names the state. */
public final class ConflictException extends HoldfastException {
  private static final long serialVersionUID = 1L;

  /** With a message for people: what was wrong, what was expected, what to do. */
  public ConflictException(String message) {
    super(Code.CONFLICT, message, null);
  }

  /** With the database's own error behind it. */
  public ConflictException(String message, Throwable cause) {
    super(Code.CONFLICT, message, cause);
  }
}
