package dev.holdfast.spi;

import dev.holdfast.Failure;
import dev.holdfast.JobState;
import java.util.Map;

/**
 * The jobs that a filter selects, counted by some of their properties.
 *
 * @param matches how many were counted
 * @param hasMore whether there are more, which were not
 * @param searched approximately how many jobs were examined
 * @param complete false if the search stopped at its limit before
 * @param states the number in each state
 * @param queues the number in each queue
 * @param types the number of each type
 * @param failures the number with each kind of failure
 */
public record JobFacets(
    long matches,
    boolean hasMore,
    long searched,
    boolean complete,
    Map<JobState, Long> states,
    Map<String, Long> queues,
    Map<String, Long> types,
    Map<Failure.Kind, Long> failures) {
  /** The maximum number of jobs that are counted, the first ones in the order of the filter. */
  public static final int COUNTED_MAX = 10_000;

  /** Copies the maps. */
  public JobFacets {
    states = Map.copyOf(states);
    queues = Map.copyOf(queues);
    types = Map.copyOf(types);
    failures = Map.copyOf(failures);
  }
}
