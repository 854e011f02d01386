package dev.holdfast.benchmarks.crowd;

import dev.holdfast.Enqueued;
import dev.holdfast.Holdfast;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.NewJob;
import dev.holdfast.benchmarks.load.Counted;
import dev.holdfast.benchmarks.load.HoldfastLoad;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/**
 * Jobs that nobody can run, in the same queue, of the same type and with a higher priority than the
 * others: some are scheduled, some require a missing capability, and some wait for one of those.
 *
 * @param scheduled the number scheduled in an hour or later
 * @param blocked the number that wait for another job
 * @param unmatched the number that require a missing capability, at least one if any are blocked
 */
record Waiting(int scheduled, int blocked, int unmatched) {
  private static final int BATCH = 5_000;
  private static final int OF_ONE = 10_000; // this many wait for the same job
  private static final int PRIORITY = 10;
  private static final int HOUR_SECONDS = 3_600;
  private static final int MONTH_SECONDS = 30 * 24 * HOUR_SECONDS;

  /** Enqueues the jobs, a thousand at a time. */
  void load(Holdfast holdfast, SplittableRandom random) {
    enqueue(holdfast, scheduled, () -> job().in(later(random)));
    List<JobId> needy =
        enqueue(holdfast, unmatched, () -> job().requires(Map.of("philosophers-stone", true)));
    for (int done = 0, i = 0; done < blocked; done += OF_ONE, i++) {
      JobId first = needy.get(i % needy.size());
      enqueue(holdfast, Math.min(OF_ONE, blocked - done), () -> job().after(first));
    }
  }

  private static NewJob job() {
    return NewJob.of(HoldfastLoad.TYPE, HoldfastLoad.PAYLOAD).priority(PRIORITY);
  }

  private static Duration later(SplittableRandom random) {
    return Duration.ofSeconds(random.nextInt(HOUR_SECONDS, MONTH_SECONDS));
  }

  private static List<JobId> enqueue(Holdfast holdfast, int jobs, Supplier<NewJob> job) {
    List<JobId> ids = new ArrayList<>();
    while (ids.size() < jobs) {
      List<NewJob> batch = new ArrayList<>();
      for (int i = Math.min(BATCH, jobs - ids.size()); i > 0; i--) {
        batch.add(job.get());
      }
      holdfast.queue().enqueue(batch).stream().map(Enqueued::id).forEach(ids::add);
    }
    return ids;
  }

  /** Fails unless all of them, and no others, are still waiting. */
  void check(Holdfast holdfast) {
    Counted.check(scheduled, HoldfastLoad.count(holdfast, JobState.SCHEDULED));
    Counted.check(blocked, HoldfastLoad.count(holdfast, JobState.BLOCKED));
    Counted.check(unmatched, HoldfastLoad.count(holdfast, JobState.PENDING));
    Counted.check(0, HoldfastLoad.count(holdfast, JobState.RUNNING));
  }
}
