package dev.holdfast.torture.checker;

import dev.holdfast.Job;
import java.util.List;
import java.util.Optional;

/** Finds jobs that have not finished although all others have and workers were available. */
final class StuckJobs implements Promise.Check {

  @Override
  public List<String> breaches(JobCase job, Blows blows) {
    Optional<Job> unfinished = job.row().filter(row -> !row.state().isFinished());
    return unfinished
        .map(row -> "it is still %s, due at %s".formatted(row.state(), row.runAt()))
        .stream()
        .toList();
  }
}
