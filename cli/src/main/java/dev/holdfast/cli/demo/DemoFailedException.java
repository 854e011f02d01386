package dev.holdfast.cli.demo;

/** Thrown when the demo did not show what it should. */
public final class DemoFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Creates an exception with this message. */
  DemoFailedException(String message) {
    super(message);
  }
}
