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
 * Finds jobs that ran twice at once, and jobs that were taken from a handler in a live process.
 * That may happen only if the first one lost its lease without being able to notice, as it was
 * suspended, or if it noticed and was interrupted before anybody took its job; in either case its
 * result must not count.
 */
final class Overlaps implements Promise.Check {

  @Override
  public List<String> breaches(JobCase job, Blows blows) {
    List<String> breaches = new ArrayList<>();
    for (Life life : job.lives()) {
      if (life.refused().isPresent()
          && !endedItself(life, job)
          && !couldNotNotice(life, blows)
          && !noticed(life, job, blows)) {
        breaches.add("it was taken from %s, which was alive".formatted(life));
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

  /** Returns whether its own transaction had completed the job without its knowledge. */
  private static boolean endedItself(Life life, JobCase job) {
    return life.opened().isPresent()
        && job.row()
            .filter(row -> row.state() == JobState.COMPLETED && row.token() == life.token())
            .isPresent();
  }

  private static boolean isFair(Life first, JobCase job, Blows blows) {
    return first.accepted().isEmpty()
        && (couldNotNotice(first, blows) || noticed(first, job, blows));
  }

  private static boolean couldNotNotice(Life life, Blows blows) {
    long end = life.refused().or(life::end).map(last -> last.at().ticks()).orElse(Long.MAX_VALUE);
    return blows.wasAway(life.process(), life.begin().at().ticks(), end);
  }

  /**
   * Returns whether it had ended or been interrupted before its job was taken, by the store's
   * clock, and not because of that. One that had ended may have been unable to write for longer
   * than its lease.
   */
  private static boolean noticed(Life life, JobCase job, Blows blows) {
    if (blows.clockWasSet()) {
      return life.told().isPresent() || serverWasAway(life, blows);
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

  /**
   * Returns whether the server was away; if clocks differ, only this can show that it had ended
   * before.
   */
  private static boolean serverWasAway(Life life, Blows blows) {
    long end = life.refused().or(life::end).map(last -> last.at().ticks()).orElse(Long.MAX_VALUE);
    return blows.serverWasRestarted(life.begin().at().ticks(), end);
  }

  /**
   * Returns whether it was suspended between its claim and its begin, so that its result does not
   * count.
   */
  private static boolean isLateBegin(Life life, Blows blows) {
    return life.accepted().isEmpty()
        && blows.wasAway(life.process(), Long.MIN_VALUE, life.begin().at().ticks());
  }
}
