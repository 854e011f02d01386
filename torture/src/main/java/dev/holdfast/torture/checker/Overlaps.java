package dev.holdfast.torture.checker;

import dev.holdfast.JobState;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * Finds jobs that two ran at once, and jobs that were taken from a handler in a living process.
 * That may happen only when the first had lost its right without being able to notice, as it stood
 * still, or had noticed before anybody took its job and been told to end; and then its result must
 * not count.
 */
final class Overlaps implements Promise.Check {

  @Override
  public List<String> breaches(JobCase job, Blows blows) {
    List<String> breaches = new ArrayList<>();
    for (Life life : job.lives()) {
      if (life.refused().isPresent()
          && !couldNotNotice(life, blows)
          && !noticed(life, job, blows)) {
        breaches.add("it was taken from %s, which lived".formatted(life));
      }
    }
    for (int i = 1; i < job.lives().size(); i++) {
      Life second = job.lives().get(i);
      for (Life first : job.lives().subList(0, i)) {
        if (first.over(blows) > second.begin().at().ticks() && !isFair(first, job, blows)) {
          breaches.add("%s began while %s ran".formatted(second, first));
        }
        if (second.token() < first.token() && !isLateBegin(second, blows)) {
          breaches.add("%s began after %s".formatted(second, first));
        }
      }
    }
    return breaches;
  }

  private static boolean isFair(Life first, JobCase job, Blows blows) {
    return first.accepted().isEmpty()
        && (couldNotNotice(first, blows) || noticed(first, job, blows));
  }

  private static boolean couldNotNotice(Life life, Blows blows) {
    long end = life.refused().or(life::end).map(last -> last.at().ticks()).orElse(Long.MAX_VALUE);
    return blows.wasStopped(life.process(), life.begin().at().ticks(), end);
  }

  /**
   * It had ended, or been told to end, before its job was taken, by the store's clock; not because
   * it was taken. One that had ended may find that nobody could write for longer than its lease.
   */
  private static boolean noticed(Life life, JobCase job, Blows blows) {
    if (blows.clockWasSet()) {
      return life.told().isPresent();
    }
    long begin = life.begin().at().micros();
    OptionalLong taken =
        job.events().stream()
            .filter(event -> event.from().filter(JobState.RUNNING::equals).isPresent())
            .mapToLong(event -> ChronoUnit.MICROS.between(Instant.EPOCH, event.at()))
            .filter(at -> at >= begin)
            .findFirst();
    return taken.isEmpty()
        || Stream.of(life.told(), life.end())
            .flatMap(Optional::stream)
            .anyMatch(effect -> effect.at().micros() <= taken.getAsLong());
  }

  /** It stood still between its claim and its begin, and could not count any more. */
  private static boolean isLateBegin(Life life, Blows blows) {
    return life.accepted().isEmpty()
        && blows.wasStopped(life.process(), Long.MIN_VALUE, life.begin().at().ticks());
  }
}
