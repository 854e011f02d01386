package dev.holdfast.engine;

import dev.holdfast.spi.TimeSource;
import java.time.Instant;

/** The clocks of the system; the only reader of them. */
public final class SystemTime implements TimeSource {
  @Override
  public Instant now() {
    return Instant.now();
  }

  @Override
  public long ticks() {
    return System.nanoTime();
  }
}
