package dev.holdfast.torture.checker;

import dev.holdfast.torture.host.Moment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds early starts, by the store's wall clock: before the end of a delay that the producer or a
 * failing or snoozing handler requested, or before the end of the job that they wait for. The
 * store's timestamps are later than the logged ones, so no tolerance is needed.
 */
final class EarlyStarts implements Promise.Check {

  @Override
  public List<String> breaches(JobCase job, Blows blows) {
    List<String> breaches = new ArrayList<>(beforeAnother(job));
    breaches.addAll(beforeItsTime(job, blows));
    return breaches;
  }

  /** Finds a start before the end of its predecessor, by the monotonic clock. */
  private static List<String> beforeAnother(JobCase job) {
    if (job.before().isEmpty() || job.lives().isEmpty() || !job.before().get().isCompleted()) {
      return List.of();
    }
    long token = job.before().get().row().orElseThrow().token();
    long begin = job.lives().get(0).begin().at().ticks();
    return job.before().get().lives().stream()
        .filter(life -> life.token() == token)
        .flatMap(life -> life.opened().or(life::end).stream())
        .filter(end -> end.at().ticks() > begin)
        .map(end -> "it began before its predecessor had ended")
        .toList();
  }

  private static List<String> beforeItsTime(JobCase job, Blows blows) {
    if (blows.clocksDiffered()) {
      return List.of(); // then the store has no single clock
    }
    List<String> breaches = new ArrayList<>();
    job.asked()
        .flatMap(
            asked -> {
              Optional<Life> first = job.lives().stream().findFirst();
              return early(first, asked.at(), asked.task().delayMillis(), blows);
            })
        .ifPresent(micros -> breaches.add("it began %d µs too early".formatted(micros)));
    for (Life life : job.lives()) {
      life.end()
          .filter(end -> end.delayMillis() > 0 && life.delayWasAccepted())
          .flatMap(end -> early(successor(job, life), end.at(), end.delayMillis(), blows))
          .ifPresent(
              micros -> breaches.add("it began %d µs too early after %s".formatted(micros, life)));
    }
    return breaches;
  }

  private static Optional<Life> successor(JobCase job, Life life) {
    return job.lives().stream().filter(next -> next.token() > life.token()).findFirst();
  }

  /**
   * Returns how early a job began; it was not early if it became due before the clock was set back.
   */
  private static Optional<Long> early(
      Optional<Life> next, Moment from, long delayMillis, Blows blows) {
    return next.map(life -> life.begin().at())
        .filter(begin -> !blows.clockWasSetBack(from.ticks(), begin.ticks()))
        .map(begin -> from.micros() + delayMillis * 1_000 - begin.micros())
        .filter(micros -> micros > 0);
  }
}
