package dev.holdfast.test.time;

import dev.holdfast.spi.TimeSource;
import java.time.Instant;

/** The clocks as one process sees them: the monotonic one stands still while it is suspended. */
public final class ProcessTime implements TimeSource {
  private final VirtualTime time;
  private final VirtualProcess process;

  /** Creates the clocks of {@code process}. */
  public ProcessTime(VirtualTime time, VirtualProcess process) {
    this.time = time;
    this.process = process;
  }

  @Override
  public Instant now() {
    return time.now();
  }

  @Override
  public long ticks() {
    return time.ticks() - process.suspendedNanos();
  }

  @Override
  public long sinceBoot() {
    return time.ticks();
  }
}
