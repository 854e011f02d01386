package dev.holdfast.error;

/** Thrown when the job's state forbids the operation; the message names the state. */
public final class ConflictException extends HoldfastException {
  private static final long serialVersionUID = 1L;

  /** Creates an exception; the message says what was wrong, what was expected, and what to do. */
  public ConflictException(String message) {
    super(Code.CONFLICT, message, null);
  }

  /** Creates an exception with the database error as its cause. */
  public ConflictException(String message, Throwable cause) {
    super(Code.CONFLICT, message, cause);
  }
}
