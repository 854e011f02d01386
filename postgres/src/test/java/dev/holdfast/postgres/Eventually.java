package dev.holdfast.postgres;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Waits for what no event tells. */
final class Eventually {
  private static final int LOOKS_MAX = 6_000;
  private static final long LOOK_MILLIS = 20;

  private Eventually() {}

  /** Looks until it is so; for two minutes, which no healthy machine needs. */
  static void is(String what, Callable<Boolean> so) throws Exception {
    for (int looks = 0; looks < LOOKS_MAX; looks++) {
      if (so.call()) {
        return;
      }
      pass(Duration.ofMillis(LOOK_MILLIS));
    }
    throw new AssertionError("never happened: " + what);
  }

  /** Waits in vain, to show that something does not happen: a slow machine makes that no harder. */
  static void pass(Duration moment) throws InterruptedException {
    boolean never = new CountDownLatch(1).await(moment.toMillis(), TimeUnit.MILLISECONDS);
    assert !never;
  }
}
