package dev.holdfast.server.worker;

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
 * Claims that wait for work, first come, first served. No thread waits with them: whenever there
 * may be work, the duty asks for each kind of worker once.
 */
final class ClaimLine implements Duty {
  /** Signals are hints and may be lost; a rate may allow the next start without one. */
  private static final Duration LOOK = Duration.ofSeconds(1);

  private static final Exchange NOTHING = new Exchange(List.of(), List.of());

  private final JobStore store;
  private final TimeSource time;
  private final Queue<Waiting> waiting = new ConcurrentLinkedQueue<>();
  private volatile boolean isHeld;

  private record Waiting(Claim claim, long untilTicks, CompletableFuture<Exchange> answer) {}

  /** What decides whether there is something for a claim. */
  private record Demand(List<String> queues, Set<String> types, Map<String, Object> can) {}

  ClaimLine(JobStore store, TimeSource time) {
    this.store = store;
    this.time = time;
  }

  /** Lets a claim wait for at most so long; then nothing is claimed. */
  CompletableFuture<Exchange> join(Claim claim, Duration patience) {
    CompletableFuture<Exchange> answer = new CompletableFuture<>();
    waiting.add(new Waiting(claim, time.ticks() + patience.toNanos(), answer));
    return answer;
  }

  @Override
  public Duration run() {
    Set<Demand> unmet = new HashSet<>();
    Duration next = WHEN_WOKEN;
    for (Waiting one : List.copyOf(waiting)) {
      if (one.answer.isDone() || isAnswered(one, unmet)) {
        waiting.remove(one);
      } else {
        long left = Math.max(0, one.untilTicks - time.ticks());
        next = min(next, min(LOOK, Duration.ofNanos(left)));
      }
    }
    return next;
  }

  private static Duration min(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private boolean isAnswered(Waiting one, Set<Demand> unmet) {
    Claim claim = one.claim;
    Demand demand = new Demand(claim.queues(), claim.types(), claim.capabilities());
    try {
      Exchange exchange =
          isHeld || unmet.contains(demand) ? NOTHING : store.exchange(List.of(), claim);
      if (!exchange.claimed().isEmpty() || time.ticks() - one.untilTicks >= 0) {
        one.answer.complete(exchange);
        return true;
      }
      unmet.add(demand);
      return false;
    } catch (RuntimeException | Error failure) {
      one.answer.completeExceptionally(failure);
      return true;
    }
  }

  /** From now on nothing is claimed; whoever waits goes on waiting. */
  void hold() {
    isHeld = true;
  }

  boolean isHeld() {
    return isHeld;
  }

  /** Answers all that wait with nothing. */
  void close() {
    waiting.forEach(one -> one.answer.complete(NOTHING));
  }
}
