package dev.holdfast.spi.series;

import dev.holdfast.series.Series;
import java.time.Duration;
import java.util.Optional;
import java.util.StringJoiner;

/**
 * A number of durations, each known only by its bucket, so that histograms can be added up. Each
 * power of two of microseconds has eight buckets: a value read back is within 7 % of the true one.
 *
 * <p>Mutable; used by one thread.
 */
public final class Histogram {
  private static final int PARTS_BITS = 3;
  private static final int PARTS = 1 << PARTS_BITS;

  /** The buckets up to 2^45 microseconds, which is a year; longer durations count as that. */
  private static final int BUCKETS = (45 - PARTS_BITS + 1) * PARTS;

  private long[] counts = new long[0]; // grows up to the highest bucket in use

  /** Reads the form of {@link #toText}. */
  public static Histogram parse(String text) {
    Histogram histogram = new Histogram();
    int at = 0;
    while (at < text.length()) {
      int colon = text.indexOf(':', at);
      int end = text.indexOf(' ', colon);
      end = end < 0 ? text.length() : end;
      histogram.add(
          Integer.parseInt(text, at, colon, 10), Long.parseLong(text, colon + 1, end, 10));
      at = end + 1;
    }
    return histogram;
  }

  /** Adds a duration; a negative one counts as zero. */
  public void add(Duration duration) {
    add(bucket(Math.max(0, duration.toNanos() / 1_000)), 1);
  }

  /** Adds all durations of another histogram. */
  public void add(Histogram more) {
    for (int bucket = 0; bucket < more.counts.length; bucket++) {
      if (more.counts[bucket] > 0) {
        add(bucket, more.counts[bucket]);
      }
    }
  }

  private void add(int bucket, long count) {
    if (bucket >= counts.length) {
      long[] longer = new long[bucket + 1];
      System.arraycopy(counts, 0, longer, 0, counts.length);
      counts = longer;
    }
    counts[bucket] += count;
  }

  /** Returns the number of durations. */
  public long count() {
    long all = 0;
    for (long count : counts) {
      all += count;
    }
    return all;
  }

  /** Returns the percentiles; empty if there are no durations. */
  public Optional<Series.Times> times() {
    long all = count();
    return all == 0
        ? Optional.empty()
        : Optional.of(
            new Series.Times(
                all,
                percentile(all, 50),
                percentile(all, 90),
                percentile(all, 95),
                percentile(all, 99),
                percentile(all, 100)));
  }

  private Duration percentile(long all, int percent) {
    long place = (all * percent + 99) / 100;
    long seen = 0;
    for (int bucket = 0; bucket < counts.length; bucket++) {
      seen += counts[bucket];
      if (seen >= place) {
        return Duration.ofNanos(middle(bucket) * 1_000);
      }
    }
    throw new IllegalStateException(
        "a histogram of %d durations has %d: a bug".formatted(all, seen));
  }

  /** Returns the buckets in use as {@code bucket:count}, separated by spaces. */
  public String toText() {
    StringJoiner text = new StringJoiner(" ");
    for (int bucket = 0; bucket < counts.length; bucket++) {
      if (counts[bucket] > 0) {
        text.add(bucket + ":" + counts[bucket]);
      }
    }
    return text.toString();
  }

  /**
   * The first buckets hold one value each; then the bits behind the highest one choose the part.
   */
  private static int bucket(long micros) {
    if (micros < PARTS) {
      return (int) micros;
    }
    int power = 63 - Long.numberOfLeadingZeros(micros);
    int part = (int) (micros >> (power - PARTS_BITS)) - PARTS;
    return Math.min(BUCKETS - 1, (power - PARTS_BITS + 1) * PARTS + part);
  }

  private static long middle(int bucket) {
    if (bucket < PARTS) {
      return bucket;
    }
    int shift = bucket / PARTS - 1;
    long first = (long) (PARTS + bucket % PARTS) << shift;
    return first + ((1L << shift) >> 1);
  }
}
