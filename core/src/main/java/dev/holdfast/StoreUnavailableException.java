package dev.holdfast;

/**
 * The database did not answer. A write under way may have happened: repeat it with the same job id.
 */
public final class StoreUnavailableException extends HoldfastException {
  private static final long serialVersionUID = 1L;

  /** With a message for people: what was wrong, what was expected, what to do. */
  public StoreUnavailableException(String message) {
    super(Code.UNAVAILABLE, message, null);
  }

  /** With the database's own error behind it. */
  public StoreUnavailableException(String message, Throwable cause) {
    super(Code.UNAVAILABLE, message, cause);
  }
}
