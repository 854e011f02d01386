package dev.holdfast.benchmarks.load;

import dev.holdfast.Holdfast;
import dev.holdfast.spi.Claimed;
import java.util.List;
import java.util.stream.DoubleStream;

/** How long transactions take on the bare store of an address, in milliseconds, ascending. */
public final class Exchanges {
  /** How many jobs each of {@link #millis} completes and claims. */
  public static final int JOBS = 100;

  private Exchanges() {}

  /**
   * Of transactions that complete a hundred jobs and claim as many, after so many were enqueued by
   * the public API.
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

  /** Of claims alone; the jobs are enqueued before, and each claim's completed after it. */
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
