package dev.holdfast.engine;

import dev.holdfast.LogLine;
import dev.holdfast.Progress;
import dev.holdfast.check.Limits;
import dev.holdfast.spi.HandlerOutput;
import dev.holdfast.spi.Lease;
import dev.holdfast.spi.TimeSource;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/**
 * The output of one attempt's handler that is not stored yet. While the store cannot be reached it
 * keeps only the newest lines and counts the dropped ones. Safe from any thread.
 */
final class OutputBuffer {
  private static final String TOO_MANY =
      "this attempt logged more than %,d lines; the rest was dropped"
          .formatted(Limits.LOG_LINES_MAX);

  private final Lease lease;
  private final TimeSource time;
  private final ReentrantLock lock = new ReentrantLock(); // guards all below
  private final Deque<LogLine> lines = new ArrayDeque<>();
  private long bytes;
  private int linesSaid;
  private int dropped;
  private @Nullable LogLine mark; // counts the dropped lines
  private boolean isOutage;
  private @Nullable Progress progress;
  private boolean isClosed;

  OutputBuffer(Lease lease, TimeSource time) {
    this.lease = lease;
    this.time = time;
  }

  Lease lease() {
    return lease;
  }

  /** Returns the same in every run of a simulation, so that hash maps keep the same order. */
  @Override
  public int hashCode() {
    return lease.job().value().hashCode();
  }

  /** Compares by identity. */
  @Override
  public boolean equals(@Nullable Object other) {
    return this == other;
  }

  /** Replaces the progress. @return false if the attempt has ended */
  boolean progress(Progress newest) {
    lock.lock();
    try {
      if (!isClosed) {
        progress = newest;
      }
      return !isClosed;
    } finally {
      lock.unlock();
    }
  }

  /** Adds a line of the log. @return false if the attempt has ended */
  boolean line(Level level, String message, Optional<String> details) {
    lock.lock();
    try {
      if (!isClosed) {
        add(time.now(), level, message, details);
      }
      return !isClosed;
    } finally {
      lock.unlock();
    }
  }

  /** Replaces the first line over the limit with a notice and drops those after it. */
  private void add(Instant at, Level level, String message, Optional<String> details) {
    if (linesSaid > Limits.LOG_LINES_MAX) {
      return;
    }
    linesSaid++;
    lines.add(
        linesSaid <= Limits.LOG_LINES_MAX
            ? of(at, level, message, details)
            : of(at, Level.WARN, TOO_MANY, Optional.empty()));
    bytes += bytes(lines.getLast());
    dropOldest();
  }

  private LogLine of(Instant at, Level level, String message, Optional<String> details) {
    return new LogLine(lease.job(), lease.attempt(), at, level, message, details);
  }

  /** Takes the output since the last call. */
  HandlerOutput take() {
    lock.lock();
    try {
      return takeLocked();
    } finally {
      lock.unlock();
    }
  }

  /** Takes the output since the last call and discards what comes later. */
  HandlerOutput close() {
    lock.lock();
    try {
      isClosed = true;
      return takeLocked();
    } finally {
      lock.unlock();
    }
  }

  private HandlerOutput takeLocked() {
    List<LogLine> taken = new ArrayList<>(lines);
    if (dropped > 0 && !taken.isEmpty()) {
      mark = of(taken.get(0).at(), Level.WARN, fell(dropped), Optional.empty());
      taken.add(0, mark);
    }
    HandlerOutput output = new HandlerOutput(lease, taken, Optional.ofNullable(progress));
    lines.clear();
    bytes = 0;
    progress = null;
    return output;
  }

  private static String fell(int lines) {
    return "%,d older lines were dropped, as the database could not be reached".formatted(lines);
  }

  /** Records that the output taken last is stored. */
  void stored() {
    lock.lock();
    try {
      isOutage = false;
      dropped = 0;
      mark = null;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes back output that could not be stored, as far as it fits.
   *
   * @return false if the attempt has ended; nothing was taken back
   */
  boolean giveBack(HandlerOutput taken) {
    lock.lock();
    try {
      if (!isClosed) {
        giveBackLocked(taken);
      }
      return !isClosed;
    } finally {
      lock.unlock();
    }
  }

  private void giveBackLocked(HandlerOutput taken) {
    isOutage = true;
    List<LogLine> back = new ArrayList<>(taken.lines());
    if (mark != null && !back.isEmpty() && back.get(0).equals(mark)) {
      back.remove(0);
    }
    for (int i = back.size() - 1; i >= 0; i--) {
      lines.addFirst(back.get(i));
      bytes += bytes(back.get(i));
    }
    progress = progress == null ? taken.progress().orElse(null) : progress;
    dropOldest();
  }

  private void dropOldest() {
    while (isOutage
        && (lines.size() > Limits.WAITING_LINES_MAX || bytes > Limits.WAITING_LINES_BYTES_MAX)) {
      bytes -= bytes(lines.removeFirst());
      dropped++;
    }
  }

  private static int bytes(LogLine line) {
    return utf8(line.message()) + line.details().map(OutputBuffer::utf8).orElse(0);
  }

  private static int utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
