package dev.holdfast.test.time;

import dev.holdfast.spi.TimeSource;
import java.time.Duration;
import java.time.Instant;

/** A clock that stands still until a test moves it. Safe from any thread. */
public final class MovableTime implements TimeSource {
  /** The wall-clock time at which every test begins. */
  public static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private Instant now = START; // guarded by this, like ticks
  private long ticks;

  @Override
  public synchronized Instant now() {
    return now;
  }

  @Override
  public synchronized long ticks() {
    return ticks;
  }

  /** Lets time pass, on all clocks. */
  public synchronized void advance(Duration time) {
    now = now.plus(time);
    ticks += time.toNanos();
  }

  /** Sets the wall clock forward, or back by a negative {@code step}; no time passes. */
  public synchronized void stepWallClock(Duration step) {
    now = now.plus(step);
  }
}
