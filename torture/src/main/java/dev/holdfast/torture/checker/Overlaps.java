package dev.holdfast.torture.checker;

import java.util.ArrayList;
import java.util.List;

/**
 * Finds jobs that two ran at once. That may happen only when the first had lost its right without
 * being able to notice, as it stood still, or had noticed and been told to end; and then its result
 * must not count.
 */
final class Overlaps implements Promise.Check {

  @Override
  public List<String> breaches(JobCase job, Blows blows) {
    List<String> breaches = new ArrayList<>();
    for (int i = 1; i < job.lives().size(); i++) {
      Life second = job.lives().get(i);
      for (Life first : job.lives().subList(0, i)) {
        if (over(first, blows) > second.begin().at().ticks() && !isFair(first, second, blows)) {
          breaches.add("%s began while %s ran".formatted(second, first));
        }
        if (second.token() < first.token() && !isLateBegin(second, blows)) {
          breaches.add("%s began after %s".formatted(second, first));
        }
      }
    }
    return breaches;
  }

  /** When it was over, by its own word or its process's death. */
  private static long over(Life life, Blows blows) {
    long killed =
        blows.killOf(life.process()).map(kill -> kill.at().ticks()).orElse(Long.MAX_VALUE);
    return life.end().map(end -> Math.min(end.at().ticks(), killed)).orElse(killed);
  }

  private static boolean isFair(Life first, Life second, Blows blows) {
    long from = first.begin().at().ticks();
    long to = second.begin().at().ticks();
    boolean told = first.told().filter(stop -> stop.at().ticks() <= to).isPresent();
    return first.accepted().isEmpty() && (told || blows.wasStopped(first.process(), from, to));
  }

  /** It stood still between its claim and its begin, and could not count any more. */
  private static boolean isLateBegin(Life life, Blows blows) {
    return life.accepted().isEmpty()
        && blows.wasStopped(life.process(), Long.MIN_VALUE, life.begin().at().ticks());
  }
}
