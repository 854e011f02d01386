package dev.holdfast.error;

/** Thrown when the operating system or the database refused access. */
public final class PermissionException extends HoldfastException {
  private static final long serialVersionUID = 1L;

  /** Creates an exception; the message says what was wrong, what was expected, and what to do. */
  public PermissionException(String message) {
    super(Code.PERMISSION, message, null);
  }

  /** Creates an exception with the database error as its cause. */
  public PermissionException(String message, Throwable cause) {
    super(Code.PERMISSION, message, cause);
  }
}
