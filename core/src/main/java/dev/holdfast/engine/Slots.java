package dev.holdfast.engine;

import dev.holdfast.JobId;
import dev.holdfast.spi.Acknowledgement;
import dev.holdfast.spi.HandlerThreads;
import dev.holdfast.spi.Presence;
import dev.holdfast.spi.TimeSource;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The places where handlers run: at most {@code concurrency} at once, and behind them a queue of
 * attempts that were claimed ahead of time.
 *
 * <p>A handler that does not return loses its slot to others, though its thread is still there.
 * That is done as often as there are slots; beyond, each such handler keeps its slot, so that a
 * node full of them ends up with none and takes no more jobs.
 *
 * <p>Of jobs whose next crash would be their last, only one runs at a time: if the process dies
 * again, it is clear which of them was running, and the others are not charged for their neighbour.
 */
final class Slots {
  private static final Logger log = LoggerFactory.getLogger(Slots.class);

  private final int concurrency;
  private final HandlerThreads threads;
  private final Presence presence;
  private final TimeSource time;
  private final Listener listener;

  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Attempt, Integer> running = new HashMap<>(); // guarded by lock, like all below
  private final Map<JobId, Attempt> byJob = new HashMap<>();
  private final Deque<Attempt> waiting = new ArrayDeque<>();
  private final PermitQueues lines = new PermitQueues();
  private final Set<Attempt> unresponsive = new HashSet<>();
  private final BitSet taken = new BitSet();
  private final List<CompletableFuture<@Nullable Void>> awaitingIdle = new ArrayList<>();

  /** Decides about and observes what happens in the slots. */
  interface Listener {
    /** Returns whether the node's lease has held since the claim; nothing begins without it. */
    boolean mayBegin(Attempt attempt);

    /** Called on the handler's thread before a handler runs. */
    void began(Attempt attempt);

    /** Called with the acknowledgement when an attempt has ended. */
    void ended(Acknowledgement end);

    /** Called after that, when the slot is free again. */
    void freed();
  }

  Slots(
      int concurrency,
      HandlerThreads threads,
      Presence presence,
      TimeSource time,
      Listener listener) {
    this.concurrency = concurrency;
    this.threads = threads;
    this.presence = presence;
    this.time = time;
    this.listener = listener;
  }

  /** Returns how many more attempts to claim at this pace. */
  int toClaim(Pace pace) {
    lock.lock();
    try {
      int slots = capacityLocked();
      int most = slots == 0 ? 0 : pace.target(slots);
      return Math.max(0, most - running.size() - waiting.size());
    } finally {
      lock.unlock();
    }
  }

  /** Returns how many attempts would begin immediately. */
  int free() {
    lock.lock();
    try {
      return Math.max(0, capacityLocked() - running.size() - waiting.size());
    } finally {
      lock.unlock();
    }
  }

  /** Returns how many attempts that shared a permit have ended since the last call. */
  int takeEndedInLine() {
    lock.lock();
    try {
      return lines.takeEnded();
    } finally {
      lock.unlock();
    }
  }

  /** Returns how many more attempts may share the permits of others at this pace of those. */
  int roomInLine(Pace pace) {
    lock.lock();
    try {
      return Math.max(0, pace.target(0) - lines.waiting());
    } finally {
      lock.unlock();
    }
  }

  /** Returns how many handlers may run at once, now. */
  int capacity() {
    lock.lock();
    try {
      return capacityLocked();
    } finally {
      lock.unlock();
    }
  }

  private int capacityLocked() {
    return Math.max(0, concurrency - Math.max(0, unresponsive.size() - concurrency));
  }

