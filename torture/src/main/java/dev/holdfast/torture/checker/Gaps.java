package dev.holdfast.torture.checker;

import dev.holdfast.JobEvent;
import dev.holdfast.JobState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds histories with gaps: each change must start in the state to which the previous one led. */
final class Gaps implements Promise.Check {

  @Override
  public List<String> breaches(JobCase job, Blows blows) {
    if (job.row().isEmpty()) {
      return List.of();
    }
    List<String> breaches = new ArrayList<>();
    Optional<JobState> before = Optional.empty();
    for (JobEvent event : job.events()) {
      boolean allowed = before.map(from -> from.mayBecome(event.to())).orElse(true);
      if (!event.from().equals(before) || !allowed) {
        breaches.add("after %s came %s".formatted(before, event));
      }
      before = Optional.of(event.to());
    }
    if (!before.equals(job.row().map(row -> row.state()))) {
      breaches.add("the history ends with %s, the job is %s".formatted(before, job.row().get()));
    }
    return breaches;
  }
}
