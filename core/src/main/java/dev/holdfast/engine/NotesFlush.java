package dev.holdfast.engine;

import dev.holdfast.spi.Duty;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.Notes;
import dev.holdfast.spi.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Stores what running handlers say, at most every 100 ms for all of them together. What an attempt
 * says last goes with its acknowledgement.
 */
final class NotesFlush implements Duty {
  private static final Duration INTERVAL = Duration.ofMillis(100);

  private final JobStore store;
  private final TimeSource time;
  private final Set<Attempt> dirty = ConcurrentHashMap.newKeySet();
  private volatile Runnable wake = () -> {};
  private long notBeforeTicks; // the duty only
  private List<Notes> unsent = List.of(); // the duty only

  NotesFlush(JobStore store, TimeSource time) {
    this.store = store;
    this.time = time;
    this.notBeforeTicks = time.ticks();
  }

  void wakeBy(Runnable newWake) {
    wake = newWake;
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
    List<Notes> notes = new ArrayList<>(unsent);
    for (Attempt attempt : List.copyOf(dirty)) {
      dirty.remove(attempt);
      Notes said = attempt.takeNotes();
      if (!said.isEmpty()) {
        notes.add(said);
      }
    }
    unsent = notes;
    if (!notes.isEmpty()) {
      store.note(notes);
      unsent = List.of();
      notBeforeTicks = time.ticks() + INTERVAL.toNanos();
    }
    return dirty.isEmpty() ? WHEN_WOKEN : INTERVAL;
  }
}
