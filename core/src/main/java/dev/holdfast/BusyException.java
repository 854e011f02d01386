package dev.holdfast;

/**
 * The store is in use by others for longer than the busy time-out; nothing was changed, try again.
 */
public final class BusyException extends HoldfastException {
  private static final long serialVersionUID = 1L;

  /** With a message for people: what was wrong, what was expected, what to do. */
  public BusyException(String message) {
    super(Code.BUSY, message, null);
  }

  /** With the database's own error behind it. */
  public BusyException(String message, Throwable cause) {
    super(Code.BUSY, message, cause);
  }
}
