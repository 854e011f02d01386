package dev.holdfast.torture.checker;

import dev.holdfast.Failure;
import dev.holdfast.Job;
import dev.holdfast.JobState;
import dev.holdfast.torture.evidence.Behaviour;
import java.util.List;
import java.util.Optional;

/** Finds acknowledged jobs that are missing, and jobs that finished without having been done. */
final class Losses implements Promise.Check {

  @Override
  public List<String> breaches(JobCase job, Blows blows) {
    if (job.isAcknowledged() && job.row().isEmpty()) {
      return List.of("its enqueue was acknowledged, and it is not in the store");
    }
    if (job.row().isEmpty() || !job.row().get().state().isFinished() || job.asked().isEmpty()) {
      return List.of();
    }
    return finish(job, job.row().get(), job.asked().get().task().behaviour()).stream().toList();
  }

  private static Optional<String> finish(JobCase job, Job row, Behaviour behaviour) {
    Optional<Failure.Kind> kind = row.failure().map(Failure::kind);
    boolean crashedTooOften = kind.equals(Optional.of(Failure.Kind.CRASH_LOOP));
    if (row.state() == JobState.FAILED && crashedTooOften && row.crashes() > 1) {
      return Optional.empty();
    }
    if (job.before().isPresent() && !job.before().get().isCompleted()) {
      return row.state() == JobState.CANCELLED
          ? Optional.empty()
          : Optional.of(
              "it ended as %s, and its predecessor has not completed".formatted(row.state()));
    }
    if (row.state() != behaviour.end()
        || (row.state() == JobState.FAILED && !kind.equals(behaviour.failure()))) {
      return Optional.of(
          "it ended as %s (%s), and should end as %s"
              .formatted(row.state(), row.failure(), behaviour));
    }
    if (row.state() == JobState.COMPLETED && !wasDone(job, row)) {
      return Optional.of(
          "it is COMPLETED under token %d with result %s, and no handler did that"
              .formatted(row.token(), row.result()));
    }
    boolean wrote = job.written().contains(row.token());
    return behaviour == Behaviour.TRANSACT && row.state() == JobState.COMPLETED && !wrote
        ? Optional.of("it is COMPLETED, and what was written with that is gone")
        : Optional.empty();
  }

  private static boolean wasDone(JobCase job, Job row) {
    return job.lives().stream()
        .anyMatch(life -> life.token() == row.token() && life.saidThatItCompletes());
  }
}
