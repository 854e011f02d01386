package dev.holdfast;

/** Thrown by a handler to say that no retry can help: the job fails at once. */
public final class NotRetryableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With the reason, for people. */
  public NotRetryableException(String message) {
    super(message);
  }

  /** With the reason, for people, and its cause. */
  public NotRetryableException(String message, Throwable cause) {
    super(message, cause);
  }
}
