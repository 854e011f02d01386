package dev.holdfast.error;

/**
 * Thrown when others used the store for longer than the busy time-out; nothing was changed, try
 * again.
 */
public final class BusyException extends HoldfastException {
  private static final long serialVersionUID = 1L;

  /** Creates an exception; the message says what was wrong, what was expected, and what to do. */
  public BusyException(String message) {
    super(Code.BUSY, message, null);
  }

  /** Creates an exception with the database error as its cause. */
  public BusyException(String message, Throwable cause) {
    super(Code.BUSY, message, cause);
  }
}
