package dev.holdfast.benchmarks.load;

import dev.holdfast.Holdfast;
import dev.holdfast.JobId;
import dev.holdfast.NewJob;
import dev.holdfast.NodeConfig;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** From the call of enqueue on an idle queue to the begin of the handler, in milliseconds. */
public final class Latencies {
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private Latencies() {}

  /** One job from its enqueueing to its start. */
  public interface Sample {
    /** Enqueues and answers when the handler began, by {@code System.nanoTime}. */
    long startedAtNanos() throws Exception;
  }

  /** Samples with a pause before each, after a quarter more that do not count. */
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

  /** The handler runs on a node of the same process. */
  public static double[] sameProcess(String address, int samples) throws Exception {
    try (Holdfast holdfast = Holdfast.open(address)) {
      holdfast.handle("stamp", Object.class, (payload, job) -> System.nanoTime());
      holdfast.start(NodeConfig.defaults().concurrency(4));
      return sample(samples, () -> stamp(holdfast));
    }
  }

  /** The handler runs in another JVM; both read the same monotonic clock of the system. */
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
