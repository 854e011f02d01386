package dev.holdfast.testkit.process;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Waits for conditions that no event announces, such as actions of another process. It pauses
 * between two checks: a busy loop would take the processor from the very process that it waits for.
 */
public final class Eventually {
  private static final Duration LOOK = Duration.ofMillis(5);
  private static final int LOOKS_MAX = 60_000; // five minutes, which no healthy machine needs

  private Eventually() {}

  /**
   * Returns once the condition is true.
   *
   * @throws AssertionError if it never was, or if the thread was interrupted
   * @throws IllegalStateException with the cause, if a check failed with a checked exception
   */
  public static void is(String what, Callable<Boolean> so) {
    try {
      for (int looks = 0; looks < LOOKS_MAX; looks++) {
        if (so.call()) {
          return;
        }
        pass(LOOK);
      }
    } catch (InterruptedException told) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted; did not happen yet: " + what, told);
    } catch (RuntimeException failure) {
      throw failure;
    } catch (Exception failure) {
      throw new IllegalStateException("a check failed: " + what, failure);
    }
    throw new AssertionError("never happened: " + what);
  }

  /**
   * Lets a moment pass, to show that something does not happen: slow machines do not make that
   * fail.
   */
  public static void pass(Duration moment) throws InterruptedException {
    boolean never = new CountDownLatch(1).await(moment.toMillis(), TimeUnit.MILLISECONDS);
    assert !never;
  }
}
