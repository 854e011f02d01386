package dev.holdfast.engine;

import dev.holdfast.spi.Duty;
import dev.holdfast.spi.FailureStore;
import java.time.Duration;

/** Computes the fingerprints of dead letters that have none, in small steps. */
final class Fingerprinting implements Duty {
  private static final int STEP = 500;
  private static final Duration PAUSE = Duration.ofMillis(50);
  private static final Duration INTERVAL = Duration.ofMinutes(1);

  private final FailureStore failures;

  Fingerprinting(FailureStore failures) {
    this.failures = failures;
  }

  @Override
  public Duration run() {
    return failures.fill(STEP) < STEP ? INTERVAL : PAUSE;
  }
}
