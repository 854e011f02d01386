package dev.holdfast;

/** The operating system or the database refused access. */
public final class PermissionException extends HoldfastException {
  private static final long serialVersionUID = 1L;

  /** With a message for people: what was wrong, what was expected, what to do. */
  public PermissionException(String message) {
    super(Code.PERMISSION, message, null);
  }

  /** With the database's own error behind it. */
  public PermissionException(String message, Throwable cause) {
    super(Code.PERMISSION, message, cause);
  }
}
