package dev.holdfast.test.memory;

import dev.holdfast.Job;
import dev.holdfast.JobFilter;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.QueueStatus;
import dev.holdfast.spi.FailureStore;
import dev.holdfast.spi.Insights;
import dev.holdfast.spi.JobFacets;
import dev.holdfast.spi.Situation;
import dev.holdfast.spi.series.TimeSeries;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The statistics of a memory store, computed from all rows. */
final class MemoryInsights implements Insights {
  private static final Set<JobState> RAN = EnumSet.of(JobState.COMPLETED, JobState.FAILED);

  private final MemoryJobStore store;
  private final MemoryTables tables;

  MemoryInsights(MemoryJobStore store, MemoryTables tables) {
    this.store = store;
    this.tables = tables;
  }

  @Override
  public Optional<Situation> situation(JobId id) {
    return new MemoryHealth(store, tables).situation(id);
  }

  @Override
  public QueueStatus status(Duration stuckAfter) {
    return new MemoryHealth(store, tables).status(stuckAfter);
  }

  @Override
  public JobFacets facets(JobFilter filter) {
    filter.checkOrder();
    return store.locked((now, signals) -> new MemorySearch(filter.at(now)).facets(tables));
  }

  private List<Job> jobs() {
    return store.locked((now, signals) -> tables.rows.values().stream().map(tables::job).toList());
  }

  private Instant now() {
    return store.locked((now, signals) -> now);
  }

  /** Groups jobs by name and computes a value for each group, in the order of the names. */
  private static <T> List<T> grouped(
      List<Job> jobs, Function<Job, List<String>> names, Function<List<Job>, T> summarize) {
    Map<List<String>, List<Job>> groups =
        jobs.stream()
            .collect(
                Collectors.groupingBy(
                    names,
                    () -> new TreeMap<>(Comparator.comparing(List::toString)),
                    Collectors.toList()));
    return groups.values().stream().map(summarize).toList();
  }

  @Override
  public Depths depths() {
    List<Job> open = jobs().stream().filter(job -> job.state() != JobState.COMPLETED).toList();
    return new Depths(
        grouped(
            open,
            job -> List.of(job.state().name(), job.queue(), job.type()),
            same ->
                new Depth(
                    same.get(0).state(),
                    same.get(0).queue(),
                    same.get(0).type(),
                    same.size(),
                    same.stream().map(Job::runAt).min(Instant::compareTo).orElseThrow())),
        true);
  }

  private static List<Job> endedSince(List<Job> jobs, Instant since) {
    return jobs.stream()
        .filter(job -> job.finishedAt().filter(end -> !end.isBefore(since)).isPresent())
        .toList();
  }

  private Window window(Duration length) {
    Instant now = now();
    return new Window(now.minus(length), now, true);
  }

  @Override
  public Ends ends(Duration length) {
    Window window = window(length);
    return new Ends(
        window,
        grouped(
            endedSince(jobs(), window.since()),
            job -> List.of(job.queue(), job.type(), job.state().name()),
            same ->
                new End(
                    same.get(0).state(),
                    same.get(0).queue(),
                    same.get(0).type(),
                    same.size(),
                    same.stream().filter(job -> job.attempt() > 1).count(),
                    same.stream().mapToLong(Job::attempt).sum(),
                    same.stream().mapToLong(Job::crashes).sum())));
  }

  @Override
  public Throughput throughput(Duration length, Duration bucket) {
    Window window = window(length);
    List<Job> ended = endedSince(jobs(), window.since());
    List<Bucket> buckets = new ArrayList<>();
    for (Instant from = window.since(); from.isBefore(window.until()); from = from.plus(bucket)) {
      buckets.add(bucket(ended, from, from.plus(bucket)));
    }
    return new Throughput(window, buckets);
  }

  private static Bucket bucket(List<Job> ended, Instant from, Instant to) {
    List<JobState> ends =
        endedSince(ended, from).stream()
            .filter(job -> job.finishedAt().orElseThrow().isBefore(to))
            .map(Job::state)
            .toList();
    return new Bucket(
        from,
        ends.stream().filter(JobState.COMPLETED::equals).count(),
        ends.stream().filter(JobState.FAILED::equals).count(),
        ends.stream().filter(JobState.CANCELLED::equals).count());
  }

  @Override
  public RunTimes runTimes(Duration length) {
    Window window = window(length);
    List<Job> ran =
        endedSince(jobs(), window.since()).stream()
            .filter(job -> RAN.contains(job.state()) && job.startedAt().isPresent())
            .toList();
    return new RunTimes(window, grouped(ran, job -> List.of(job.type()), MemoryInsights::ofType));
  }

  private static OfType ofType(List<Job> same) {
    List<Duration> sorted =
        same.stream()
            .map(
                job ->
                    Duration.between(job.startedAt().orElseThrow(), job.finishedAt().orElseThrow()))
            .sorted()
            .toList();
    return new OfType(
        same.get(0).type(),
        sorted.size(),
        at(sorted, 50),
        at(sorted, 90),
        at(sorted, 95),
        at(sorted, 99),
        sorted.get(sorted.size() - 1));
  }

  private static Duration at(List<Duration> sorted, int percent) {
    return sorted.get((sorted.size() * percent + 99) / 100 - 1);
  }

  @Override
  public FailureStore failures() {
    return new MemoryFailures(store, tables);
  }

  @Override
  public TimeSeries timeSeries() {
    return new MemoryTimeSeries(store, tables);
  }

  @Override
  public Changes changes(Instant since, int limit) {
    Instant latest = now();
    List<Change> changed =
        jobs().stream()
            .filter(job -> !job.updatedAt().isBefore(since) && !job.updatedAt().isAfter(latest))
            .map(MemoryInsights::change)
            .sorted(Comparator.comparing(Change::at))
            .toList();
    return new Changes(changed.stream().limit(limit).toList(), latest, changed.size() < limit);
  }

  private static Change change(Job job) {
    return new Change(
        job.id(),
        job.queue(),
        job.type(),
        job.group(),
        job.state(),
        job.attempt(),
        job.token(),
        job.updatedAt());
  }
}
