package dev.holdfast.server.api;

import dev.holdfast.spi.TimeSource;
import java.time.Duration;

/** A number of permissions that is renewed each minute. Thread-safe. */
final class MinuteQuota {
  private static final long MINUTE = Duration.ofMinutes(1).toNanos();

  private final int size;
  private final TimeSource time;
  private long sinceTicks; // guarded by this, like used
  private int used;

  MinuteQuota(int size, TimeSource time) {
    this.size = size;
    this.time = time;
    this.sinceTicks = time.ticks();
  }

  /** Takes a permission. @return false if all of this minute are taken */
  synchronized boolean take() {
    if (time.ticks() - sinceTicks >= MINUTE) {
      sinceTicks = time.ticks();
      used = 0;
    }
    return used < size && used++ < size;
  }
}
