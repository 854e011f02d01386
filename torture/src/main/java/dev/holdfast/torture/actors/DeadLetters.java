package dev.holdfast.torture.actors;

import dev.holdfast.Enqueued;
import dev.holdfast.Failure;
import dev.holdfast.Holdfast;
import dev.holdfast.JobId;
import dev.holdfast.NewJob;
import dev.holdfast.engine.ThisProcess;
import dev.holdfast.spi.Acknowledgement;
import dev.holdfast.spi.Claim;
import dev.holdfast.spi.Claimed;
import dev.holdfast.spi.HandlerOutput;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.NodeInfo;
import dev.holdfast.spi.Presence;
import dev.holdfast.spi.ServedWork;
import dev.holdfast.spi.Transition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Makes jobs that have failed, by a node without an engine. */
public final class DeadLetters {
  private static final int BATCH = 1_000;
  private static final Duration LEASE = Duration.ofMinutes(10);
  private static final Transition FAIL =
      new Transition.Fail(Failure.of(Failure.Kind.ERROR, "as it was made to"));

  private DeadLetters() {}

  /**
   * Enqueues jobs and lets them fail.
   *
   * @return their ids
   */
  public static List<JobId> make(Holdfast holdfast, NewJob like, int jobs) {
    JobStore store = holdfast.embedding().store();
    NodeInfo node = ThisProcess.newNode("maker");
    List<JobId> ids = new ArrayList<>();
    try (Presence unused =
        store.nodes().register(node, new ServedWork(List.of(), Map.of(), 1), LEASE)) {
      while (ids.size() < jobs) {
        int some = Math.min(BATCH, jobs - ids.size());
        holdfast.queue().enqueue(Collections.nCopies(some, like)).stream()
            .map(Enqueued::id)
            .forEach(ids::add);
        fail(store, node, like.type());
      }
      store.nodes().deregister(node.id());
    }
    return ids;
  }

  private static void fail(JobStore store, NodeInfo node, String type) {
    Claim claim = new Claim(node.id(), List.of(), Set.of(type), BATCH);
    List<Claimed> held = store.exchange(List.of(), claim).claimed();
    while (!held.isEmpty()) {
      List<Acknowledgement> ends = held.stream().map(DeadLetters::failed).toList();
      held = store.exchange(ends, claim).claimed();
    }
  }

  private static Acknowledgement failed(Claimed job) {
    return new Acknowledgement(job.lease(), FAIL, Duration.ZERO, HandlerOutput.none(job.lease()));
  }
}
