package dev.holdfast;

/** The file is damaged, is not a Holdfast database, or reading or writing it failed. */
public final class StorageException extends HoldfastException {
  private static final long serialVersionUID = 1L;

  /** With a message for people: what was wrong, what was expected, what to do. */
  public StorageException(String message) {
    super(Code.STORAGE, message, null);
  }

  /** With the database's own error behind it. */
  public StorageException(String message, Throwable cause) {
    super(Code.STORAGE, message, cause);
  }
}
