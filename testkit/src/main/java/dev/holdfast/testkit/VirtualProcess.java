package dev.holdfast.testkit;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A process in virtual time: its duties and handlers are the events that stand still together when
 * it is paused, and that are gone together when it dies.
 */
public final class VirtualProcess {
  private final String name;
  private final Set<VirtualThread> threads = new LinkedHashSet<>();
  private boolean alive = true;
  private long frozenUntil = Long.MIN_VALUE;
  private long suspendedNanos;

  /** A living process. */
  public VirtualProcess(String name) {
    this.name = name;
  }

  /** Its name for people. */
  public String name() {
    return name;
  }

  /** Whether it has not died. */
  public boolean isAlive() {
    return alive;
  }

  /** All its events until then are put off to the end of the pause; its clocks go on. */
  public void pause(VirtualTime time, Duration pause) {
    frozenUntil = Math.max(frozenUntil, time.elapsedNanos() + pause.toNanos());
  }

  /** A pause in which its monotonic clock stands still, as on a suspended machine. */
  public void suspend(VirtualTime time, Duration pause) {
    long before = Math.max(frozenUntil, time.elapsedNanos());
    pause(time, pause);
    suspendedNanos += Math.max(0, frozenUntil - before);
  }

  /** How long its monotonic clock has stood still. */
  long suspendedNanos() {
    return suspendedNanos;
  }

  /** It dies at once: nothing that it had planned happens any more. */
  public void die() {
    alive = false;
    List.copyOf(threads).forEach(VirtualThread::kill);
  }

  long frozenUntil() {
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
