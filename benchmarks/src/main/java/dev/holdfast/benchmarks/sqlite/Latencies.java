package dev.holdfast.benchmarks.sqlite;

import dev.holdfast.Holdfast;
import dev.holdfast.JobId;
import dev.holdfast.NewJob;
import dev.holdfast.NodeConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** From the call of enqueue on an idle queue to the begin of the handler, in milliseconds. */
final class Latencies {
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private Latencies() {}

  /** The floor: one commit that inserts, one that claims. */
  static double[] raw(Path file, int samples) throws SQLException {
    double[] millis = new double[samples];
    try (RawSqlite raw = new RawSqlite(file)) {
      for (int i = 0; i < samples; i++) {
        LockSupport.parkNanos(PAUSE_NANOS);
        long start = System.nanoTime();
        raw.begin();
        raw.insert(1);
        raw.commit();
        raw.begin();
        raw.claim(1);
        raw.commit();
        millis[i] = (System.nanoTime() - start) / 1e6;
      }
    }
    return sorted(millis);
  }

  static double[] sameProcess(Path file, int samples) throws Exception {
    try (Holdfast holdfast = Holdfast.open(file.toString())) {
      holdfast.handle("stamp", Object.class, (payload, job) -> System.nanoTime());
      holdfast.start(NodeConfig.defaults().concurrency(4));
      return sample(holdfast, samples);
    }
  }

  /** The handler runs in another JVM; both read the same monotonic clock of the system. */
  static double[] otherProcess(Path file, int samples) throws Exception {
    Process worker =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElse("java"),
                "-cp",
                System.getProperty("java.class.path"),
                StampWorker.class.getName(),
                file.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (Holdfast holdfast = Holdfast.open(file.toString())) {
      if (worker.getInputStream().read() < 0) {
        throw new IOException("the worker did not start");
      }
      return sample(holdfast, samples);
    } finally {
      worker.getOutputStream().close(); // the worker's sign to end
      worker.waitFor();
    }
  }

  private static double[] sample(Holdfast holdfast, int samples) throws Exception {
    double[] millis = new double[samples];
    int warmUp = samples / 4;
    for (int i = -warmUp; i < samples; i++) {
      LockSupport.parkNanos(PAUSE_NANOS);
      long start = System.nanoTime();
      JobId id = holdfast.enqueue(NewJob.of("stamp", i)).id();
      String stamp = holdfast.await(id, Duration.ofSeconds(60)).get().result().orElseThrow();
      if (i >= 0) {
        millis[i] = (Long.parseLong(stamp) - start) / 1e6;
      }
    }
    return sorted(millis);
  }

  private static double[] sorted(double[] millis) {
    Arrays.sort(millis);
    return millis;
  }

  static double percentile(double[] sorted, double part) {
    return sorted[(int) Math.min(sorted.length - 1L, Math.round(part * sorted.length))];
  }
}
