package dev.holdfast.http;

import dev.holdfast.JobState;
import dev.holdfast.spi.Insights.Bucket;
import dev.holdfast.spi.Insights.Depth;
import dev.holdfast.spi.Insights.Depths;
import dev.holdfast.spi.Insights.End;
import dev.holdfast.spi.Insights.Ends;
import dev.holdfast.spi.Insights.OfType;
import dev.holdfast.spi.Insights.RunTimes;
import dev.holdfast.spi.Insights.Throughput;
import dev.holdfast.spi.Insights.Window;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Converts statistics of a queue to their wire form. */
public final class StatsJson {
  private StatsJson() {}

  /** Returns the counts of waiting and ended jobs. */
  public static Map<String, @Nullable Object> of(Depths depths, Ends ends) {
    Map<String, @Nullable Object> depth = new LinkedHashMap<>();
    depth.put("by_state", sums(depths.counts(), count -> count.state().name()));
    depth.put("by_queue", byName(depths.counts(), Depth::queue));
    depth.put("by_type", byName(depths.counts(), Depth::type));
    depth.put("whole", depths.isWhole());
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("depth", depth);
    fields.put("oldest_pending_at", oldest(depths.counts()));
    Map<String, @Nullable Object> ended = new LinkedHashMap<>(of(ends.window()));
    double seconds = seconds(Duration.between(ends.window().since(), ends.window().until()));
    ended.putAll(rates(ends.counts(), seconds));
    ended.put("by_queue", ratesBy(ends.counts(), End::queue, seconds));
    ended.put("by_type", ratesBy(ends.counts(), End::type, seconds));
    fields.put("ended", ended);
    return fields;
  }

  private static Map<String, Long> sums(Collection<Depth> counts, Function<Depth, String> name) {
    Map<String, Long> sums = new TreeMap<>();
    counts.forEach(count -> sums.merge(name.apply(count), count.jobs(), Long::sum));
    return sums;
  }

  private static Map<String, Object> byName(
      Collection<Depth> counts, Function<Depth, String> name) {
    Map<String, Object> all = new TreeMap<>();
    counts.stream()
        .map(name)
        .distinct()
        .forEach(
            same ->
                all.put(
                    same,
                    sums(
                        counts.stream().filter(count -> name.apply(count).equals(same)).toList(),
                        count -> count.state().name())));
    return all;
  }

  private static @Nullable String oldest(Collection<Depth> counts) {
    return counts.stream()
        .filter(count -> count.state() == JobState.PENDING)
        .map(Depth::oldest)
        .min(Instant::compareTo)
        .map(Instant::toString)
        .orElse(null);
  }

  private static Map<String, Object> ratesBy(
      Collection<End> counts, Function<End, String> name, double seconds) {
    Map<String, Object> all = new TreeMap<>();
    counts.stream()
        .map(name)
        .distinct()
        .forEach(
            same ->
                all.put(
                    same,
                    rates(
                        counts.stream().filter(count -> name.apply(count).equals(same)).toList(),
                        seconds)));
    return all;
  }

  private static Map<String, @Nullable Object> rates(Collection<End> counts, double seconds) {
    long completed = jobs(counts, JobState.COMPLETED);
    long failed = jobs(counts, JobState.FAILED);
    long cancelled = jobs(counts, JobState.CANCELLED);
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("completed", completed);
    fields.put("failed", failed);
    fields.put("cancelled", cancelled);
    fields.put("per_second", (completed + failed + cancelled) / seconds);
    fields.put("success_rate", share(completed, completed + failed));
    fields.put("failure_rate", share(failed, completed + failed));
    fields.put("retried", counts.stream().mapToLong(End::retried).sum());
    fields.put("attempts", counts.stream().mapToLong(End::attempts).sum());
    fields.put("crashes", counts.stream().mapToLong(End::crashes).sum());
    return fields;
  }

  private static long jobs(Collection<End> counts, JobState state) {
    return counts.stream().filter(count -> count.state() == state).mapToLong(End::jobs).sum();
  }

  /** Returns a share; null if there is nothing. */
  private static @Nullable Double share(long part, long whole) {
    return whole == 0 ? null : (double) part / whole;
  }

  private static Map<String, Object> of(Window window) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("since", window.since().toString());
    fields.put("until", window.until().toString());
    fields.put("whole", window.isWhole());
    return fields;
  }

  /** Returns the number of jobs that ended, by bucket. */
  public static Map<String, Object> of(Throughput throughput) {
    Map<String, Object> fields = of(throughput.window());
    fields.put("buckets", throughput.buckets().stream().map(StatsJson::of).toList());
    return fields;
  }

  private static Map<String, Object> of(Bucket bucket) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("from", bucket.from().toString());
    fields.put("completed", bucket.completed());
    fields.put("failed", bucket.failed());
    fields.put("cancelled", bucket.cancelled());
    return fields;
  }

  /** Returns the duration of attempts. */
  public static Map<String, Object> of(RunTimes times) {
    Map<String, Object> fields = of(times.window());
    List<Map<String, Object>> types = times.types().stream().map(StatsJson::of).toList();
    fields.put("types", types);
    return fields;
  }

  private static Map<String, Object> of(OfType times) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("type", times.type());
    fields.put("jobs", times.jobs());
    fields.put("p50_seconds", seconds(times.p50()));
    fields.put("p90_seconds", seconds(times.p90()));
    fields.put("p95_seconds", seconds(times.p95()));
    fields.put("p99_seconds", seconds(times.p99()));
    fields.put("max_seconds", seconds(times.max()));
    return fields;
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }
}
