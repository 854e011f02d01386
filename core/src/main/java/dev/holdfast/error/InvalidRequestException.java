package dev.holdfast.error;

/** Thrown when a request is malformed or over a limit; nothing was changed. */
public final class InvalidRequestException extends HoldfastException {
  private static final long serialVersionUID = 1L;

  /** Creates an exception; the message says what was wrong, what was expected, and what to do. */
  public InvalidRequestException(String message) {
    super(Code.INVALID, message, null);
  }

  /** Creates an exception with the database error as its cause. */
  public InvalidRequestException(String message, Throwable cause) {
    super(Code.INVALID, message, cause);
  }
}
