package dev.holdfast.torture.checker;

import dev.holdfast.torture.host.Moment;
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
    if (blows.clocksDiffered()) {
      return List.of(); // then there is no such thing as the store's clock
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

  /** A job that became due, and began after the clock was set back, was not early. */
  private static Optional<Long> early(
      Optional<Life> next, Moment from, long delayMillis, Blows blows) {
    return next.map(life -> life.begin().at())
        .filter(begin -> !blows.clockWasSetBack(from.ticks(), begin.ticks()))
        .map(begin -> from.micros() + delayMillis * 1_000 - begin.micros())
        .filter(micros -> micros > 0);
  }
}
