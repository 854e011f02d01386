package dev.holdfast;

/** What was asked for is malformed or over a limit; nothing was changed. */
public final class InvalidRequestException extends HoldfastException {
  private static final long serialVersionUID = 1L;

  /** With a message for people: what was wrong, what was expected, what to do. */
  public InvalidRequestException(String message) {
    super(Code.INVALID, message, null);
  }

  /** With the database's own error behind it. */
  public InvalidRequestException(String message, Throwable cause) {
    super(Code.INVALID, message, cause);
  }
}
