package dev.holdfast.benchmarks.load;

import dev.holdfast.engine.ThisProcess;
import dev.holdfast.engine.runtime.Platform;
import dev.holdfast.spi.Acknowledgement;
import dev.holdfast.spi.Claim;
import dev.holdfast.spi.Claimed;
import dev.holdfast.spi.HandlerOutput;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.Lease;
import dev.holdfast.spi.NodeInfo;
import dev.holdfast.spi.Presence;
import dev.holdfast.spi.ServedWork;
import dev.holdfast.spi.StoreProvider;
import dev.holdfast.spi.SystemTime;
import dev.holdfast.spi.Transition;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.function.Function;

/** A node without an engine, which claims from the bare store of an address on request. */
public final class BareNode implements AutoCloseable {
  private static final Duration LEASE = Duration.ofMinutes(10); // no heartbeat renews it

  private final JobStore store;
  private final NodeInfo node = ThisProcess.newNode("bare");
  private final Presence presence;
  private final List<String> queues;
  private final Set<String> types;

  /**
   * Registers a node.
   *
   * @param queues the queues to claim from, in turns; empty for all
   * @param types the types of jobs to claim
   */
  public BareNode(String address, List<String> queues, String... types) {
    this.queues = queues;
    this.types = Set.of(types);
    this.store = open(address);
    this.presence = registered(store, node, new ServedWork(queues, Map.of(), 1));
  }

  private static Presence registered(JobStore store, NodeInfo node, ServedWork serves) {
    try {
      return store.nodes().register(node, serves, LEASE);
    } catch (RuntimeException failure) {
      store.close();
      throw failure;
    }
  }

  private static JobStore open(String address) {
    StoreProvider.Surroundings surroundings =
        new StoreProvider.Surroundings(
            new SystemTime(), Platform.storeThreads(), ThisProcess.newNode("bare"));
    return ServiceLoader.load(StoreProvider.class).stream()
        .map(ServiceLoader.Provider::get)
        .flatMap(
            provider ->
                provider.open(address, StoreProvider.OpenMode.EXISTING, surroundings).stream())
        .findFirst()
        .orElseThrow();
  }

  /** Completes jobs and claims at most {@code most}, in one transaction. */
  public List<Claimed> exchange(List<Claimed> done, int most) {
    return exchange(done, BareNode::complete, most);
  }

  /** Ends jobs, each in its way, and claims at most {@code most}, in one transaction. */
  public List<Claimed> exchange(List<Claimed> done, Function<Claimed, Transition> end, int most) {
    return exchange(done, end, types, most);
  }

  /** Completes jobs. */
  public void complete(List<Claimed> done) {
    exchange(done, BareNode::complete, Set.of(), 1);
  }

  private List<Claimed> exchange(
      List<Claimed> done, Function<Claimed, Transition> end, Set<String> wanted, int most) {
    List<Acknowledgement> ends = done.stream().map(job -> ended(job, end.apply(job))).toList();
    return store.exchange(ends, new Claim(node.id(), queues, wanted, most)).claimed();
  }

  private static Transition complete(Claimed job) {
    return new Transition.Complete(Optional.empty());
  }

  private static Acknowledgement ended(Claimed job, Transition end) {
    Lease lease = job.lease();
    return new Acknowledgement(lease, end, Duration.ZERO, HandlerOutput.none(lease));
  }

  @Override
  public void close() {
    presence.close();
    store.nodes().deregister(node.id());
    store.close();
  }
}
