package dev.holdfast.torture.checker;

import dev.holdfast.Job;
import dev.holdfast.JobState;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds a job's second accepted result: each completion that was acknowledged to a worker must be
 * the one with the job's last token, and the job's result must be of that attempt.
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
    List<Long> others = job.written().stream().filter(token -> token != row.token()).toList();
    if (!others.isEmpty() || job.written().size() > 1) {
      breaches.add(
          "rows of its transactions under %s are there, and its token is %d"
              .formatted(job.written(), row.token()));
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
