package dev.holdfast;

import dev.holdfast.check.Limits;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Jobs that run one after the other, each when the one before it has completed. If one fails or is
 * cancelled, all jobs after it are cancelled. Holds at most {@link Limits#ENQUEUE_BATCH_MAX} jobs.
 */
public final class Chain implements JobGraph {
  private final List<NewJob> links;

  private Chain(List<NewJob> links) {
    this.links = List.copyOf(links);
  }

  /** Creates a chain of these jobs, the first one first. */
  public static Chain of(NewJob... links) {
    return new Chain(List.of(links));
  }

  /** Creates a chain of these jobs, the first one first. */
  public static Chain of(List<NewJob> links) {
    return new Chain(links);
  }

  @Override
  public List<NewJob> jobs(Supplier<JobId> ids) {
    List<NewJob> jobs = new ArrayList<>(links.size());
    Optional<JobId> before = Optional.empty();
    for (NewJob link : links) {
      JobId id = link.id().orElseGet(ids);
      NewJob named = link.withId(id);
      jobs.add(before.map(predecessor -> named.after(predecessor)).orElse(named));
      before = Optional.of(id);
    }
    return jobs;
  }
}
