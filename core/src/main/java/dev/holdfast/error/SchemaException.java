package dev.holdfast.error;

/** Thrown when this version cannot work with the database's schema; nothing was changed. */
public final class SchemaException extends HoldfastException {
  private static final long serialVersionUID = 1L;

  /** Creates an exception; the message says what was wrong, what was expected, and what to do. */
  public SchemaException(String message) {
    super(Code.SCHEMA, message, null);
  }

  /** Creates an exception with the database error as its cause. */
  public SchemaException(String message, Throwable cause) {
    super(Code.SCHEMA, message, cause);
  }
}
