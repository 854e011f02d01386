package dev.holdfast.torture.checker;

import dev.holdfast.Failure;
import dev.holdfast.Job;
import dev.holdfast.JobState;
import dev.holdfast.torture.evidence.Deed;
import java.util.List;
import java.util.Optional;

/** Finds acknowledged jobs that are not there, and jobs that finished without having been done. */
final class Losses implements Promise.Check {

  @Override
  public List<String> breaches(JobCase job, Blows blows) {
    if (job.isAcknowledged() && job.row().isEmpty()) {
      return List.of("its producer was told that it is durable, and it is not in the store");
    }
    if (job.row().isEmpty() || !job.row().get().state().isFinished() || job.asked().isEmpty()) {
      return List.of();
    }
    return finish(job, job.row().get(), job.asked().get().task().deed()).stream().toList();
  }

  private static Optional<String> finish(JobCase job, Job row, Deed deed) {
    Optional<Failure.Kind> kind = row.failure().map(Failure::kind);
    boolean crashedTooOften = kind.equals(Optional.of(Failure.Kind.CRASH_LOOP));
    if (row.state() == JobState.FAILED && crashedTooOften && row.crashes() > 1) {
      return Optional.empty();
    }
    if (row.state() != deed.end()
        || (row.state() == JobState.FAILED && !kind.equals(deed.failure()))) {
      return Optional.of(
          "it ended as %s (%s), and should end as %s".formatted(row.state(), row.failure(), deed));
    }
    if (row.state() == JobState.COMPLETED && !wasDone(job, row)) {
      return Optional.of(
          "it is COMPLETED under token %d with result %s, and no handler did that"
              .formatted(row.token(), row.result()));
    }
    return Optional.empty();
  }

  private static boolean wasDone(JobCase job, Job row) {
    return job.lives().stream()
        .anyMatch(life -> life.token() == row.token() && life.saidThatItCompletes());
  }
}
