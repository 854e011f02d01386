package dev.holdfast.benchmarks.load;

import dev.holdfast.Holdfast;
import dev.holdfast.JobId;
import dev.holdfast.NewJob;
import dev.holdfast.NodeConfig;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Measures from the call of enqueue on an idle queue to the start of the handler, in milliseconds.
 */
public final class Latencies {
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private Latencies() {}

  /** One job, from its enqueue to its start. */
  public interface Sample {
    /** Enqueues and returns when the handler began, by {@code System.nanoTime}. */
    long startedAtNanos() throws Exception;
  }

  /** Takes samples with a pause before each, after a warm-up of a quarter more. */
  public static double[] sample(int samples, Sample sample) throws Exception {
    double[] millis = new double[samples];
    for (int i = -(samples / 4); i < samples; i++) {
      LockSupport.parkNanos(PAUSE_NANOS);
      long start = System.nanoTime();
      long started = sample.startedAtNanos();
      if (i >= 0) {
        millis[i] = (started - start) / 1e6;
      }
    }
    return Figures.sorted(millis);
  }

  /** Measures with the handler on a node of the same process. */
  public static double[] sameProcess(String address, int samples) throws Exception {
    try (Holdfast holdfast = Holdfast.open(address)) {
      holdfast.handle("stamp", Object.class, (payload, job) -> System.nanoTime());
      holdfast.start(NodeConfig.defaults().concurrency(4));
      return sample(samples, () -> stamp(holdfast));
    }
  }

  /** Measures with the handler in another JVM; both read the same monotonic clock of the system. */
  public static double[] otherProcess(String address, int samples) throws Exception {
    try (ChildProcess worker = ChildProcess.java(StampWorker.class, address);
        Holdfast holdfast = Holdfast.open(address)) {
      worker.await("ready");
      return sample(samples, () -> stamp(holdfast));
    }
  }

  private static long stamp(Holdfast holdfast) throws Exception {
    JobId id = holdfast.enqueue(NewJob.of("stamp", "")).id();
    String stamp = holdfast.await(id, Duration.ofSeconds(60)).get().result().orElseThrow();
    return Long.parseLong(stamp);
  }
}
