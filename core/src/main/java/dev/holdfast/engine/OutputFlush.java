package dev.holdfast.engine;

import dev.holdfast.spi.Duty;
import dev.holdfast.spi.HandlerOutput;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.Lease;
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
 * Stores the output of running handlers, at most every 100 ms for all of them together. The last
 * output of an attempt is sent with its acknowledgement.
 */
final class OutputFlush implements Duty {
  private static final Duration INTERVAL = Duration.ofMillis(100);

  private final JobStore store;
  private final TimeSource time;
  private final Set<OutputBuffer> dirty = ConcurrentHashMap.newKeySet();
  private final Runnable wake;
  private volatile Runnable onTried = () -> {};
  private volatile Set<Lease> storing = Set.of();
  private long notBeforeTicks; // the duty only
  private List<HandlerOutput> ofEnded = List.of(); // could not be stored before; the duty only

  /**
   * @param wake runs this duty soon
   */
  OutputFlush(JobStore store, TimeSource time, Runnable wake) {
    this.store = store;
    this.time = time;
    this.wake = wake;
    this.notBeforeTicks = time.ticks();
  }

  /**
   * Returns whether output of an attempt is being stored. Its last output, sent with its end, must
   * not overtake that.
   */
  boolean isStoring(Lease lease) {
    return storing.contains(lease);
  }

  /**
   * @param newOnTried called after each try
   */
  void whenTried(Runnable newOnTried) {
    onTried = newOnTried;
  }

  void dirty(OutputBuffer output) {
    if (dirty.add(output)) {
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
      storing = Set.of();
      onTried.run();
    }
  }

  private Duration flush() {
    Map<OutputBuffer, HandlerOutput> taken = new LinkedHashMap<>();
    List<OutputBuffer> buffers = List.copyOf(dirty);
    storing =
        Stream.concat(
                buffers.stream().map(OutputBuffer::lease),
                ofEnded.stream().map(HandlerOutput::lease))
            .collect(Collectors.toUnmodifiableSet());
    for (OutputBuffer buffer : buffers) {
      dirty.remove(buffer);
      HandlerOutput output = buffer.take();
      if (!output.isEmpty()) {
        taken.put(buffer, output);
      }
    }
    if (!taken.isEmpty() || !ofEnded.isEmpty()) {
      store(taken);
      notBeforeTicks = time.ticks() + INTERVAL.toNanos();
    }
    return dirty.isEmpty() ? WHEN_WOKEN : INTERVAL;
  }

  private void store(Map<OutputBuffer, HandlerOutput> taken) {
    List<HandlerOutput> all = new ArrayList<>(ofEnded);
    all.addAll(taken.values());
    try {
      store.note(all);
    } catch (RuntimeException | Error failure) {
      giveBack(taken);
      throw failure;
    }
    ofEnded = List.of();
    taken.keySet().forEach(OutputBuffer::stored);
  }

  /** Returns output to its buffers, whose limits apply however long the store is unreachable. */
  private void giveBack(Map<OutputBuffer, HandlerOutput> taken) {
    List<HandlerOutput> kept = new ArrayList<>(ofEnded);
    taken.forEach(
        (buffer, output) -> {
          if (buffer.giveBack(output)) {
            dirty.add(buffer);
          } else {
            kept.add(output);
          }
        });
    ofEnded = kept;
  }
}
