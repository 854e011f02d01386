package dev.holdfast.torture.checker;

import dev.holdfast.Job;
import dev.holdfast.JobState;
import dev.holdfast.torture.evidence.Behaviour;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Finds starts of which the store knows nothing: each start has a token of its own, the history
 * tells of at least as many, and each one that died with its process was counted as a crash, or as
 * a lapse, and no other as a crash. What handlers write to the log is there.
 *
 * <p>The history may tell of more: a process can die between the claim and the begin. It may not
 * count fewer crashes and lapses: a handler is marked as running before its first line is written,
 * and no longer so after its last.
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
    crashes(job, job.row().get(), tokens.size(), blows).ifPresent(breaches::add);
    if (isSilent(job, job.row().get())) {
      breaches.add("it completed, and its log has no line of that attempt");
    }
    return breaches;
  }

  /** A process that died was silent first: until it is known to be dead, that is a lapse. */
  private static Optional<String> crashes(JobCase job, Job row, int lives, Blows blows) {
    long died =
        job.lives().stream()
            .filter(life -> life.end().isEmpty() && blows.killOf(life.process()).isPresent())
            .filter(life -> life.opened().isEmpty() || life.token() != row.token())
            .count();
    if (died > row.crashes() + row.lapses()) {
      return Optional.of(
          "it died with its process %d times, %d crashes and %d lapses were counted"
              .formatted(died, row.crashes(), row.lapses()));
    }
    long mayHaveDied =
        job.lives().stream()
            .filter(life -> life.accepted().isEmpty() && blows.hasNotComeBack(life.process()))
            .count();
    long unseen = Math.max(0, job.toldStarts() - lives);
    return row.crashes() > mayHaveDied + unseen
        ? Optional.of(
            "%d crashes were counted, and its process died %d times at most"
                .formatted(row.crashes(), mayHaveDied + unseen))
        : Optional.empty();
  }

  /** Returns true if a handler that logs ended without a log line; lines are stored by its end. */
  private static boolean isSilent(JobCase job, Job row) {
    return row.state() == JobState.COMPLETED
        && job.asked().filter(asked -> asked.task().behaviour() == Behaviour.REPORT).isPresent()
        && !job.logged().contains(row.attempt());
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
