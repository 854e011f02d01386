package dev.holdfast.testkit;

import dev.holdfast.error.StoreUnavailableException;
import dev.holdfast.spi.JobStore;
import dev.holdfast.test.time.VirtualProcess;
import dev.holdfast.test.time.VirtualTime;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/**
 * The store as a process sees it over a faulty connection: a call may fail before it reaches the
 * store, or after it took effect, it may be slow before and after, and the process may die during
 * it.
 */
final class FaultyStore extends StoreDecorator {

  /** The probabilities of faults; changed as the simulation proceeds. */
  static final class Weather {
    double failuresPerCall;
    double crashesPerCall;
    double delaysPerCall;
    int delayMillisMax = 1;
    long outageUntilNanos;

    void clear() {
      failuresPerCall = 0;
      crashesPerCall = 0;
      delaysPerCall = 0;
      outageUntilNanos = 0;
    }
  }

  /** Thrown when the process dies within a call. */
  static final class CrashError extends Error {
    private static final long serialVersionUID = 1L;

    CrashError() {
      super("the process died", null, false, false);
    }
  }

  private final VirtualTime time;
  private final VirtualProcess process;
  private final Weather weather;
  private final SplittableRandom random;
  private final Simulation.Trace trace;
  private final Optional<Runnable> crash;

  /**
   * Wraps the store for {@code process}.
   *
   * @param crash kills the process; empty for one that never dies
   */
  FaultyStore(
      JobStore behind,
      VirtualTime time,
      VirtualProcess process,
      Weather weather,
      SplittableRandom random,
      Simulation.Trace trace,
      Optional<Runnable> crash) {
    super(behind);
    this.time = time;
    this.process = process;
    this.weather = weather;
    this.random = random;
    this.trace = trace;
    this.crash = crash;
  }

  @Override
  <T> T call(String operation, Supplier<T> call) {
    if (time.elapsedNanos() < weather.outageUntilNanos || strikes(weather.failuresPerCall)) {
      trace.add(process + " " + operation + " fails before");
      throw new StoreUnavailableException("the line broke before " + operation);
    }
    delay(operation);
    dieIf(strikes(weather.crashesPerCall), "before " + operation);
    T answer = call.get();
    trace.add(process + " " + operation);
    delay(operation);
    dieIf(strikes(weather.crashesPerCall), "after " + operation);
    if (strikes(weather.failuresPerCall)) {
      trace.add(process + " " + operation + " fails after");
      throw new StoreUnavailableException("the line broke after " + operation);
    }
    return answer;
  }

  private boolean strikes(double probability) {
    return probability > 0 && random.nextDouble() < probability;
  }

  private void delay(String operation) {
    if (strikes(weather.delaysPerCall)) {
      Duration delay = Duration.ofMillis(random.nextInt(weather.delayMillisMax));
      trace.add("%s %s takes %s".formatted(process, operation, delay));
      time.takes(process, delay);
      if (!process.isAlive()) {
        throw new CrashError();
      }
    }
  }

  private void dieIf(boolean dies, String when) {
    if (dies && crash.isPresent()) {
      trace.add(process + " dies " + when);
      crash.get().run();
      throw new CrashError();
    }
  }
}
