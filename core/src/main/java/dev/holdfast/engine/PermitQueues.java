package dev.holdfast.engine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Attempts that share permits. Of each permit one attempt runs or waits for a slot, and the next
 * follows when it has ended: so a limit is kept although there is no commit between the two.
 * Guarded by the lock of its {@link Slots}.
 */
final class PermitQueues {
  private final Map<Long, Deque<Attempt>> behind = new HashMap<>(); // by permit
  private int waiting;
  private int ended;

  /** Returns whether the attempt may have a slot; otherwise it waits here until it is the first. */
  boolean isFirst(Attempt attempt) {
    Optional<Long> permit = attempt.sharedPermit();
    if (permit.isEmpty()) {
      return true;
    }
    Deque<Attempt> others = behind.get(permit.get());
    if (others == null) {
      behind.put(permit.get(), new ArrayDeque<>());
      return true;
    }
    others.add(attempt);
    waiting++;
    return false;
  }

  /**
   * Removes the current attempt of a permit, which has ended or was given back. Returns the next
   * one, if any.
   */
  Optional<Attempt> next(Attempt first) {
    if (first.sharedPermit().isEmpty()) {
      return Optional.empty();
    }
    ended++;
    long permit = first.sharedPermit().get();
    Optional<Attempt> next = Optional.ofNullable(behind.get(permit)).map(Deque::poll);
    if (next.isPresent()) {
      waiting--;
    } else {
      behind.remove(permit);
    }
    return next;
  }

  /** Takes all but the first attempt of each permit whose second was claimed before these ticks. */
  List<Attempt> takeClaimedBefore(long ticks) {
    List<Attempt> back = new ArrayList<>();
    for (Deque<Attempt> others : behind.values()) {
      Attempt second = others.peek();
      if (second != null && second.claimedTicks() - ticks <= 0) {
        back.addAll(others);
        others.clear();
      }
    }
    waiting -= back.size();
    return back;
  }

  /** Returns the number of attempts that wait behind another. */
  int waiting() {
    return waiting;
  }

  /** Returns how many attempts that shared a permit have ended since the last call. */
  int takeEnded() {
    int sinceLast = ended;
    ended = 0;
    return sinceLast;
  }
}
