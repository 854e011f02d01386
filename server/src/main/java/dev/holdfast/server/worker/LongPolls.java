package dev.holdfast.server.worker;

import dev.holdfast.NodeId;
import dev.holdfast.spi.Acknowledgement;
import dev.holdfast.spi.Claim;
import dev.holdfast.spi.Duty;
import dev.holdfast.spi.Exchange;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.TimeSource;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Long-polling claims, first come, first served. They block no thread: whenever there may be work,
 * the duty claims once for each kind of worker.
 *
 * <p>A claim that found nothing goes behind the others: its own node may be the reason, as one that
 * runs a job on its last chance takes no other.
 */
final class LongPolls implements Duty {
  /**
   * The poll interval: signals may be lost, and a rate limit may allow the next start without one.
   */
  private static final Duration LOOK = Duration.ofSeconds(1);

  /** The poll interval while claims of the same kind wait for their turn. */
  private static final Duration NEXT_OF_KIND = Duration.ofMillis(250);

  private static final Exchange NOTHING = new Exchange(List.of(), List.of());

  private final JobStore store;
  private final TimeSource time;
  private final Queue<Waiting> waiting = new ConcurrentLinkedQueue<>();
  private volatile boolean isHeld;
  private volatile boolean isClosed;

  private record Waiting(Claim claim, long untilTicks, CompletableFuture<Exchange> answer) {
    private Demand demand() {
      return new Demand(claim.queues(), claim.types(), claim.capabilities());
    }
  }

  /** The properties of a claim that determine the jobs it can take. */
  private record Demand(List<String> queues, Set<String> types, Map<String, Object> can) {}

  LongPolls(JobStore store, TimeSource time) {
    this.store = store;
    this.time = time;
  }

  /**
   * Adds a claim that waits at most this long. It claims nothing after that, or once the caller has
   * completed or cancelled the future. After {@link #close} there is nothing to wait for.
   */
  CompletableFuture<Exchange> join(Claim claim, Duration patience) {
    CompletableFuture<Exchange> answer = new CompletableFuture<>();
    waiting.add(new Waiting(claim, time.ticks() + patience.toNanos(), answer));
    if (isClosed) { // and may have completed all others before this one was added
      answer.complete(NOTHING);
    }
    return answer;
  }

  @Override
  public Duration run() {
    Set<Demand> unmet = new HashSet<>();
    Duration next = WHEN_WOKEN;
    for (Waiting one : List.copyOf(waiting)) {
      boolean isBehind = unmet.contains(one.demand());
      if (one.answer.isDone() || isAnswered(one, unmet)) {
        waiting.remove(one);
        continue;
      }
      if (!isBehind && waiting.remove(one)) {
        waiting.add(one);
      }
      long left = Math.max(0, one.untilTicks - time.ticks());
      next = min(next, min(isBehind ? NEXT_OF_KIND : LOOK, Duration.ofNanos(left)));
    }
    return next;
  }

  private static Duration min(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private boolean isAnswered(Waiting one, Set<Demand> unmet) {
    Demand demand = one.demand();
    try {
      Exchange exchange =
          isHeld || unmet.contains(demand) ? NOTHING : store.exchange(List.of(), one.claim);
      if (!exchange.claimed().isEmpty() || time.ticks() - one.untilTicks >= 0) {
        if (!one.answer.complete(exchange)) {
          giveBack(exchange); // the caller has gone meanwhile
        }
        return true;
      }
      unmet.add(demand);
      return false;
    } catch (RuntimeException | Error failure) {
      one.answer.completeExceptionally(failure);
      return true;
    }
  }

  private void giveBack(Exchange exchange) {
    List<Acknowledgement> unbegun =
        exchange.claimed().stream().map(job -> Acknowledgement.unbegun(job.lease())).toList();
    if (!unbegun.isEmpty()) {
      NodeId node = unbegun.get(0).lease().node();
      var unused = store.exchange(unbegun, new Claim(node, List.of(), Set.of(), 0));
    }
  }

  /** Stops claiming; waiting claims keep waiting. */
  void hold() {
    isHeld = true;
  }

  boolean isHeld() {
    return isHeld;
  }

  /** Completes all waiting claims without jobs, and all later ones. */
  void close() {
    isClosed = true;
    waiting.forEach(one -> one.answer.complete(NOTHING));
  }
}
