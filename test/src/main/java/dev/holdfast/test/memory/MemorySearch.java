package dev.holdfast.test.memory;

import dev.holdfast.Failure;
import dev.holdfast.Job;
import dev.holdfast.JobFilter;
import dev.holdfast.Page;
import dev.holdfast.PageCursor;
import dev.holdfast.PageRequest;
import dev.holdfast.spi.JobFacets;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Searches the jobs of a {@link MemoryJobStore}: looks at each, and sorts those that match. */
final class MemorySearch {
  private final JobFilter filter;

  /**
   * @param filter without ages
   */
  MemorySearch(JobFilter filter) {
    this.filter = filter;
  }

  Page<Job> page(MemoryTables tables, PageRequest page) {
    List<Job> matching =
        tables.rows.values().stream()
            .map(tables::job)
            .filter(filter::matches)
            .sorted(order())
            .filter(job -> page.after().map(after -> isBehind(job, after)).orElse(true))
            .limit(page.limit())
            .toList();
    Optional<PageCursor> next =
        matching.size() < page.limit()
            ? Optional.empty()
            : Optional.of(cursor(matching.get(matching.size() - 1)));
    return new Page<>(matching, next, tables.rows.size(), true);
  }

  JobFacets facets(MemoryTables tables) {
    List<Job> matching =
        tables.rows.values().stream()
            .map(tables::job)
            .filter(filter::matches)
            .sorted(order())
            .limit(JobFacets.COUNTED_MAX + 1L)
            .toList();
    boolean hasMore = matching.size() > JobFacets.COUNTED_MAX;
    List<Job> counted = hasMore ? matching.subList(0, JobFacets.COUNTED_MAX) : matching;
    return new JobFacets(
        counted.size(),
        hasMore,
        tables.rows.size(),
        true,
        by(counted, job -> Stream.of(job.state())),
        by(counted, job -> Stream.of(job.queue())),
        by(counted, job -> Stream.of(job.type())),
        by(counted, job -> job.failure().map(Failure::kind).stream()));
  }

  private static <T> Map<T, Long> by(List<Job> jobs, Function<Job, Stream<T>> property) {
    return jobs.stream()
        .flatMap(property)
        .collect(Collectors.groupingBy(value -> value, Collectors.counting()));
  }

  private Comparator<Job> order() {
    return switch (filter.order()) {
      case CREATED -> Comparator.comparing(Job::id).reversed();
      case FINISHED ->
          Comparator.comparing((Job job) -> job.finishedAt().orElseThrow())
              .thenComparing(Job::id)
              .reversed();
      case RUN_AT -> Comparator.comparing(Job::runAt).thenComparing(Job::id);
    };
  }

  private PageCursor cursor(Job job) {
    return time(job)
        .map(at -> PageCursor.of(at, job.id()))
        .orElseGet(() -> PageCursor.of(job.id()));
  }

  private Optional<Instant> time(Job job) {
    return switch (filter.order()) {
      case CREATED -> Optional.empty();
      case FINISHED -> job.finishedAt();
      case RUN_AT -> Optional.of(job.runAt());
    };
  }

  private boolean isBehind(Job job, PageCursor after) {
    int byTime = time(job).map(at -> at.compareTo(after.at().orElse(Instant.MIN))).orElse(0);
    int compared = byTime == 0 ? job.id().compareTo(after.id()) : byTime;
    return switch (filter.order()) {
      case CREATED, FINISHED -> compared < 0;
      case RUN_AT -> compared > 0;
    };
  }
}
