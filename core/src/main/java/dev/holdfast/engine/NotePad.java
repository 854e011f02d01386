package dev.holdfast.engine;

import dev.holdfast.Lease;
import dev.holdfast.Limits;
import dev.holdfast.LogLine;
import dev.holdfast.Progress;
import dev.holdfast.spi.Notes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/** What a handler says of its work, until it is taken to the store. Its attempt guards it. */
final class NotePad {
  private static final String TOO_MANY =
      "this attempt logged more than %,d lines; the rest was dropped"
          .formatted(Limits.LOG_LINES_MAX);

  private final Lease lease;
  private List<LogLine> lines = new ArrayList<>();
  private int linesSaid;
  private @Nullable Progress progress;

  NotePad(Lease lease) {
    this.lease = lease;
  }

  void progress(Progress newest) {
    progress = newest;
  }

  /** The first line of too many says so in its place; what follows is dropped. */
  void line(Instant at, Level level, String message, Optional<String> details) {
    if (linesSaid > Limits.LOG_LINES_MAX) {
      return;
    }
    linesSaid++;
    lines.add(
        linesSaid <= Limits.LOG_LINES_MAX
            ? of(at, level, message, details)
            : of(at, Level.WARN, TOO_MANY, Optional.empty()));
  }

  private LogLine of(Instant at, Level level, String message, Optional<String> details) {
    return new LogLine(lease.job(), lease.attempt(), at, level, message, details);
  }

  /** What was said since the last time. */
  Notes take() {
    Notes taken = new Notes(lease, List.copyOf(lines), Optional.ofNullable(progress));
    lines = new ArrayList<>();
    progress = null;
    return taken;
  }
}
