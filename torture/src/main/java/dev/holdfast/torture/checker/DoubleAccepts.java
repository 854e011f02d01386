package dev.holdfast.torture.checker;

import dev.holdfast.Job;
import dev.holdfast.JobState;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds results that were accepted beside the job's one: each completion that a worker was told is
 * accepted must be the one under the job's last token, and the job's result must be of that
 * attempt.
 */
final class DoubleAccepts implements Promise.Check {

  @Override
  public List<String> breaches(JobCase job, Blows blows) {
    if (job.row().isEmpty()) {
      return List.of();
    }
    Job row = job.row().get();
    List<Life> accepted = job.lives().stream().filter(Life::completionWasAccepted).toList();
    List<String> breaches = new ArrayList<>();
    if (accepted.size() > 1) {
      breaches.add("%d completions were accepted: %s".formatted(accepted.size(), accepted));
    }
    for (Life life : accepted) {
      if (life.token() != row.token() || row.state() != JobState.COMPLETED) {
        breaches.add(
            "the completion of %s was accepted, and the job is %s under token %d"
                .formatted(life, row.state(), row.token()));
      }
    }
    boolean own =
        row.result().map(result -> result.equals(Long.toString(row.token()))).orElse(true);
    if (row.state() == JobState.COMPLETED && !own) {
      breaches.add(
          "its result is of token %s, it completed under %d"
              .formatted(row.result().orElse("?"), row.token()));
    }
    return breaches;
  }
}
