package dev.holdfast.engine;

import dev.holdfast.Vitals;
import dev.holdfast.spi.Duty;
import dev.holdfast.spi.TimeSource;
import java.time.Duration;
import java.util.Optional;

/** A duty that records its last run for others to see. */
final class ObservedDuty implements Duty {
  private final String name;
  private final Duty duty;
  private final boolean isHousekeeping;
  private final TimeSource time;
  private volatile Vitals.Duty last;

  ObservedDuty(String name, Duty duty, boolean isHousekeeping, TimeSource time) {
    this.name = name;
    this.duty = duty;
    this.isHousekeeping = isHousekeeping;
    this.time = time;
    this.last = new Vitals.Duty(name, Optional.empty(), Optional.empty(), 0);
  }

  Vitals.Duty last() {
    return last;
  }

  @Override
  public boolean isHousekeeping() {
    return isHousekeeping;
  }

  @Override
  public Duration run() {
    boolean done = false;
    try {
      Duration delay = duty.run();
      ended(Optional.empty());
      done = true;
      return delay;
    } catch (RuntimeException failure) {
      ended(Optional.of(failure.toString()));
      done = true;
      throw failure;
    } finally {
      if (!done) {
        ended(Optional.of("an error ended its run; see the log"));
      }
    }
  }

  private void ended(Optional<String> error) {
    int failures = error.isPresent() ? last.failures() + 1 : 0;
    last = new Vitals.Duty(name, Optional.of(time.now()), error, failures);
  }
}
