package dev.holdfast.engine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Attempts that were claimed behind others under a limit. Of each line one runs, or waits for a
 * slot, and the next may follow when it has ended: so a limit is kept though no commit stands
 * between the two. Guarded by the lock of its {@link Slots}.
 */
final class Lines {
  private final Map<Long, Deque<Attempt>> behind = new HashMap<>(); // of each line that is here
  private int waiting;
  private int ended;

  /** Whether the attempt may have a slot; otherwise it waits here until it is the first. */
  boolean isFirst(Attempt attempt) {
    Optional<Long> line = attempt.line();
    if (line.isEmpty()) {
      return true;
    }
    Deque<Attempt> others = behind.get(line.get());
    if (others == null) {
      behind.put(line.get(), new ArrayDeque<>());
      return true;
    }
    others.add(attempt);
    waiting++;
    return false;
  }

  /** The first of a line has ended, or went back: whoever is the first now, if anybody. */
  Optional<Attempt> next(Attempt first) {
    if (first.line().isEmpty()) {
      return Optional.empty();
    }
    ended++;
    long line = first.line().get();
    Optional<Attempt> next = Optional.ofNullable(behind.get(line)).map(Deque::poll);
    if (next.isPresent()) {
      waiting--;
    } else {
      behind.remove(line);
    }
    return next;
  }

  /** All behind the first in each line whose second was claimed before these ticks. */
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

  /** How many wait behind another. */
  int waiting() {
    return waiting;
  }

  /** How many that stood in a line have ended since this was asked last. */
  int takeEnded() {
    int sinceLast = ended;
    ended = 0;
    return sinceLast;
  }
}
