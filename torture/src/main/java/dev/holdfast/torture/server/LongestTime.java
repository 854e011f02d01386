package dev.holdfast.torture.server;

import dev.holdfast.torture.host.Moment;
import java.time.Duration;

/** The longest of some times. Not thread-safe. */
final class LongestTime {
  private Duration longest = Duration.ZERO;

  /** Adds the time since this moment. */
  void passedSince(Moment start) {
    Duration time = Duration.ofNanos(Moment.now().nanosSince(start));
    longest = time.compareTo(longest) > 0 ? time : longest;
  }

  Duration get() {
    return longest;
  }
}
