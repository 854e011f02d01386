package dev.holdfast.torture.host;

import java.time.Duration;

/** Puts threads to sleep; the only place that does. */
public final class Rest {
  private static final long STEP_MILLIS = 5;

  private Rest() {}

  /** Sleeps; can be interrupted. */
  public static void orBeInterrupted(Duration rest) throws InterruptedException {
    Thread.sleep(rest.toMillis());
  }

  /** Sleeps and ignores interruptions, clearing the thread's flag. */
  public static void whateverHappens(Duration rest) {
    long until = Moment.now().ticks() + rest.toNanos();
    while (Moment.now().ticks() - until < 0) {
      try {
        Thread.sleep(STEP_MILLIS);
      } catch (InterruptedException ignored) {
        // stubborn handlers do this
      }
    }
  }

  /** Sleeps a few milliseconds between two polls. */
  public static void aLittle() {
    try {
      Thread.sleep(STEP_MILLIS);
    } catch (InterruptedException told) {
      throw new IllegalStateException("the run was interrupted", told);
    }
  }
}
