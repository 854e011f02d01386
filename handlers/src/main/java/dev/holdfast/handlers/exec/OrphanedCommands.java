package dev.holdfast.handlers.exec;

import dev.holdfast.JobId;
import dev.holdfast.spi.Duty;
import dev.holdfast.spi.TimeSource;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * Ends commands of this host that nobody else will end: their worker was killed, and their job was
 * cancelled, failed or held meanwhile, or runs elsewhere. The job's newest token decides: ending an
 * attempt in its worker's place increments the token, so a command with a smaller one must not run.
 * A living worker ends such a command by itself and is given time for that.
 */
public final class OrphanedCommands implements Duty {
  private static final Duration INTERVAL = Duration.ofSeconds(5);

  /** More than a living worker takes: it notices at once, waits 5 s, and kills. */
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private final Function<JobId, OptionalLong> newestToken;
  private final TimeSource time;
  private Map<JobId, Long> seenSince = Map.of();

  /**
   * Looks for commands of one queue.
   *
   * @param newestToken the newest token of a job; empty for a job that the queue does not have
   */
  public OrphanedCommands(Function<JobId, OptionalLong> newestToken, TimeSource time) {
    this.newestToken = newestToken;
    this.time = time;
  }

  @Override
  public Duration run() {
    long now = time.ticks();
    Map<JobId, Long> seen = new HashMap<>();
    Processes.carried()
        .forEach(
            (job, token) -> {
              OptionalLong newest = newestToken.apply(job);
              if (newest.isEmpty() || newest.getAsLong() <= token) {
                return;
              }
              long since = seenSince.getOrDefault(job, now);
              seen.put(job, since);
              if (now - since >= PATIENCE.toNanos()) {
                Command.endEarlier(job, newest.getAsLong(), time);
              }
            });
    seenSince = seen;
    return INTERVAL;
  }
}
