package dev.holdfast.engine;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * The time between two polls, up to a fifth shorter or longer so that nodes do not poll together.
 */
record PollInterval(Duration base, RandomGenerator random) {
  private static final double JITTER = 0.2;

  Duration next() {
    double factor = 1 + JITTER * (2 * random.nextDouble() - 1);
    return Duration.ofNanos(Math.round(base.toNanos() * factor));
  }
}
