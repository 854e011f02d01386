package dev.holdfast.test;

import java.util.Objects;
import java.util.function.Consumer;

/**
 * Runs of one job type that a test makes fail; made by {@link HoldfastExtension#onRun} and {@link
 * HoldfastExtension#onNextRuns}. One call of a method here decides what happens to them.
 *
 * <p>A run is a call of the handler: a retry is another run, and so is the one after a wait of a
 * step. A fault lies around all interceptors.
 */
public final class FaultyRuns {
  private final String type;
  private final int first;
  private final int last;
  private final Consumer<Faults.Fault> add;

  FaultyRuns(String type, int first, int last, Consumer<Faults.Fault> add) {
    this.type = type;
    this.first = first;
    this.last = last;
    this.add = add;
  }

  /** Lets these runs throw {@code failure} in place of calling the handler. */
  public void failBefore(Exception failure) {
    Objects.requireNonNull(failure, "failure");
    add.accept(new Faults.Fault(type, first, last, true, failure));
  }

  /**
   * Lets these runs throw {@code failure} after the handler has returned: its effects are there,
   * its result is not. A run that fails or suspends its job anyway ends as it would.
   */
  public void failAfter(Exception failure) {
    Objects.requireNonNull(failure, "failure");
    add.accept(new Faults.Fault(type, first, last, false, failure));
  }

  /**
   * Kills the process before these runs call the handler, like {@link HoldfastExtension#crash}; the
   * {@link HoldfastExtension#advance} or {@link HoldfastExtension#runUntilIdle} under way starts it
   * again.
   */
  public void crashBefore() {
    add.accept(new Faults.Fault(type, first, last, true, null));
  }

  /**
   * Kills the process when the handler has returned or thrown, before that is stored: its effects
   * are there, and the job runs again. Otherwise like {@link #crashBefore}.
   */
  public void crashAfter() {
    add.accept(new Faults.Fault(type, first, last, false, null));
  }
}
