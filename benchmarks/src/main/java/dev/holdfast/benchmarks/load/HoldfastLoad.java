package dev.holdfast.benchmarks.load;

import dev.holdfast.Holdfast;
import dev.holdfast.JobHandler;
import dev.holdfast.JobState;
import dev.holdfast.NewJob;
import dev.holdfast.NodeConfig;
import java.time.Duration;
import java.util.Collections;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Measures Holdfast through its public API, on the store of an address; each call opens it again.
 */
public final class HoldfastLoad {
  /** The number of jobs in one call of enqueue. */
  public static final int BATCH = 1_000;

  /** The type of jobs that do nothing. */
  public static final String TYPE = "noop";

  /** A payload of about 200 bytes. */
  public static final Object PAYLOAD = Collections.singletonMap("text", "x".repeat(180));

  private HoldfastLoad() {}

  /** Returns the jobs a second of callers that enqueue one at a time and wait for the result. */
  public static double enqueue(String address, int callers, int jobs) throws Exception {
    try (Holdfast holdfast = Holdfast.open(address)) {
      Callers.Answered answered =
          new Callers(callers).times(jobs, () -> holdfast.enqueue(NewJob.of(TYPE, PAYLOAD)));
      Counted.check(jobs, count(holdfast, JobState.PENDING));
      return answered.perSecond();
    }
  }

  /** Returns the same, measured for this time. */
  public static double enqueue(String address, int callers, Duration time) throws Exception {
    try (Holdfast holdfast = Holdfast.open(address)) {
      Callers.Answered answered =
          new Callers(callers).during(time, () -> holdfast.enqueue(NewJob.of(TYPE, PAYLOAD)));
      Counted.check(answered.calls(), count(holdfast, JobState.PENDING));
      return answered.perSecond();
    }
  }

  /** Returns the jobs a second of one caller that enqueues a thousand at once. */
  public static double bulk(String address, int jobs) {
    try (Holdfast holdfast = Holdfast.open(address)) {
      long start = System.nanoTime();
      load(holdfast, jobs);
      long nanos = System.nanoTime() - start;
      return Counted.rate(jobs, nanos, count(holdfast, JobState.PENDING));
    }
  }

  /** Enqueues jobs, a thousand at a time. */
  public static void load(Holdfast holdfast, int jobs) {
    for (int left = jobs; left > 0; left -= BATCH) {
      holdfast
          .queue()
          .enqueue(Collections.nCopies(Math.min(left, BATCH), NewJob.of(TYPE, PAYLOAD)));
    }
  }

  /** Returns the jobs a second of a worker on a full queue, until every end is acknowledged. */
  public static double drain(String address, int jobs, int slots) throws InterruptedException {
    try (Holdfast holdfast = Holdfast.open(address)) {
      long before = count(holdfast, JobState.COMPLETED);
      load(holdfast, jobs);
      CountDownLatch done = countDown(holdfast, jobs);
      long start = System.nanoTime();
      holdfast.start(NodeConfig.defaults().concurrency(slots));
      done.await();
      long nanos = System.nanoTime() - start;
      return Counted.rate(jobs, nanos, count(holdfast, JobState.COMPLETED) - before);
    }
  }

  /** Returns the jobs a second of a worker while a producer keeps the queue filled. */
  public static double steady(String address, int jobs, int slots) throws InterruptedException {
    try (Holdfast holdfast = Holdfast.open(address)) {
      CountDownLatch done = countDown(holdfast, jobs);
      long start = System.nanoTime();
      holdfast.start(NodeConfig.defaults().concurrency(slots));
      Thread producer = new Thread(() -> load(holdfast, jobs), "producer");
      producer.start();
      done.await();
      producer.join();
      long nanos = System.nanoTime() - start;
      return Counted.rate(jobs, nanos, count(holdfast, JobState.COMPLETED));
    }
  }

  /**
   * Handles jobs of {@link #TYPE} by doing nothing; the latch opens after this number of
   * acknowledged ends.
   */
  public static CountDownLatch countDown(Holdfast holdfast, long jobs) {
    return countDown(holdfast, jobs, (payload, job) -> null);
  }

  /** Handles jobs of {@link #TYPE}; the latch opens after this number of acknowledged ends. */
  public static CountDownLatch countDown(Holdfast holdfast, long jobs, JobHandler<Object> handler) {
    CountDownLatch done = new CountDownLatch(1);
    AtomicLong left = new AtomicLong(jobs);
    holdfast.handle(TYPE, Object.class, handler);
    holdfast.onAcknowledged(
        (acknowledged, stale) -> {
          int ended = acknowledged.size() - stale.size();
          long toGo = left.getAndAdd(-ended);
          if (toGo > 0 && toGo <= ended) {
            done.countDown();
          }
        });
    return done;
  }

  /** Returns the number of jobs in this state. */
  public static long count(Holdfast holdfast, JobState state) {
    return holdfast.queue().status().counts().getOrDefault(state, 0L);
  }
}
