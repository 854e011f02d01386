package dev.holdfast.error;

/** Thrown when there is no such job, queue or database. */
public final class NotFoundException extends HoldfastException {
  private static final long serialVersionUID = 1L;

  /** Creates an exception; the message says what was wrong, what was expected, and what to do. */
  public NotFoundException(String message) {
    super(Code.NOT_FOUND, message, null);
  }

  /** Creates an exception with the database error as its cause. */
  public NotFoundException(String message, Throwable cause) {
    super(Code.NOT_FOUND, message, cause);
  }
}
