package dev.holdfast.test.time;

import static java.util.Objects.requireNonNull;

import dev.holdfast.test.time.VirtualTime.Event;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A real thread that runs only while the event loop waits for it: user code can sleep and be
 * interrupted freely, yet only one thing happens at a time. Its fields are handed back and forth
 * with control.
 */
final class VirtualThread extends Thread {
  /** Thrown when the process of this thread has died. */
  private static final class KilledError extends Error {
    private static final long serialVersionUID = 1L;

    private KilledError() {
      super("killed", null, false, false);
    }
  }

  private final VirtualTime time;
  private volatile @Nullable Thread loop; // the event loop, while it waits for this thread
  private @Nullable VirtualProcess process;
  private @Nullable Runnable task;
  private @Nullable Event wakeUp;
  private boolean interrupted;
  private boolean killed;
  private boolean stopped;

  VirtualThread(VirtualTime time) {
    super("virtual-handler");
    this.time = time;
    setDaemon(true);
    start();
  }

  /** Runs {@code newTask} of {@code owner} until it ends or sleeps for the first time. */
  void begin(VirtualProcess owner, Runnable newTask) {
    process = owner;
    task = newTask;
    interrupted = false;
    killed = false;
    owner.began(this);
    goOn();
  }

  /** Gives control to this thread, and waits until it comes back. */
  private void goOn() {
    loop = currentThread();
    LockSupport.unpark(this);
    while (loop != null) {
      LockSupport.park(this);
    }
  }

  private void giveTurnBack() {
    Thread waiting = requireNonNull(loop);
    loop = null;
    LockSupport.unpark(waiting);
  }

  private void awaitTurn() {
    while (loop == null) {
      LockSupport.park(this);
    }
  }

  @Override
  public void run() {
    awaitTurn();
    while (task != null) {
      task.run();
      task = null;
      requireNonNull(process).ended(this);
      time.isIdle(this);
      giveTurnBack();
      awaitTurn();
    }
    giveTurnBack();
  }

  /** Sleeps. Called by this thread only. */
  void sleepFor(Duration duration) throws InterruptedException {
    if (!interrupted && !killed) {
      wakeUp = time.plan(requireNonNull(process), duration, this::goOn);
      giveTurnBack();
      awaitTurn();
      wakeUp = null;
    }
    if (killed) {
      throw new KilledError();
    }
    if (interrupted) {
      interrupted = false;
      throw new InterruptedException("in virtual time");
    }
  }

  /** Returns whether the event loop waits for this thread. */
  boolean hasTurn() {
    return loop != null;
  }

  /** Stops for good, as its process has died: no code of it runs any more until it is ended. */
  void stopForGood() {
    stopped = true;
    giveTurnBack();
    awaitTurn();
    throw new KilledError();
  }

  /** Wakes the thread in turn if it sleeps; otherwise the flag is kept for its next sleep. */
  @Override
  public void interrupt() {
    if (interrupted) {
      return;
    }
    interrupted = true;
    if (wakeUp != null) {
      wakeUp.cancel();
      wakeUp = time.plan(requireNonNull(process), Duration.ZERO, this::goOn);
    }
  }

  @Override
  public boolean isInterrupted() {
    return interrupted;
  }

  /** Unwinds a sleeping thread whose process has died. */
  void kill() {
    killed = true;
    if (wakeUp != null || stopped) {
      stopped = false;
      goOn();
    }
  }

  /** Ends an idle thread. */
  void end() {
    goOn();
  }
}
