package dev.holdfast;

/** There is no such job, queue or database. */
public final class NotFoundException extends HoldfastException {
  private static final long serialVersionUID = 1L;

  /** With a message for people: what was wrong, what was expected, what to do. */
  public NotFoundException(String message) {
    super(Code.NOT_FOUND, message, null);
  }

  /** With the database's own error behind it. */
  public NotFoundException(String message, Throwable cause) {
    super(Code.NOT_FOUND, message, cause);
  }
}
