package dev.holdfast.test.memory;

import dev.holdfast.Failure;
import dev.holdfast.JobEvent;
import dev.holdfast.JobState;
import dev.holdfast.series.Series;
import dev.holdfast.series.Series.Depth;
import dev.holdfast.series.SeriesQuery;
import dev.holdfast.spi.series.Recent;
import dev.holdfast.spi.series.Sample;
import dev.holdfast.spi.series.SeriesAssembly;
import dev.holdfast.spi.series.SeriesKey;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** The figures over time of a memory store; added up at once. Guarded by the store's lock. */
final class MemorySamples {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration HOUR = Duration.ofHours(1);

  private final Span minutes = new Span(MINUTE, SeriesQuery.MINUTES_KEPT);
  private final Span hours = new Span(HOUR, SeriesQuery.HOURS_KEPT);
  private Instant nextDepths = Instant.MIN;

  /** The sums of each minute, or each hour. */
  private record Span(
      Duration length,
      Duration kept,
      NavigableMap<Instant, Map<SeriesKey, Sample>> samples,
      NavigableMap<Instant, Map<String, Depth>> depths) {
    private Span(Duration length, Duration kept) {
      this(length, kept, new TreeMap<>(), new TreeMap<>());
    }

    private Instant start(Instant at) {
      long seconds = length.toSeconds();
      return Instant.ofEpochSecond(Math.floorDiv(at.getEpochSecond(), seconds) * seconds);
    }

    private void add(SeriesKey key, Instant at, Sample sample) {
      String all = SeriesAssembly.ALL;
      String other = SeriesAssembly.OTHER;
      add(at, new SeriesKey(all, all), new SeriesKey(all, all), sample);
      add(at, new SeriesKey(key.queue(), all), new SeriesKey(other, all), sample);
      add(at, new SeriesKey(all, key.type()), new SeriesKey(all, other), sample);
      add(at, key, new SeriesKey(other, other), sample);
    }

    private void add(Instant at, SeriesKey key, SeriesKey others, Sample sample) {
      Map<SeriesKey, Sample> sums = samples.computeIfAbsent(start(at), none -> new HashMap<>());
      boolean isRoom = sums.containsKey(key) || sums.size() < Series.SERIES_MAX;
      sums.computeIfAbsent(isRoom ? key : others, none -> new Sample()).add(sample);
    }

    private void add(Instant at, String queue, Depth depth) {
      depths
          .computeIfAbsent(start(at), none -> new HashMap<>())
          .merge(queue, depth, SeriesAssembly::highest);
    }

    private void forget(Instant now) {
      samples.headMap(start(now.minus(kept)), false).clear();
      depths.headMap(start(now.minus(kept)), false).clear();
    }

    private void read(SeriesQuery query, SeriesAssembly to) {
      long step = query.step().toSeconds();
      Instant from =
          Instant.ofEpochSecond(Math.floorDiv(query.from().getEpochSecond(), step) * step);
      samples
          .subMap(from, query.to())
          .forEach((at, sums) -> sums.forEach((key, sample) -> to.add(key, at, sample)));
      depths
          .subMap(from, query.to())
          .forEach((at, all) -> all.forEach((queue, depth) -> to.add(queue, at, depth)));
    }
  }

  void enqueued(MemoryRow row) {
    Sample sample = new Sample();
    sample.enqueued(1);
    add(row, sample);
  }

  /** Counts a change of a job's state. */
  void changed(MemoryRow row, JobState before) {
    JobState after = row.state();
    if (before == after) {
      return;
    }
    Sample sample = new Sample();
    sample.ended(after);
    boolean hasRun = before == JobState.RUNNING;
    if (hasRun && after == JobState.SCHEDULED && lastProblem(row).isPresent()) {
      sample.retried();
    }
    if (hasRun && row.isEndedByHolder() && isOutcome(after)) {
      Instant start = row.startedAt().orElseThrow();
      Duration waited = Duration.between(row.runAt(), start);
      sample.took(waited, Duration.between(start, row.updatedAt()));
    }
    add(row, sample);
  }

  private static boolean isOutcome(JobState state) {
    return state == JobState.COMPLETED || state == JobState.FAILED;
  }

  private static Optional<Failure> lastProblem(MemoryRow row) {
    JobEvent last = row.history().get(row.history().size() - 1);
    return last.failure();
  }

  private void add(MemoryRow row, Sample sample) {
    SeriesKey key = new SeriesKey(row.queue(), row.type());
    minutes.add(key, row.updatedAt(), sample);
    hours.add(key, row.updatedAt(), sample);
  }

  boolean isDepthDue(Instant now) {
    return !now.isBefore(nextDepths);
  }

  void add(Map<String, Depth> depths, Instant now) {
    nextDepths = minutes.start(now).plus(MINUTE);
    depths.forEach(
        (queue, depth) -> {
          minutes.add(now, queue, depth);
          hours.add(now, queue, depth);
        });
    minutes.forget(now);
    hours.forget(now);
  }

  Recent recent(int before, Instant now) {
    Instant since = minutes.start(now).minus(MINUTE.multipliedBy(before));
    Recent.Builder sums = new Recent.Builder();
    minutes.samples.tailMap(since).values().forEach(minute -> minute.forEach(sums::add));
    return sums.build(since, now);
  }

  void read(SeriesQuery query, SeriesAssembly to) {
    (query.isByTheHour() ? hours : minutes).read(query, to);
  }
}
