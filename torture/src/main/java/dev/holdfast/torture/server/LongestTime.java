package dev.holdfast.torture.server;

import dev.holdfast.torture.host.Moment;
import java.time.Duration;

/** The longest of some times. For one thread. */
final class LongestTime {
  private Duration longest = Duration.ZERO;

  /** Another one has passed since then. */
  void passedSince(Moment start) {
    Duration time = Duration.ofNanos(Moment.now().nanosSince(start));
    longest = time.compareTo(longest) > 0 ? time : longest;
  }

  Duration get() {
    return longest;
  }
}
