package dev.holdfast.benchmarks.load;

import dev.holdfast.Holdfast;
import dev.holdfast.Lease;
import dev.holdfast.Transition;
import dev.holdfast.engine.Platform;
import dev.holdfast.engine.SystemTime;
import dev.holdfast.engine.ThisProcess;
import dev.holdfast.spi.Acknowledgement;
import dev.holdfast.spi.Claim;
import dev.holdfast.spi.Claimed;
import dev.holdfast.spi.Exchange;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.NodeInfo;
import dev.holdfast.spi.Notes;
import dev.holdfast.spi.Presence;
import dev.holdfast.spi.Serves;
import dev.holdfast.spi.StoreProvider;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.stream.DoubleStream;

/** Transactions that complete a hundred jobs and claim as many, on the bare store of an address. */
public final class Exchanges {
  /** How many jobs each completes and claims. */
  public static final int JOBS = 100;

  private Exchanges() {}

  /** Milliseconds of each, ascending, after so many jobs were enqueued by the public API. */
  public static double[] millis(String address, int enqueued, int transactions) {
    try (Holdfast holdfast = Holdfast.open(address)) {
      HoldfastLoad.load(holdfast, enqueued);
    }
    try (JobStore store = open(address)) {
      NodeInfo node = ThisProcess.newNode("exchanges");
      Serves serves = new Serves(List.of(), Map.of(), JOBS);
      try (Presence presence = store.register(node, serves, Duration.ofMinutes(10))) {
        return time(store, node, transactions);
      } finally {
        store.bury(node.id());
      }
    }
  }

  private static JobStore open(String address) {
    StoreProvider.Surroundings surroundings =
        new StoreProvider.Surroundings(
            new SystemTime(), Platform.storeThreads(), ThisProcess.newNode("exchanges"));
    return ServiceLoader.load(StoreProvider.class).stream()
        .map(ServiceLoader.Provider::get)
        .flatMap(
            provider ->
                provider.open(address, StoreProvider.OpenMode.CREATE, surroundings).stream())
        .findFirst()
        .orElseThrow();
  }

  private static double[] time(JobStore store, NodeInfo node, int transactions) {
    Claim claim = new Claim(node.id(), List.of(), Set.of(HoldfastLoad.TYPE), JOBS);
    DoubleStream.Builder millis = DoubleStream.builder();
    List<Acknowledgement> ends = List.of();
    for (int i = 0; i < transactions; i++) {
      long start = System.nanoTime();
      Exchange exchange = store.exchange(ends, claim);
      millis.add((System.nanoTime() - start) / 1e6);
      ends = exchange.claimed().stream().map(Exchanges::completed).toList();
      Counted.check(JOBS, ends.size());
    }
    store.exchange(ends, new Claim(node.id(), List.of(), Set.of(), JOBS));
    return Figures.sorted(millis.build().toArray());
  }

  private static Acknowledgement completed(Claimed job) {
    Lease lease = job.lease();
    Transition done = new Transition.Complete(Optional.empty());
    return new Acknowledgement(lease, done, Duration.ZERO, Notes.none(lease));
  }
}
