package dev.holdfast.torture.checker;

import dev.holdfast.torture.evidence.Effect;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds starts before their time, by the wall clock that is the store's: after the delay that the
 * producer asked for, and after the delay that a failing or snoozing handler asked for. The store
 * stamps both later than they were written down, so that no allowance is needed.
 */
final class EarlyStarts implements Promise.Check {

  @Override
  public List<String> breaches(JobCase job, Blows blows) {
    List<String> breaches = new ArrayList<>();
    job.asked()
        .ifPresent(
            asked ->
                note(
                    job.lives().stream().findFirst(),
                    asked.at().micros() + asked.task().delayMillis() * 1_000,
                    "its enqueue",
                    breaches));
    for (Life life : job.lives()) {
      Optional<Effect> delay =
          life.end().filter(end -> end.delayMillis() > 0 && life.accepted().isPresent());
      delay.ifPresent(
          end ->
              note(
                  successor(job, life),
                  end.at().micros() + end.delayMillis() * 1_000,
                  life.toString(),
                  breaches));
    }
    return breaches;
  }

  private static Optional<Life> successor(JobCase job, Life life) {
    return job.lives().stream().filter(next -> next.token() > life.token()).findFirst();
  }

  private static void note(
      Optional<Life> next, long earliestMicros, String after, List<String> to) {
    next.map(life -> earliestMicros - life.begin().at().micros())
        .filter(early -> early > 0)
        .ifPresent(early -> to.add("it began %d µs too early after %s".formatted(early, after)));
  }
}
