package dev.holdfast.error;

/**
 * Thrown when the file is damaged or is not a Holdfast database, or reading or writing it failed.
 */
public final class StorageException extends HoldfastException {
  private static final long serialVersionUID = 1L;

  /** Creates an exception; the message says what was wrong, what was expected, and what to do. */
  public StorageException(String message) {
    super(Code.STORAGE, message, null);
  }

  /** Creates an exception with the database error as its cause. */
  public StorageException(String message, Throwable cause) {
    super(Code.STORAGE, message, cause);
  }
}
