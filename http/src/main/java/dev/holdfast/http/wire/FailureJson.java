package dev.holdfast.http.wire;

import dev.holdfast.Failure;

/** Wire form of a {@link Failure}: why an attempt failed. */
public record FailureJson(Failure.Kind kind, String message, String trace) {

  /** Returns a failure with everything. */
  public static FailureJson of(Failure failure) {
    return new FailureJson(failure.kind(), failure.message(), failure.trace());
  }

  /** Returns the failure. */
  public Failure failure() {
    return new Failure(kind, message, trace);
  }
}
