package dev.holdfast.spi.series;

import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.series.Series;
import dev.holdfast.series.Series.Depth;
import dev.holdfast.series.Series.Point;
import dev.holdfast.series.SeriesQuery;
import dev.holdfast.series.SeriesQuery.By;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Puts stored samples together to the series that a query asks for. */
public final class SeriesAssembly {
  /** The stored name of a series that is the sum over all names; no name is empty. */
  public static final String ALL = "";

  /** The stored name of the series beyond the limit; no name is blank. */
  public static final String OTHER = " ";

  private final SeriesQuery query;
  private final Map<SeriesKey, Map<Long, Sample>> samples = new HashMap<>();
  private final Map<String, Map<Long, Depth>> depths = new HashMap<>();

  /**
   * Begins with no samples.
   *
   * @throws InvalidRequestException if the range is longer ago than what is kept
   */
  public SeriesAssembly(SeriesQuery query, Instant now) {
    this.query = query;
    Duration kept = query.isByTheHour() ? SeriesQuery.HOURS_KEPT : SeriesQuery.MINUTES_KEPT;
    Duration tolerance = Duration.ofHours(1);
    if (query.from().isBefore(now.minus(kept).minus(tolerance))) {
      throw new InvalidRequestException(
          query.isByTheHour()
              ? "figures are kept for 30 days, the range begins at %s".formatted(query.from())
              : "minutes are kept for 2 days, the range begins at %s: use a step of whole hours"
                  .formatted(query.from()));
    }
  }

  /** Returns the queue of the series to read; {@link #ALL} for the sum, empty for each one. */
  public Optional<String> storedQueue() {
    return query.by() == By.QUEUE && query.queue().isEmpty()
        ? Optional.empty()
        : Optional.of(query.queue().orElse(ALL));
  }

  /** Returns the type of the series to read; {@link #ALL} for the sum, empty for each one. */
  public Optional<String> storedType() {
    return query.by() == By.TYPE && query.type().isEmpty()
        ? Optional.empty()
        : Optional.of(query.type().orElse(ALL));
  }

  /** Returns whether the query asks for what waits: that is counted by queue, not by type. */
  public boolean hasDepths() {
    return query.type().isEmpty() && query.by() != By.TYPE;
  }

  /** Adds a stored sample. */
  public void add(SeriesKey key, Instant at, Sample sample) {
    boolean isAsked =
        storedQueue().map(key.queue()::equals).orElse(!key.queue().equals(ALL))
            && storedType().map(key.type()::equals).orElse(!key.type().equals(ALL));
    if (isAsked) {
      samples
          .computeIfAbsent(key, none -> new TreeMap<>())
          .computeIfAbsent(step(at), none -> new Sample())
          .add(sample);
    }
  }

  /** Adds a stored depth of a queue; of all queues if it is {@link #ALL}. */
  public void add(String queue, Instant at, Depth depth) {
    if (hasDepths() && storedQueue().map(queue::equals).orElse(!queue.equals(ALL))) {
      depths
          .computeIfAbsent(queue, none -> new TreeMap<>())
          .merge(step(at), depth, SeriesAssembly::highest);
    }
  }

  /** Returns the higher of each value. */
  public static Depth highest(Depth one, Depth other) {
    return new Depth(
        Math.max(one.pending(), other.pending()),
        Math.max(one.running(), other.running()),
        one.oldest().compareTo(other.oldest()) > 0 ? one.oldest() : other.oldest());
  }

  private long step(Instant at) {
    return Math.floorDiv(at.getEpochSecond(), query.step().toSeconds());
  }

  /** Returns the series, those with the most jobs first. */
  public List<Series> assemble() {
    List<SeriesKey> keys = new ArrayList<>(samples.keySet());
    for (String queue : depths.keySet()) {
      SeriesKey key = new SeriesKey(queue, ALL);
      if (!samples.containsKey(key)) {
        keys.add(key);
      }
    }
    if (keys.isEmpty() && query.by() == By.NOTHING) {
      keys.add(new SeriesKey(query.queue().orElse(ALL), query.type().orElse(ALL)));
    }
    return keys.stream()
        .map(this::series)
        .sorted(
            Comparator.comparingLong((Series series) -> -series.total().counts().jobs())
                .thenComparing(series -> series.queue().orElse(""))
                .thenComparing(series -> series.type().orElse("")))
        .limit(Series.SHOWN_MAX)
        .toList();
  }

  private Series series(SeriesKey key) {
    Map<Long, Sample> bySteps = samples.getOrDefault(key, Map.of());
    Map<Long, Depth> depth = depths.getOrDefault(key.queue(), Map.of());
    List<Point> points = new ArrayList<>();
    Sample all = new Sample();
    long seconds = query.step().toSeconds();
    for (long step = step(query.from());
        Instant.ofEpochSecond(step * seconds).isBefore(query.to());
        step++) {
      Sample sample = bySteps.getOrDefault(step, new Sample());
      all.add(sample);
      points.add(
          point(
              Instant.ofEpochSecond(step * seconds),
              sample,
              hasDepths() ? Optional.ofNullable(depth.get(step)) : Optional.empty()));
    }
    Optional<Depth> highest =
        hasDepths() ? depth.values().stream().reduce(SeriesAssembly::highest) : Optional.empty();
    return new Series(
        name(key.queueName()), name(key.typeName()), point(query.from(), all, highest), points);
  }

  private static Point point(Instant at, Sample sample, Optional<Depth> depth) {
    return new Point(at, sample.counts(), sample.waits().times(), sample.runs().times(), depth);
  }

  private static Optional<String> name(String shown) {
    return shown.equals(ALL) ? Optional.empty() : Optional.of(shown);
  }
}
