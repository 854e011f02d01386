package dev.holdfast.error;

/**
 * Thrown when the database did not respond. A write under way may have happened: repeat it with the
 * same job id.
 */
public final class StoreUnavailableException extends HoldfastException {
  private static final long serialVersionUID = 1L;

  /** Creates an exception; the message says what was wrong, what was expected, and what to do. */
  public StoreUnavailableException(String message) {
    super(Code.UNAVAILABLE, message, null);
  }

  /** Creates an exception with the database error as its cause. */
  public StoreUnavailableException(String message, Throwable cause) {
    super(Code.UNAVAILABLE, message, cause);
  }
}
