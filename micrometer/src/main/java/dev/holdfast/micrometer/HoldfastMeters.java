package dev.holdfast.micrometer;

import dev.holdfast.Holdfast;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Meters of a queue in a registry of Micrometer: counters and timers of what this process does, and
 * gauges of the queue and of this process's node. They are there from the start, at 0.
 *
 * <pre>{@code
 * HoldfastMeters meters = HoldfastMeters.bind(holdfast, registry, List.of("mail", "invoice"));
 * }</pre>
 *
 * <p>The label {@code type} has the given types as values, at most {@link #MORE_TYPES_MAX} others,
 * and {@code other} for all beyond. No label holds a queue, a group, a job or a node.
 */
public final class HoldfastMeters implements AutoCloseable {
  /** Maximum number of types with a label of their own, in addition to those that were named. */
  public static final int MORE_TYPES_MAX = 50;

  private final JobMeters jobs;
  private final Optional<QueueGauges> gauges;

  private HoldfastMeters(JobMeters jobs, Optional<QueueGauges> gauges) {
    this.jobs = jobs;
    this.gauges = gauges;
  }

  /**
   * Makes the meters and keeps them up to date from now on.
   *
   * @param types the types whose meters are there from the start, such as those with handlers here
   */
  public static HoldfastMeters bind(
      Holdfast holdfast, MeterRegistry registry, Collection<String> types) {
    JobMeters jobs = observing(holdfast, registry, types);
    return new HoldfastMeters(jobs, Optional.of(new QueueGauges(holdfast, registry)));
  }

  /**
   * Makes the counters and timers alone, for a registry whose gauges of the queue and of nodes come
   * from elsewhere, and keeps them up to date from now on.
   *
   * @param types the types whose meters are there from the start, such as those with handlers here
   */
  public static HoldfastMeters bindJobs(
      Holdfast holdfast, MeterRegistry registry, Collection<String> types) {
    return new HoldfastMeters(observing(holdfast, registry, types), Optional.empty());
  }

  private static JobMeters observing(
      Holdfast holdfast, MeterRegistry registry, Collection<String> types) {
    JobMeters jobs = new JobMeters(registry, List.copyOf(types), MORE_TYPES_MAX);
    holdfast.observeBy(jobs);
    return jobs;
  }

  /** Removes the meters from the registry. Not before the queue is closed: it would count on. */
  @Override
  public void close() {
    jobs.remove();
    gauges.ifPresent(QueueGauges::remove);
  }
}
