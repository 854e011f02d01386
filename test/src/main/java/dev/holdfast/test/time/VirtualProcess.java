package dev.holdfast.test.time;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A process in virtual time: its duties and handlers are events that are all delayed when it is
 * paused, and all dropped when it dies.
 */
public final class VirtualProcess {
  private final String name;
  private final Set<VirtualThread> threads = new LinkedHashSet<>();
  private boolean alive = true;
  private long frozenUntil = Long.MIN_VALUE;
  private long suspendedNanos;

  /** Creates a living process. */
  public VirtualProcess(String name) {
    this.name = name;
  }

  /** Returns its name, for display. */
  public String name() {
    return name;
  }

  /** Returns whether it is alive. */
  public boolean isAlive() {
    return alive;
  }

  /** Delays all its events to the end of the pause; its clocks go on. */
  public void pause(VirtualTime time, Duration pause) {
    frozenUntil = Math.max(frozenUntil, time.elapsedNanos() + pause.toNanos());
  }

  /** Pauses with its monotonic clock stopped, as on a suspended machine. */
  public void suspend(VirtualTime time, Duration pause) {
    long before = Math.max(frozenUntil, time.elapsedNanos());
    pause(time, pause);
    suspendedNanos += Math.max(0, frozenUntil - before);
  }

  /** Returns how long its monotonic clock has been stopped. */
  public long suspendedNanos() {
    return suspendedNanos;
  }

  /** Kills the process at once: its planned events never happen. */
  public void die() {
    alive = false;
    List.copyOf(threads).forEach(VirtualThread::kill);
  }

  /**
   * Ends as by {@code kill -9}: none of its code runs any more, not even what its handlers would do
   * while they are unwound. {@link #die} unwinds them later. A handler that calls this does not
   * return.
   */
  public void vanish() {
    alive = false;
    if (Thread.currentThread() instanceof VirtualThread own && threads.contains(own)) {
      own.stopForGood();
    }
  }

  /** Returns the end of its pause, in nanoseconds of virtual time. */
  public long frozenUntil() {
    return frozenUntil;
  }

  void began(VirtualThread thread) {
    threads.add(thread);
  }

  void ended(VirtualThread thread) {
    threads.remove(thread);
  }

  @Override
  public String toString() {
    return name;
  }
}
