package dev.holdfast.spi;

import dev.holdfast.Lease;
import dev.holdfast.LogLine;
import dev.holdfast.Progress;
import java.util.List;
import java.util.Optional;

/**
 * What a running handler said: log lines and its newest progress.
 *
 * @param lease the attempt's lease; progress under a lease that has ended is discarded, log lines
 *     are kept, as they tell what a late handler did
 * @param lines in the order of time
 * @param progress the newest, or empty when it has not changed
 */
public record Notes(Lease lease, List<LogLine> lines, Optional<Progress> progress) {

  /** Nothing said. */
  public static Notes none(Lease lease) {
    return new Notes(lease, List.of(), Optional.empty());
  }

  /** Whether nothing was said. */
  public boolean isEmpty() {
    return lines.isEmpty() && progress.isEmpty();
  }
}
