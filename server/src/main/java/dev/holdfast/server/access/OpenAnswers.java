package dev.holdfast.server.access;

import dev.holdfast.spi.Duty;
import dev.holdfast.spi.Scheduler;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;

/**
 * Tracks open responses, which are event streams and waiting requests, and ends those whose token
 * is no longer valid, within a second. Thread-safe.
 */
public final class OpenAnswers {
  private static final Duration LOOK_INTERVAL = Duration.ofMillis(400);

  private final Gate gate;
  private final Scheduler.Task looking;
  private final Set<Open> open = ConcurrentHashMap.newKeySet();

  /**
   * Creates a tracker that checks tokens with this gate.
   *
   * @param scheduler runs the checks, which query the store; the caller closes it
   */
  public OpenAnswers(Gate gate, Scheduler scheduler) {
    this.gate = gate;
    this.looking = scheduler.schedule("open-answers", this::look);
  }

  /** An open response; compared by identity, as two requests of one token are distinct. */
  private static final class Open {
    private final Identity identity;
    private final BooleanSupplier isOver;
    private final Runnable end;

    private Open(Identity identity, BooleanSupplier isOver, Runnable end) {
      this.identity = identity;
      this.isOver = isOver;
      this.end = end;
    }
  }

  /**
   * Tracks a response.
   *
   * @param identity the caller
   * @param isOver whether it has ended by itself
   * @param end ends it; called at most once
   */
  public void add(Identity identity, BooleanSupplier isOver, Runnable end) {
    open.add(new Open(identity, isOver, end));
    looking.wake();
  }

  private Duration look() {
    open.removeIf(one -> one.isOver.getAsBoolean());
    Map<Identity, Boolean> valid = new HashMap<>();
    for (Open one : List.copyOf(open)) {
      if (!valid.computeIfAbsent(one.identity, gate::isStillValid)) {
        open.remove(one);
        one.end.run();
      }
    }
    return open.isEmpty() ? Duty.WHEN_WOKEN : LOOK_INTERVAL;
  }

  /** Returns the approximate number of open responses. */
  public int count() {
    return open.size();
  }
}
