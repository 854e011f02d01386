package dev.holdfast.torture.checker;

import dev.holdfast.Job;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Finds starts of which the store knows nothing: each start has a token of its own, the history
 * tells of at least as many, and each one that died with its process was counted as a crash.
 *
 * <p>The history may tell of more: a process can die between the claim and the begin. It may not
 * count fewer crashes: a handler is marked as running before its first line is written, and no
 * longer so after its last.
 */
final class UnrecordedStarts implements Promise.Check {

  @Override
  public List<String> breaches(JobCase job, Blows blows) {
    if (job.row().isEmpty()) {
      return List.of();
    }
    List<String> breaches = new ArrayList<>(tokens(job, job.row().get()));
    Set<Long> tokens = new HashSet<>();
    job.lives().forEach(life -> tokens.add(life.token()));
    if (tokens.size() > job.toldStarts()) {
      breaches.add(
          "it was started %d times, the history tells of %d"
              .formatted(tokens.size(), job.toldStarts()));
    }
    long died =
        job.lives().stream()
            .filter(life -> life.end().isEmpty() && blows.killOf(life.process()).isPresent())
            .count();
    if (died > job.row().get().crashes()) {
      breaches.add(
          "it died with its process %d times, %d crashes were counted"
              .formatted(died, job.row().get().crashes()));
    }
    return breaches;
  }

  private static List<String> tokens(JobCase job, Job row) {
    List<String> breaches = new ArrayList<>();
    Set<Long> seen = new HashSet<>();
    for (Life life : job.lives()) {
      if (!seen.add(life.token())) {
        breaches.add("a second start under " + life);
      }
      if (life.token() > row.token()) {
        breaches.add("a start under %s, the store knows %d".formatted(life, row.token()));
      }
    }
    return breaches;
  }
}
