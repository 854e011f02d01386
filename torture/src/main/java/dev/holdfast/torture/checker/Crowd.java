package dev.holdfast.torture.checker;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The number of handlers of a queue that ran at once, in all processes.
 *
 * @param most the maximum
 * @param busyPercent the share of the time, from the first begin to the last end, in which any ran
 */
public record Crowd(int most, double busyPercent) {

  /** The begin or end of a handler. */
  private record Step(long ticks, int change) {
    /** Orders ends before begins at the same moment. */
    private static final Comparator<Step> IN_TIME =
        Comparator.comparingLong(Step::ticks).thenComparingInt(Step::change);
  }

  static Crowd of(String queue, List<JobCase> cases, Blows blows) {
    List<Step> steps = new ArrayList<>();
    cases.stream()
        .filter(job -> job.row().filter(row -> row.queue().equals(queue)).isPresent())
        .flatMap(job -> job.lives().stream())
        .forEach(
            life -> {
              steps.add(new Step(life.begin().at().ticks(), 1));
              steps.add(new Step(life.over(blows), -1));
            });
    steps.sort(Step.IN_TIME);
    int most = 0;
    int running = 0;
    long busy = 0;
    for (int i = 0; i < steps.size(); i++) {
      if (running > 0) {
        busy += steps.get(i).ticks - steps.get(i - 1).ticks;
      }
      running += steps.get(i).change;
      most = Math.max(most, running);
    }
    long all = steps.isEmpty() ? 0 : steps.get(steps.size() - 1).ticks - steps.get(0).ticks;
    return new Crowd(most, all == 0 ? 0 : 100.0 * busy / all);
  }
}
