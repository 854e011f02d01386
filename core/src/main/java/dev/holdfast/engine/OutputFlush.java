package dev.holdfast.engine;

import dev.holdfast.Lease;
import dev.holdfast.spi.Duty;
import dev.holdfast.spi.HandlerOutput;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Stores what running handlers say, at most every 100 ms for all of them together. What an attempt
 * says last is sent with its acknowledgement.
 */
final class OutputFlush implements Duty {
  private static final Duration INTERVAL = Duration.ofMillis(100);

  private final JobStore store;
  private final TimeSource time;
  private final Set<Attempt> dirty = ConcurrentHashMap.newKeySet();
  private volatile Runnable wake = () -> {};
  private volatile Runnable onSaid = () -> {};
  private volatile Set<Lease> saying = Set.of();
  private long notBeforeTicks; // the duty only
  private List<HandlerOutput> ofEnded = List.of(); // could not be stored before; the duty only

  OutputFlush(JobStore store, TimeSource time) {
    this.store = store;
    this.time = time;
    this.notBeforeTicks = time.ticks();
  }

  void wakeBy(Runnable newWake) {
    wake = newWake;
  }

  /**
   * Returns whether output of an attempt is being stored. Its last output, sent with its end, must
   * not overtake that.
   */
  boolean isSaying(Lease lease) {
    return saying.contains(lease);
  }

  /**
   * @param newOnSaid called after each try
   */
  void whenSaid(Runnable newOnSaid) {
    onSaid = newOnSaid;
  }

  void dirty(Attempt attempt) {
    if (dirty.add(attempt)) {
      wake.run();
    }
  }

  @Override
  public Duration run() {
    long early = notBeforeTicks - time.ticks();
    if (early > 0) {
      return Duration.ofNanos(early);
    }
    try {
      return flush();
    } finally {
      saying = Set.of();
      onSaid.run();
    }
  }

  private Duration flush() {
    Map<Attempt, HandlerOutput> taken = new LinkedHashMap<>();
    List<Attempt> speakers = List.copyOf(dirty);
    saying =
        Stream.concat(
                speakers.stream().map(Attempt::lease), ofEnded.stream().map(HandlerOutput::lease))
            .collect(Collectors.toUnmodifiableSet());
    for (Attempt attempt : speakers) {
      dirty.remove(attempt);
      HandlerOutput said = attempt.takeNotes();
      if (!said.isEmpty()) {
        taken.put(attempt, said);
      }
    }
    if (!taken.isEmpty() || !ofEnded.isEmpty()) {
      store(taken);
      notBeforeTicks = time.ticks() + INTERVAL.toNanos();
    }
    return dirty.isEmpty() ? WHEN_WOKEN : INTERVAL;
  }

  private void store(Map<Attempt, HandlerOutput> taken) {
    List<HandlerOutput> notes = new ArrayList<>(ofEnded);
    notes.addAll(taken.values());
    try {
      store.note(notes);
    } catch (RuntimeException | Error failure) {
      giveBack(taken);
      throw failure;
    }
    ofEnded = List.of();
    taken.keySet().forEach(Attempt::notesStored);
  }

  /** Returns output to its buffers, whose limits apply however long the store is unreachable. */
  private void giveBack(Map<Attempt, HandlerOutput> taken) {
    List<HandlerOutput> kept = new ArrayList<>(ofEnded);
    taken.forEach(
        (attempt, notes) -> {
          if (attempt.giveBackNotes(notes)) {
            dirty.add(attempt);
          } else {
            kept.add(notes);
          }
        });
    ofEnded = kept;
  }
}
