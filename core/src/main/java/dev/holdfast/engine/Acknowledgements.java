package dev.holdfast.engine;

import dev.holdfast.spi.Acknowledgement;
import dev.holdfast.spi.Lease;
import dev.holdfast.spi.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/**
 * Acknowledgements that are not durable yet. They stay through all failures until a store has
 * accepted them. Those that a store sets aside, because another transaction holds their job's row,
 * are sent again after a back-off of their own and delay no others; their jobs stay leased to this
 * node.
 */
final class Acknowledgements {
  private static final Duration BACKOFF_MIN = Duration.ofMillis(50);
  private static final Duration BACKOFF_MAX = Duration.ofSeconds(2);

  private final TimeSource time;
  private final Predicate<Lease> isStoring;
  private final ReentrantLock lock = new ReentrantLock();
  private List<Acknowledgement> pending = new ArrayList<>(); // guarded by lock
  private List<Acknowledgement> sent = List.of(); // guarded by lock
  private final Map<Lease, Aside> aside = new HashMap<>(); // guarded by lock

  /**
   * @param isStoring whether output of an attempt is just being stored: its acknowledgement waits
   *     for that, to keep the order
   */
  Acknowledgements(TimeSource time, Predicate<Lease> isStoring) {
    this.time = time;
    this.isStoring = isStoring;
  }

  /** An acknowledgement that was set aside, and when to send it again. */
  private record Aside(Acknowledgement end, Duration backoff, long dueTicks) {}

  void submit(Acknowledgement acknowledgement) {
    lock.lock();
    try {
      pending.add(acknowledgement);
    } finally {
      lock.unlock();
    }
  }

  /** Takes all new acknowledgements, for one try to make them durable. */
  List<Acknowledgement> take() {
    lock.lock();
    try {
      List<Acknowledgement> taken = pending;
      pending = new ArrayList<>();
      if (taken.stream().anyMatch(end -> isStoring.test(end.lease()))) {
        taken.stream().filter(end -> isStoring.test(end.lease())).forEach(pending::add);
        taken.removeAll(pending);
      }
      sent = taken;
      return taken;
    } finally {
      lock.unlock();
    }
  }

  /** Takes those that were set aside and are due again, in addition to {@link #take}. */
  List<Acknowledgement> takeAside() {
    lock.lock();
    try {
      if (aside.isEmpty()) {
        return List.of();
      }
      long now = time.ticks();
      List<Acknowledgement> due =
          aside.values().stream().filter(end -> end.dueTicks - now <= 0).map(Aside::end).toList();
      sent = new ArrayList<>(sent);
      sent.addAll(due);
      return due;
    } finally {
      lock.unlock();
    }
  }

  /** Reports success, except for these. */
  void settled(Collection<Lease> setAside) {
    lock.lock();
    try {
      if (!aside.isEmpty() || !setAside.isEmpty()) {
        Set<Lease> still = new HashSet<>(setAside);
        for (Acknowledgement end : sent) {
          Aside before = aside.remove(end.lease());
          if (still.contains(end.lease())) {
            aside.put(end.lease(), setAside(end, Optional.ofNullable(before)));
          }
        }
      }
      sent = List.of();
    } finally {
      lock.unlock();
    }
  }

  private Aside setAside(Acknowledgement end, Optional<Aside> before) {
    Duration backoff = before.map(last -> last.backoff.multipliedBy(2)).orElse(BACKOFF_MIN);
    Duration wait = backoff.compareTo(BACKOFF_MAX) < 0 ? backoff : BACKOFF_MAX;
    return new Aside(end, wait, time.ticks() + wait.toNanos());
  }

  /** Reports a failure or an unknown outcome: they are taken again, before newer ones. */
  void putBack() {
    lock.lock();
    try {
      List<Acknowledgement> all = new ArrayList<>(sent);
      all.removeIf(end -> aside.containsKey(end.lease())); // they wait for their time
      all.addAll(pending);
      pending = all;
      sent = List.of();
    } finally {
      lock.unlock();
    }
  }

  boolean isEmpty() {
    lock.lock();
    try {
      return pending.isEmpty() && sent.isEmpty() && aside.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /** Returns the time until one that was set aside is due again; empty if there is none. */
  Optional<Duration> untilAside() {
    lock.lock();
    try {
      long now = time.ticks();
      return aside.values().stream()
          .map(end -> Duration.ofNanos(Math.max(0, end.dueTicks - now)))
          .min(Duration::compareTo);
    } finally {
      lock.unlock();
    }
  }

  /** Returns the leases of those that are set aside. */
  Set<Lease> setAside() {
    lock.lock();
    try {
      return new LinkedHashSet<>(aside.keySet());
    } finally {
      lock.unlock();
    }
  }

  /** Returns the leases whose acknowledgements are pending here. */
  Set<Lease> leases() {
    lock.lock();
    try {
      Set<Lease> leases = new HashSet<>(aside.keySet());
      sent.forEach(acknowledgement -> leases.add(acknowledgement.lease()));
      pending.forEach(acknowledgement -> leases.add(acknowledgement.lease()));
      return leases;
    } finally {
      lock.unlock();
    }
  }
}
