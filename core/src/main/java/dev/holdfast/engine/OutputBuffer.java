package dev.holdfast.engine;

import dev.holdfast.Lease;
import dev.holdfast.Limits;
import dev.holdfast.LogLine;
import dev.holdfast.Progress;
import dev.holdfast.spi.HandlerOutput;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/**
 * The output of a handler that is not stored yet. Guarded by its attempt. While the store cannot be
 * reached it keeps only the newest lines and counts the dropped ones.
 */
final class OutputBuffer {
  private static final String TOO_MANY =
      "this attempt logged more than %,d lines; the rest was dropped"
          .formatted(Limits.LOG_LINES_MAX);

  private final Lease lease;
  private final Deque<LogLine> lines = new ArrayDeque<>();
  private long bytes;
  private int linesSaid;
  private int dropped;
  private @Nullable LogLine mark; // counts the dropped lines
  private boolean isOutage;
  private @Nullable Progress progress;

  OutputBuffer(Lease lease) {
    this.lease = lease;
  }

  void progress(Progress newest) {
    progress = newest;
  }

  /** Replaces the first line over the limit with a notice and drops those after it. */
  void line(Instant at, Level level, String message, Optional<String> details) {
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
    List<LogLine> taken = new ArrayList<>(lines);
    if (dropped > 0 && !taken.isEmpty()) {
      mark = of(taken.get(0).at(), Level.WARN, fell(dropped), Optional.empty());
      taken.add(0, mark);
    }
    HandlerOutput notes = new HandlerOutput(lease, taken, Optional.ofNullable(progress));
    lines.clear();
    bytes = 0;
    progress = null;
    return notes;
  }

  private static String fell(int lines) {
    return "%,d older lines were dropped, as the database could not be reached".formatted(lines);
  }

  /** Records that the output taken last is stored. */
  void stored() {
    isOutage = false;
    dropped = 0;
    mark = null;
  }

  /** Takes back output that could not be stored, as far as it fits. */
  void giveBack(HandlerOutput taken) {
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
