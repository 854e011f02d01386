package dev.holdfast.benchmarks.handlers;

import dev.holdfast.Finding;
import dev.holdfast.Holdfast;
import dev.holdfast.Job;
import dev.holdfast.JobId;
import dev.holdfast.NewJob;
import dev.holdfast.NodeConfig;
import dev.holdfast.NodePhase;
import dev.holdfast.QueueStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Measures the rate of good handlers alone, and among bad ones once the slots of hanging ones were
 * freed; then a node in which twice as many hang as it has slots.
 *
 * <p>Arguments: seconds of each measurement (default 10). Needs 1.5 GB of heap.
 */
public final class HandlersAmongBadOnes {
  private static final int SLOTS = 32;
  private static final int BACKLOG = 20_000;
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final Holdfast holdfast;
  private final long seconds;
  private final AtomicLong good = new AtomicLong();
  private final AtomicLong enqueued = new AtomicLong();
  private volatile boolean feeding = true;

  private HandlersAmongBadOnes(Holdfast holdfast, long seconds) {
    this.holdfast = holdfast;
    this.seconds = seconds;
  }

  /** Runs the benchmark. */
  public static void main(String[] args) throws Exception {
    long seconds = args.length > 0 ? Long.parseLong(args[0]) : 10;
    Path folder = Files.createTempDirectory("holdfast-handlers");
    Holdfast holdfast = Holdfast.open(folder.resolve("jobs.db").toString());
    new HandlersAmongBadOnes(holdfast, seconds).run();
    Runtime.getRuntime().halt(0); // don't wait for hanging handlers
  }

  private void run() throws Exception {
    holdfast.handle(
        "good",
        Integer.class,
        (payload, job) -> {
          TimeUnit.MILLISECONDS.sleep(2);
          return good.incrementAndGet();
        });
    for (BadHandler bad : BadHandler.values()) {
      bad.handleBy(holdfast);
    }
    holdfast.start(NodeConfig.defaults().concurrency(SLOTS));
    Thread feeder = new Thread(this::feed, "feeder");
    feeder.setDaemon(true);
    feeder.start();
    measure(); // to warm up
    double alone = measure();

    Map<JobId, BadHandler> jobs = enqueueBad();
    long hanging = jobs.values().stream().filter(BadHandler::isUnresponsive).count();
    await(() -> holdfast.vitals().unresponsive() == hanging);
    double among = measure();
    System.out.printf(
        Locale.ROOT,
        "JDK %d, %d slots, %d bad jobs of %d kinds, %d of them never return%n",
        Runtime.version().feature(),
        SLOTS,
        jobs.size(),
        BadHandler.values().length,
        hanging);
    System.out.printf(
        Locale.ROOT,
        "good jobs alone %,.0f/s; with %d hanging, their slots freed: %,.0f/s, ratio %.2f%n",
        alone,
        hanging,
        among,
        among / alone);
    tellEnds(jobs);
    fillUp();
    feeding = false;
  }

  /** Keeps a backlog of good jobs. */
  private void feed() {
    while (feeding) {
      if (enqueued.get() - good.get() < BACKLOG) {
        List<NewJob> more = new ArrayList<>();
        for (int i = 0; i < BACKLOG / 4; i++) {
          more.add(NewJob.of("good", i));
        }
        holdfast.queue().enqueue(more);
        enqueued.addAndGet(more.size());
      } else {
        LockSupport.parkNanos(1_000_000);
      }
    }
  }

  private double measure() throws InterruptedException {
    long before = good.get();
    long start = System.nanoTime();
    TimeUnit.SECONDS.sleep(seconds);
    return (good.get() - before) * 1e9 / (System.nanoTime() - start);
  }

  /**
   * Enqueues bad jobs: at most as many hanging ones as there are slots, and two of each other kind.
   */
  private Map<JobId, BadHandler> enqueueBad() {
    Map<JobId, BadHandler> jobs = new LinkedHashMap<>();
    for (BadHandler bad : BadHandler.values()) {
      int count = bad.isUnresponsive() ? SLOTS / 4 : 2;
      for (int i = 0; i < count; i++) {
        jobs.put(holdfast.enqueue(bad.job().priority(1)).id(), bad);
      }
    }
    return jobs;
  }

  private void tellEnds(Map<JobId, BadHandler> jobs) throws InterruptedException {
    Map<BadHandler, String> wrong = new LinkedHashMap<>();
    await(() -> jobs.entrySet().stream().allMatch(job -> hasEnded(job.getKey(), job.getValue())));
    jobs.forEach(
        (id, bad) -> {
          Job job = holdfast.find(id).orElseThrow();
          boolean right =
              job.state() == bad.end() && job.failure().map(f -> f.kind()).equals(bad.kind());
          if (!right) {
            wrong.put(bad, job.state() + " " + job.failure());
          }
        });
    System.out.printf("ends other than documented: %s%n", wrong.isEmpty() ? "none" : wrong);
  }

  private boolean hasEnded(JobId id, BadHandler bad) {
    Job job = holdfast.find(id).orElseThrow();
    return job.state() == bad.end() || job.state().isFinished();
  }

  /**
   * Fills all slots with hanging handlers until no more are freed; then the node claims no more
   * jobs and reports that.
   */
  private void fillUp() throws InterruptedException {
    List<NewJob> more = new ArrayList<>();
    for (int i = 0; i < 2 * SLOTS; i++) {
      more.add(BadHandler.NEVER_RETURNS.job().priority(1));
    }
    holdfast.queue().enqueue(more);
    await(() -> holdfast.vitals().slots() == 0);
    await(() -> holdfast.queue().status().nodes().get(0).phase() == NodePhase.QUIET);
    QueueStatus status = holdfast.queue().status();
    long before = good.get();
    TimeUnit.SECONDS.sleep(2);
    System.out.printf(
        Locale.ROOT,
        "%d hang: phase %s, good jobs run %d, health: %s%n",
        holdfast.vitals().unresponsive(),
        status.nodes().get(0).phase(),
        good.get() - before,
        Arrays.toString(
            status.problems().stream()
                .filter(finding -> finding.gravity() == Finding.Gravity.ERROR)
                .map(Finding::code)
                .toArray()));
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("the expected condition was not met within " + PATIENCE);
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }
}
