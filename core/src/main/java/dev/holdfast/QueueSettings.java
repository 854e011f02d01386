package dev.holdfast;

import dev.holdfast.check.Check;
import dev.holdfast.check.Limits;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.search.JobField;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Settings of a queue, for all nodes. They are stored in the database and can be changed at run
 * time. Immutable; each method with an argument returns a changed copy.
 */
public final class QueueSettings {
  private final Values values;

  private QueueSettings(Values values) {
    this.values = values;
  }

  /** Returns the settings of a queue that was never configured. */
  public static QueueSettings defaults() {
    return new QueueSettings(
        new Values(
            ClaimOrder.PRIORITY,
            false,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            List.of()));
  }

  /** Returns the claim order of its jobs; default {@link ClaimOrder#PRIORITY}. */
  public ClaimOrder order() {
    return values.order;
  }

  /** Returns whether each of its jobs runs only on request; default no. */
  public boolean manual() {
    return values.manual;
  }

  /**
   * Returns how many of its jobs run at once on all nodes together, 1 to {@link
   * Limits#QUEUE_CONCURRENCY_MAX}; empty for no limit, the default.
   */
  public Optional<Integer> concurrency() {
    return values.concurrency;
  }

  /**
   * Returns how many of the jobs of each {@linkplain NewJob#group() group} run at once; empty for
   * no limit, the default.
   */
  public Optional<Integer> concurrencyPerGroup() {
    return values.concurrencyPerGroup;
  }

  /** Returns how many of its jobs start within a period; empty for no limit, the default. */
  public Optional<Rate> rate() {
    return values.rate;
  }

  /** Returns the fields by which its jobs are searched; default none. */
  public List<JobField> indexedFields() {
    return values.indexedFields;
  }

  private static void checkConcurrency(String what, int limit) {
    Check.that(
        limit >= 1 && limit <= Limits.QUEUE_CONCURRENCY_MAX,
        "%s must be 1 to %d, was %d; pause the queue to let nothing run",
        what,
        Limits.QUEUE_CONCURRENCY_MAX,
        limit);
  }

  /** Sets the claim order. */
  public QueueSettings order(ClaimOrder newOrder) {
    return new QueueSettings(
        new Values(
            newOrder,
            values.manual,
            values.concurrency,
            values.concurrencyPerGroup,
            values.rate,
            values.indexedFields));
  }

  /** Turns manual mode on or off. */
  public QueueSettings manual(boolean isManual) {
    return new QueueSettings(
        new Values(
            values.order,
            isManual,
            values.concurrency,
            values.concurrencyPerGroup,
            values.rate,
            values.indexedFields));
  }

  /** Limits how many jobs run at once; null for no limit. */
  public QueueSettings concurrency(@Nullable Integer limit) {
    return new QueueSettings(
        new Values(
            values.order,
            values.manual,
            Optional.ofNullable(limit),
            values.concurrencyPerGroup,
            values.rate,
            values.indexedFields));
  }

  /** Limits how many jobs of each group run at once; null for no limit. */
  public QueueSettings concurrencyPerGroup(@Nullable Integer limit) {
    return new QueueSettings(
        new Values(
            values.order,
            values.manual,
            values.concurrency,
            Optional.ofNullable(limit),
            values.rate,
            values.indexedFields));
  }

  /** Limits how many jobs start within a period; null for no limit. */
  public QueueSettings rate(@Nullable Rate newRate) {
    return new QueueSettings(
        new Values(
            values.order,
            values.manual,
            values.concurrency,
            values.concurrencyPerGroup,
            Optional.ofNullable(newRate),
            values.indexedFields));
  }

  /**
   * Names the fields by which its jobs are searched: a search that names queues and one of their
   * indexed fields reads only jobs with that value. Jobs that exist already are indexed in the
   * background; until then searches look at each of those that are not.
   *
   * @throws InvalidRequestException if there are more than {@link Limits#INDEXED_FIELDS_MAX}
   */
  public QueueSettings indexedFields(Collection<JobField> fields) {
    return new QueueSettings(
        new Values(
            values.order,
            values.manual,
            values.concurrency,
            values.concurrencyPerGroup,
            values.rate,
            fields.stream().distinct().toList()));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof QueueSettings same && values.equals(same.values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }

  @Override
  public String toString() {
    return values.toString().replaceFirst("Values", "QueueSettings");
  }

  /**
   * A limit on the number of jobs that start within any period of this length.
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

  /** The values, so that they compare and print like a record. */
  private record Values(
      ClaimOrder order,
      boolean manual,
      Optional<Integer> concurrency,
      Optional<Integer> concurrencyPerGroup,
      Optional<Rate> rate,
      List<JobField> indexedFields) {

    private Values {
      Check.range(
          "the number of indexed fields", indexedFields.size(), 0, Limits.INDEXED_FIELDS_MAX);
      concurrency.ifPresent(limit -> checkConcurrency("concurrency of a queue", limit));
      concurrencyPerGroup.ifPresent(limit -> checkConcurrency("concurrency per group", limit));
    }
  }
}
