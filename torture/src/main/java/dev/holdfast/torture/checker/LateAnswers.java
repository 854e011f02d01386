package dev.holdfast.torture.checker;

import dev.holdfast.torture.evidence.Effect;
import java.util.List;
import java.util.Optional;

/**
 * The fate of acknowledgements by handlers whose process was suspended while others took over their
 * jobs.
 *
 * @param paused the handlers that were running when their process was suspended
 * @param takenOver those whose job was taken over before they acknowledged
 * @param refused those of them whose acknowledgement was refused
 * @param accepted those of them whose acknowledgement was accepted: must be none
 */
record LateAnswers(int paused, int takenOver, int refused, int accepted) {

  static LateAnswers in(List<JobCase> cases, Blows blows) {
    int paused = 0;
    int takenOver = 0;
    int refused = 0;
    int accepted = 0;
    for (JobCase job : cases) {
      for (Life life : job.lives()) {
        if (!wasPaused(life, blows)) {
          continue;
        }
        paused++;
        boolean late = life.refused().isPresent() || hasSuccessorBefore(job, life);
        takenOver += late ? 1 : 0;
        refused += life.refused().isPresent() ? 1 : 0;
        accepted += late && life.accepted().isPresent() ? 1 : 0;
      }
    }
    return new LateAnswers(paused, takenOver, refused, accepted);
  }

  private static boolean wasPaused(Life life, Blows blows) {
    long end = life.end().map(over -> over.at().ticks()).orElse(Long.MAX_VALUE);
    return blows.pausesOf(life.process()).stream()
        .anyMatch(
            pause -> life.begin().at().ticks() < pause.stopTicks() && pause.goOnTicks() <= end);
  }

  private static boolean hasSuccessorBefore(JobCase job, Life life) {
    Optional<Effect> end = life.end();
    return job.lives().stream()
        .filter(next -> next.token() > life.token())
        .anyMatch(
            next -> end.map(over -> next.begin().at().ticks() < over.at().ticks()).orElse(true));
  }
}
