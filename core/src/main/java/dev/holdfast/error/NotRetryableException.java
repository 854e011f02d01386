package dev.holdfast.error;

/** Thrown by a handler when no retry can help: the job fails at once. */
public final class NotRetryableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Creates an exception with the reason, for display. */
  public NotRetryableException(String message) {
    super(message);
  }

  /** Creates an exception with the reason, for display, and its cause. */
  public NotRetryableException(String message, Throwable cause) {
    super(message, cause);
  }
}
