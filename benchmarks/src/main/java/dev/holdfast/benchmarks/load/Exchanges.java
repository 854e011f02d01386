package dev.holdfast.benchmarks.load;

import dev.holdfast.Holdfast;
import dev.holdfast.spi.Claimed;
import java.util.List;
import java.util.stream.DoubleStream;

/** Measures transactions on the bare store of an address, in milliseconds, ascending. */
public final class Exchanges {
  /** The number of jobs that each transaction of {@link #millis} completes and claims. */
  public static final int JOBS = 100;

  private Exchanges() {}

  /**
   * Measures transactions that complete a hundred jobs and claim as many, after {@code enqueued}
   * were enqueued through the public API.
   */
  public static double[] millis(String address, int enqueued, int transactions) {
    load(address, enqueued);
    DoubleStream.Builder millis = DoubleStream.builder();
    try (BareNode node = new BareNode(address, List.of(), HoldfastLoad.TYPE)) {
      List<Claimed> last = List.of();
      for (int i = 0; i < transactions; i++) {
        long start = System.nanoTime();
        last = node.exchange(last, JOBS);
        millis.add((System.nanoTime() - start) / 1e6);
        Counted.check(JOBS, last.size());
      }
      node.complete(last);
    }
    return Figures.sorted(millis.build().toArray());
  }

  /** Measures only claims; the jobs are enqueued before, and completed after each claim. */
  public static double[] claims(String address, int claims, int jobs) {
    load(address, claims * jobs);
    DoubleStream.Builder millis = DoubleStream.builder();
    try (BareNode node = new BareNode(address, List.of(), HoldfastLoad.TYPE)) {
      for (int i = 0; i < claims; i++) {
        long start = System.nanoTime();
        List<Claimed> claimed = node.exchange(List.of(), jobs);
        millis.add((System.nanoTime() - start) / 1e6);
        Counted.check(jobs, claimed.size());
        node.complete(claimed);
      }
    }
    return Figures.sorted(millis.build().toArray());
  }

  private static void load(String address, int jobs) {
    try (Holdfast holdfast = Holdfast.open(address)) {
      HoldfastLoad.load(holdfast, jobs);
    }
  }
}
