package dev.holdfast.torture.host;

import java.time.Duration;

/** The only place where threads are put to sleep. */
public final class Rest {
  private static final long STEP_MILLIS = 5;

  private Rest() {}

  /** Sleeps, and ends with the interruption. */
  public static void orBeInterrupted(Duration rest) throws InterruptedException {
    Thread.sleep(rest.toMillis());
  }

  /** Sleeps, and does not care for interruptions: the thread's flag is lost. */
  public static void whateverHappens(Duration rest) {
    long until = Moment.now().ticks() + rest.toNanos();
    while (Moment.now().ticks() - until < 0) {
      try {
        Thread.sleep(STEP_MILLIS);
      } catch (InterruptedException ignored) {
        // that is what such a handler does
      }
    }
  }

  /** Sleeps a few milliseconds, between two looks at what others do. */
  public static void aLittle() {
    try {
      Thread.sleep(STEP_MILLIS);
    } catch (InterruptedException told) {
      throw new IllegalStateException("the run was interrupted", told);
    }
  }
}
