package dev.holdfast;

/** The database's schema is not one that this version can work with; nothing was changed. */
public final class SchemaException extends HoldfastException {
  private static final long serialVersionUID = 1L;

  /** With a message for people: what was wrong, what was expected, what to do. */
  public SchemaException(String message) {
    super(Code.SCHEMA, message, null);
  }

  /** With the database's own error behind it. */
  public SchemaException(String message, Throwable cause) {
    super(Code.SCHEMA, message, cause);
  }
}
