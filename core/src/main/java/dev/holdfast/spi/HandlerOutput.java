package dev.holdfast.spi;

import dev.holdfast.LogLine;
import dev.holdfast.Progress;
import dev.holdfast.check.Limits;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.event.Level;

/**
 * The output of a running handler: log lines and its latest progress.
 *
 * @param lease the attempt's lease; progress under a lease that has ended is discarded; log lines
 *     are kept, as they show what a late handler did
 * @param lines in chronological order
 * @param progress the latest progress, or empty if it has not changed
 */
public record HandlerOutput(Lease lease, List<LogLine> lines, Optional<Progress> progress) {

  /** Returns empty output. */
  public static HandlerOutput none(Lease lease) {
    return new HandlerOutput(lease, List.of(), Optional.empty());
  }

  /**
   * Returns the same output limited to the number of lines that are kept per attempt; one line
   * counts the dropped ones.
   *
   * @param kept number of lines that the attempt already has
   */
  public HandlerOutput within(int kept) {
    int remaining = Limits.LOG_LINES_MAX - kept;
    if (lines.size() <= remaining || lines.isEmpty()) {
      return this;
    }
    if (remaining < 0) {
      return new HandlerOutput(lease, List.of(), progress);
    }
    LogLine cut = lines.get(remaining);
    List<LogLine> some = new ArrayList<>(lines.subList(0, remaining));
    some.add(
        new LogLine(
            cut.job(),
            cut.attempt(),
            cut.at(),
            Level.WARN,
            "the log is full: %,d lines are kept per attempt".formatted(Limits.LOG_LINES_MAX),
            Optional.empty()));
    return new HandlerOutput(lease, some, progress);
  }

  /** Returns the log lines only. */
  public HandlerOutput linesOnly() {
    return new HandlerOutput(lease, lines, Optional.empty());
  }

  /** Returns whether there is no output. */
  public boolean isEmpty() {
    return lines.isEmpty() && progress.isEmpty();
  }
}
