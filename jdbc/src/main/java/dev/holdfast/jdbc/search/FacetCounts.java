package dev.holdfast.jdbc.search;

import dev.holdfast.Failure;
import dev.holdfast.JobFilter;
import dev.holdfast.jdbc.search.JobSearch.Found;
import dev.holdfast.jdbc.sql.Session;
import dev.holdfast.spi.JobFacets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Counts the jobs that a search finds by their properties. */
public final class FacetCounts {
  private FacetCounts() {}

  /**
   * Counts them.
   *
   * @param filter without ages
   */
  public static JobFacets of(Session session, JobFilter filter) {
    JobSearch.Result result =
        JobSearch.found(session, filter, Optional.empty(), JobFacets.COUNTED_MAX + 1);
    boolean hasMore = result.jobs().size() > JobFacets.COUNTED_MAX;
    List<Found> counted = hasMore ? result.jobs().subList(0, JobFacets.COUNTED_MAX) : result.jobs();
    Map<Failure.Kind, Long> failures =
        counted.stream()
            .flatMap(job -> job.failure().stream())
            .collect(Collectors.groupingBy(kind -> kind, Collectors.counting()));
    return new JobFacets(
        counted.size(),
        hasMore,
        result.examined(),
        result.complete(),
        by(counted, Found::state),
        by(counted, Found::queue),
        by(counted, Found::type),
        failures);
  }

  private static <T> Map<T, Long> by(List<Found> jobs, Function<Found, T> property) {
    return jobs.stream().collect(Collectors.groupingBy(property, Collectors.counting()));
  }
}
