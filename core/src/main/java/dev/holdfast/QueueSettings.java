package dev.holdfast;

import java.time.Duration;
import java.util.Optional;

/**
 * How a queue is to be served, by all nodes. It is kept in the database and can be changed while
 * the queue runs. Immutable; each method below answers a changed copy.
 *
 * @param order in which order its jobs are claimed; default {@link ClaimOrder#PRIORITY}
 * @param manual whether its jobs run only when each is asked for; default no
 * @param concurrency how many of its jobs run at once on all nodes together; 1 is one after the
 *     other. 1 to {@link Limits#QUEUE_CONCURRENCY_MAX}; default no limit
 * @param concurrencyPerGroup the same for the jobs of each {@linkplain NewJob#group() group}
 * @param rate how many of its jobs start within a period; default no limit
 */
public record QueueSettings(
    ClaimOrder order,
    boolean manual,
    Optional<Integer> concurrency,
    Optional<Integer> concurrencyPerGroup,
    Optional<Rate> rate) {

  /**
   * Checks all values.
   *
   * @throws InvalidRequestException naming the value and what was expected
   */
  public QueueSettings {
    concurrency.ifPresent(limit -> checkConcurrency("concurrency of a queue", limit));
    concurrencyPerGroup.ifPresent(limit -> checkConcurrency("concurrency per group", limit));
  }

  private static void checkConcurrency(String what, int limit) {
    Check.that(
        limit >= 1 && limit <= Limits.QUEUE_CONCURRENCY_MAX,
        "%s must be 1 to %d, was %d; pause the queue to let nothing run",
        what,
        Limits.QUEUE_CONCURRENCY_MAX,
        limit);
  }

  /** What a queue has of which nothing was said. */
  public static QueueSettings defaults() {
    return new QueueSettings(
        ClaimOrder.PRIORITY, false, Optional.empty(), Optional.empty(), Optional.empty());
  }

  /** Claimed in this order. */
  public QueueSettings order(ClaimOrder newOrder) {
    return new QueueSettings(newOrder, manual, concurrency, concurrencyPerGroup, rate);
  }

  /** Run by hand, or not. */
  public QueueSettings manual(boolean isManual) {
    return new QueueSettings(order, isManual, concurrency, concurrencyPerGroup, rate);
  }

  /** So many at once; empty for no limit. */
  public QueueSettings concurrency(Optional<Integer> limit) {
    return new QueueSettings(order, manual, limit, concurrencyPerGroup, rate);
  }

  /** So many of each group at once; empty for no limit. */
  public QueueSettings concurrencyPerGroup(Optional<Integer> limit) {
    return new QueueSettings(order, manual, concurrency, limit, rate);
  }

  /** So many within a period; empty for no limit. */
  public QueueSettings rate(Optional<Rate> newRate) {
    return new QueueSettings(order, manual, concurrency, concurrencyPerGroup, newRate);
  }

  /**
   * Jobs that may start within any period of this length.
   *
   * @param starts 1 to {@link Limits#RATE_STARTS_MAX}
   * @param period {@link #PERIOD_MIN} to {@link #PERIOD_MAX}
   */
  public record Rate(int starts, Duration period) {
    /** The shortest period. */
    public static final Duration PERIOD_MIN = Duration.ofMillis(100);

    /** The longest period. */
    public static final Duration PERIOD_MAX = Duration.ofDays(365);

    /**
     * Checks the values.
     *
     * @throws InvalidRequestException naming the value and what was expected
     */
    public Rate {
      Check.that(
          starts >= 1 && starts <= Limits.RATE_STARTS_MAX,
          "starts within a period must be 1 to %d, was %d; pause the queue to let nothing start",
          Limits.RATE_STARTS_MAX,
          starts);
      Check.range("period of a rate", period, PERIOD_MIN, PERIOD_MAX);
    }
  }
}
