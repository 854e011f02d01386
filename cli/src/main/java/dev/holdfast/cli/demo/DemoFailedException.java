package dev.holdfast.cli.demo;

/** What was to be shown did not happen. */
public final class DemoFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What did not. */
  DemoFailedException(String message) {
    super(message);
  }
}
