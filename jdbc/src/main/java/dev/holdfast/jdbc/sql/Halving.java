package dev.holdfast.jdbc.sql;

import dev.holdfast.error.BusyException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;

/**
 * Works on many jobs of which some may be held by others. A batch that had to wait for too long is
 * halved until those are found, so that the rest can proceed.
 */
public final class Halving {
  /** The number of failed waits after which the remaining jobs are given up. */
  private static final int WAITS_MAX = 12;

  private Halving() {}

  /**
   * Does the work in as few batches as possible.
   *
   * @param work throws a {@link BusyException} if it has waited for too long, having done nothing
   * @param giveUp what to do instead for the jobs that are held
   * @return the results of all batches
   */
  public static <I, T> List<T> run(
      List<I> items, Function<List<I>, T> work, Function<List<I>, T> giveUp) {
    return run(List.of(items), work, giveUp);
  }

  /** Does the work for several batches. */
  public static <I, T> List<T> run(
      Iterable<List<I>> batches, Function<List<I>, T> work, Function<List<I>, T> giveUp) {
    Deque<List<I>> left = new ArrayDeque<>();
    batches.forEach(left::add);
    List<T> answers = new ArrayList<>();
    int waits = 0;
    while (!left.isEmpty()) {
      List<I> some = left.remove();
      if (some.isEmpty()) {
        continue;
      }
      if (waits == WAITS_MAX) {
        answers.add(giveUp.apply(some));
        continue;
      }
      try {
        answers.add(work.apply(some));
      } catch (BusyException held) {
        waits++;
        if (some.size() == 1) {
          answers.add(giveUp.apply(some));
        } else {
          left.addFirst(some.subList(some.size() / 2, some.size()));
          left.addFirst(some.subList(0, some.size() / 2));
        }
      }
    }
    return answers;
  }
}
