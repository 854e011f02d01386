package dev.holdfast.http.wire;

import java.time.Duration;

/** Converts durations to and from numbers of seconds. */
final class Seconds {
  private Seconds() {}

  /** Returns the seconds, to the millisecond. */
  static double of(Duration duration) {
    return duration.toMillis() / 1_000.0;
  }

  /** Returns the seconds of a measured duration, to the nanosecond. */
  static double measured(Duration duration) {
    return duration.toNanos() / 1e9;
  }

  /** Returns the duration, to the millisecond. */
  static Duration read(double seconds) {
    return Duration.ofMillis(Math.round(seconds * 1_000));
  }
}
