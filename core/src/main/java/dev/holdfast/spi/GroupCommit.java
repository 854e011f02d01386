package dev.holdfast.spi;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Group commit: many callers, one transaction at a time, each answered after its own is durable.
 *
 * <p>There is no writer thread. A caller that finds no commit under way becomes the leader and
 * commits all waiting work, its own included; the others sleep, and their work becomes the next
 * group. A single caller pays no thread switch, and many callers share one commit.
 *
 * <p>The method follows Hendler, Incze, Shavit and Tzafrir, "Flat combining and the
 * synchronization-parallelism tradeoff" (SPAA 2010), with sleeping instead of spinning.
 *
 * <p>At most one thread is inside the committer at any time, and each call happens before the next.
 *
 * @param <W> the work
 */
public final class GroupCommit<W> {

  /**
   * Commits several pieces of work in one transaction.
   *
   * @param <W> the work
   */
  @FunctionalInterface
  public interface Committer<W> {
    /**
     * Commits all of {@code works} or none.
     *
     * @throws WorkFailedException if one of them is at fault: its caller gets the exception, and
     *     the others are tried again without it
     * @throws RuntimeException if all failed together: every caller gets the exception
     */
    void commit(List<W> works) throws WorkFailedException;
  }

  /** Thrown when one piece of work in a group is at fault. */
  public static final class WorkFailedException extends Exception {
    private static final long serialVersionUID = 1L;
    private final int index;

    /** Creates an exception: the work at {@code index} failed with {@code cause}. */
    public WorkFailedException(int index, Throwable cause) {
      super(cause);
      this.index = index;
    }
  }

  private final Committer<W> committer;
  private final int groupMax;
  private final Queue<Request<W>> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean pen = new AtomicBoolean();

  /** Creates groups of at most {@code groupMax} pieces of work. */
  public GroupCommit(int groupMax, Committer<W> committer) {
    this.groupMax = groupMax;
    this.committer = committer;
  }

  /**
   * Returns when {@code work} is durable. Interruption does not end the wait; the thread's
   * interrupt flag is restored before the return.
   *
   * @throws RuntimeException thrown by the committer for this work
   */
  public void commit(W work) {
    Request<W> request = new Request<>(work, Thread.currentThread());
    waiting.add(request);
    boolean interrupted = false;
    while (!request.done) {
      if (pen.compareAndSet(false, true)) {
        try {
          commitNextGroup();
        } finally {
          pen.set(false);
          passOn();
        }
      } else {
        LockSupport.park(this);
        interrupted |= Thread.interrupted();
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    request.answer();
  }

  /** Wakes the next leader. Called after leadership is released, so that no arrival is missed. */
  private void passOn() {
    Request<W> next = waiting.peek();
    if (next != null) {
      LockSupport.unpark(next.caller);
    }
  }

  private void commitNextGroup() {
    List<Request<W>> group = new ArrayList<>();
    while (group.size() < groupMax) {
      Request<W> next = waiting.poll();
      if (next == null) {
        break;
      }
      group.add(next);
    }
    while (!group.isEmpty()) {
      try {
        committer.commit(group.stream().<W>map(request -> request.work).toList());
        group.forEach(request -> request.settle(null));
        return;
      } catch (WorkFailedException failed) {
        group.remove(failed.index).settle(failed.getCause());
      } catch (RuntimeException | Error failure) {
        group.forEach(request -> request.settle(failure));
        return;
      }
    }
  }

  private static final class Request<W> {
    private final W work;
    private final Thread caller;
    private @Nullable Throwable failure; // published by done
    private volatile boolean done;

    private Request(W work, Thread caller) {
      this.work = work;
      this.caller = caller;
    }

    private void settle(@Nullable Throwable newFailure) {
      failure = newFailure;
      done = true;
      LockSupport.unpark(caller);
    }

    private void answer() {
      if (failure instanceof RuntimeException runtime) {
        throw runtime;
      }
      if (failure instanceof Error error) {
        throw error;
      }
      if (failure != null) {
        throw new IllegalStateException("work threw a checked exception: a bug", failure);
      }
    }
  }
}
