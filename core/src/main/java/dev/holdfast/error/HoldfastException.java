package dev.holdfast.error;

import org.jspecify.annotations.Nullable;

/**
 * The base class of all exceptions that callers see; always unchecked. The message is one line:
 * what was wrong, with the value; what was expected; what to do. A bug in Holdfast is an {@link
 * IllegalStateException} instead.
 */
public abstract sealed class HoldfastException extends RuntimeException
    permits BusyException,
        ConflictException,
        InvalidRequestException,
        NotFoundException,
        PermissionException,
        SchemaException,
        StaleLeaseException,
        StorageException,
        StoreUnavailableException {
  private static final long serialVersionUID = 1L;

  /** Machine-readable codes, stable across versions. */
  public enum Code {
    /** See {@link BusyException}. */
    BUSY,
    /** See {@link ConflictException}. */
    CONFLICT,
    /** See {@link InvalidRequestException}. */
    INVALID,
    /** See {@link NotFoundException}. */
    NOT_FOUND,
    /** See {@link PermissionException}. */
    PERMISSION,
    /** See {@link SchemaException}. */
    SCHEMA,
    /** See {@link StaleLeaseException}. */
    STALE_LEASE,
    /** See {@link StorageException}. */
    STORAGE,
    /** See {@link StoreUnavailableException}. */
    UNAVAILABLE
  }

  private final Code code;

  HoldfastException(Code code, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  /** Returns the machine-readable code. */
  public final Code code() {
    return code;
  }
}