  /** Returns how many handlers were given up and have not returned since. */
  int unresponsive() {
    lock.lock();
    try {
      return unresponsive.size();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Runs the attempts in free slots, or lets them wait for one.
   *
   * @throws Error if there is no thread for one of them; all that did not begin wait
   */
  void start(List<Attempt> claimed) {
    lock.lock();
    try {
      for (Attempt attempt : claimed) {
        byJob.put(attempt.id(), attempt);
        if (lines.isFirst(attempt)) {
          waiting.add(attempt);
        }
      }
    } finally {
      lock.unlock();
    }
    claimed.forEach(attempt -> startNext());
  }

  private void startNext() {
    Attempt next;
    int slot;
    lock.lock();
    try {
      if (running.size() >= capacityLocked() || waiting.isEmpty()) {
        return;
      }
      Optional<Attempt> startable =
          waiting.stream()
              .filter(attempt -> !isLastChance(attempt) || !lastChanceRuns())
              .findFirst();
      if (startable.isEmpty()) {
        return;
      }
      next = startable.get();
      waiting.remove(next);
      slot = taken.nextClearBit(0);
      taken.set(slot);
      running.put(next, slot);
    } finally {
      lock.unlock();
    }
    try {
      threads.execute(() -> run(next, slot));
    } catch (RuntimeException | Error noThread) {
      waitAgain(next, slot);
      throw noThread;
    }
  }

  /** Puts it back at the head; it is released if that does not move for too long. */
  private void waitAgain(Attempt attempt, int slot) {
    lock.lock();
    try {
      running.remove(attempt);
      taken.clear(slot);
      waiting.addFirst(attempt);
    } finally {
      lock.unlock();
    }
  }

  private static boolean isLastChance(Attempt attempt) {
    return attempt.isLastChance();
  }

  private boolean lastChanceRuns() {
    return running.keySet().stream().anyMatch(Slots::isLastChance);
  }

  /**
   * A claim may return, or a thread may start, after the lease could not be renewed: then the
   * handler does not begin, and its job is given back, as this node may go on to live with it.
   *
   * <p>Others see the job as running before the lease is checked. So if the process stands still
   * here, either they count what begins when it goes on, or nothing begins.
   */
  private void run(Attempt attempt, int slot) {
    Optional<Acknowledgement> end = Optional.empty();
    try {
      presence.begins(slot, attempt.id());
      if (!listener.mayBegin(attempt)) {
        attempt.stop(Stop.LEASE_LOST);
      }
      if (attempt.begin()) {
        listener.began(attempt);
        end = attempt.run();
      } else {
        end = attempt.endUnbegun();
      }
    } catch (RuntimeException | Error bug) {
      log.error("Attempt of job {} has no end; its job is given back.", attempt.id(), bug);
    }
    finish(attempt, end);
    returned(attempt); // last, as until then it may be given up
  }

  /** The handler's thread has come back, perhaps long after it was given up. */
  private void returned(Attempt attempt) {
    boolean wasGivenUp;
    lock.lock();
    try {
      wasGivenUp = unresponsive.remove(attempt);
    } finally {
      lock.unlock();
    }
    if (wasGivenUp) {
      startNext();
      listener.freed();
    }
  }

  /** Gives the slot back once: by the handler's end, or before, when it was abandoned. */
  private void finish(Attempt attempt, Optional<Acknowledgement> end) {
    end.ifPresent(listener::ended);
    List<CompletableFuture<@Nullable Void>> nowIdle = List.of();
    lock.lock();
    try {
      Integer slot = running.remove(attempt);
      if (slot == null) {
        return;
      }
      byJob.remove(attempt.id(), attempt);
      presence.ends(slot);
      taken.clear(slot);
      lines.next(attempt).ifPresent(waiting::add);
      if (running.isEmpty() && waiting.isEmpty()) {
        nowIdle = List.copyOf(awaitingIdle);
        awaitingIdle.clear();
      }
    } finally {
      lock.unlock();
    }
    nowIdle.forEach(future -> future.complete(null));
    try {
      startNext();
    } finally {
      listener.freed();
    }
  }

  /** Ends an attempt whose handler does not return, and gives its slot to another. */
  void abandon(Attempt attempt) {
    lock.lock();
    try {
      if (running.containsKey(attempt)) {
        unresponsive.add(attempt);
      }
    } finally {
      lock.unlock();
    }
    finish(attempt, attempt.abandon());
  }

  /** Ends an attempt whose acknowledgement another caller sends. */
  void drop(Attempt attempt) {
    attempt.endSilently();
    finish(attempt, Optional.empty());
  }

  /** Returns all attempts that run or wait. */
  List<Attempt> all() {
    lock.lock();
    try {
      return List.copyOf(byJob.values());
    } finally {
      lock.unlock();
    }
  }

  /** Returns all attempts whose handler runs. */
  List<Attempt> running() {
    lock.lock();
    try {
      return List.copyOf(running.keySet());
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes back those that wait, if the first of them has waited longer than {@code patience}; and
   * those behind a shared permit, if the next of them has.
   */
  List<Attempt> takeWaiting(Duration patience) {
    lock.lock();
    try {
      long before = time.ticks() - patience.toNanos();
      List<Attempt> back = new ArrayList<>(lines.takeClaimedBefore(before));
      Attempt first = waiting.peek();
      if (first != null && first.claimedTicks() - before <= 0) {
        back.addAll(takeWaitingLocked());
      }
      back.forEach(attempt -> byJob.remove(attempt.id(), attempt));
      return back;
    } finally {
      lock.unlock();
    }
  }

  /** Takes the waiting attempts, each with those that share its permit. */
  private List<Attempt> takeWaitingLocked() {
    List<Attempt> back = new ArrayList<>();
    while (!waiting.isEmpty()) {
      Attempt first = waiting.remove();
      back.add(first);
      lines.next(first).ifPresent(waiting::add);
    }
    return back;
  }

  boolean hasWaiting() {
    lock.lock();
    try {
      return !waiting.isEmpty() || lines.waiting() > 0;
    } finally {
      lock.unlock();
    }
  }

  /** Completes when nothing runs and nothing waits. */
  CompletableFuture<@Nullable Void> idle() {
    CompletableFuture<@Nullable Void> future = new CompletableFuture<>();
    lock.lock();
    try {
      if (!running.isEmpty() || !waiting.isEmpty()) {
        awaitingIdle.add(future);
        return future;
      }
    } finally {
      lock.unlock();
    }
    future.complete(null);
    return future;
  }
}
