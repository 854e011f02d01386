package dev.holdfast.benchmarks.load;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Times processes that print the number of acknowledged ends and begin on a command. The first
 * quarter of the jobs is a warm-up and is not timed. Thread-safe.
 */
public final class Acknowledged {
  private static final int WARM_UP_PART = 4;

  private final long jobs;
  private final CompletableFuture<Double> rate = new CompletableFuture<>();
  private long done;
  private long warmDone;
  private long warmAtNanos;

  private Acknowledged(long jobs) {
    this.jobs = jobs;
  }

  /** Returns the jobs a second of processes that are ready and together do this number of jobs. */
  public static double rate(List<ChildProcess> workers, long jobs) throws Exception {
    Acknowledged all = new Acknowledged(jobs);
    for (ChildProcess worker : workers) {
      new Thread(() -> all.read(worker), "reader").start();
      worker.say("go");
    }
    return all.rate.get();
  }

  private void read(ChildProcess worker) {
    try {
      while (!rate.isDone()) {
        done(Long.parseLong(worker.line()));
      }
    } catch (IOException ended) {
      rate.completeExceptionally(ended); // too late when all is done
    }
  }

  private synchronized void done(long more) {
    done += more;
    if (warmDone == 0 && done >= jobs / WARM_UP_PART) {
      warmDone = done;
      warmAtNanos = System.nanoTime();
    }
    if (done >= jobs) {
      rate.complete((done - warmDone) * 1e9 / (System.nanoTime() - warmAtNanos));
    }
  }
}
