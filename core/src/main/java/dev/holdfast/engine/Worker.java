package dev.holdfast.engine;

import dev.holdfast.spi.Acknowledgement;
import dev.holdfast.spi.Claim;
import dev.holdfast.spi.Duty;
import dev.holdfast.spi.EngineListener.Operation;
import dev.holdfast.spi.Exchange;
import dev.holdfast.spi.Transition;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Claims jobs and acknowledges them: each turn does both in one transaction. Acknowledgements that
 * arrive during a turn go with the next one, which follows at once; so a batch is as large as the
 * store is slow.
 *
 * <p>It claims as much as the {@link ClaimPlanner} says, and gives back what waited too long.
 */
final class Worker implements Duty {
  /** Claimed jobs that waited this long are given back for other nodes. */
  static final Duration WAITING_MAX = Duration.ofSeconds(1);

  private final NodeServices services;
  private final ClaimPlanner planner;
  private final Slots slots;
  private final Acknowledgements acknowledgements;
  private final Reconciliation reconciliation;
  private final Settlement settlement;
  private final Queue<CompletableFuture<@Nullable Void>> flushes = new ConcurrentLinkedQueue<>();
  private final Queue<CompletableFuture<@Nullable Void>> stops = new ConcurrentLinkedQueue<>();

  Worker(
      NodeServices services,
      ClaimPlanner planner,
      Slots slots,
      Acknowledgements acknowledgements,
      Reconciliation reconciliation,
      Settlement settlement) {
    this.services = services;
    this.planner = planner;
    this.slots = slots;
    this.acknowledgements = acknowledgements;
    this.reconciliation = reconciliation;
    this.settlement = settlement;
  }

  @Override
  public Duration run() {
    try {
      return turn();
    } finally {
      complete(stops);
    }
  }

  private Duration turn() {
    reconciliation.runIfDue();
    giveBack(planner.isClaiming() ? WAITING_MAX : Duration.ZERO);
    List<Acknowledgement> ends = acknowledgements.take();
    Claim claim = planner.next(ends.stream().filter(Worker::ran).count());
    List<Acknowledgement> again = acknowledgements.takeAside();
    if (!again.isEmpty()) {
      ends = Stream.concat(ends.stream(), again.stream()).toList();
    }
    if (ends.isEmpty() && claim.limit() == 0 && claim.ahead() == 0) {
      completeFlushes();
      return untilNextLook();
    }
    int gaps = planner.gaps(); // before the claim: it may be answered after the lease was lost
    Exchange exchange = exchange(ends, claim);
    slots.start(exchange.claimed().stream().map(job -> new Attempt(job, gaps, services)).toList());
    completeFlushes();
    return exchange.claimed().size() < claim.limit() || claim.limit() == 0
        ? earlier(untilNextLook(), exchange.again())
        : Duration.ZERO;
  }

  private static Duration earlier(Duration one, Optional<Duration> other) {
    return other.filter(known -> known.compareTo(one) < 0).orElse(one);
  }

  /** Returns whether it ends an attempt that had begun, rather than giving back a lease. */
  private static boolean ran(Acknowledgement end) {
    return !(end.transition() instanceof Transition.Release back && back.why().isEmpty());
  }

  private void completeFlushes() {
    if (acknowledgements.isEmpty()) {
      complete(flushes);
    }
  }

  private static void complete(Queue<CompletableFuture<@Nullable Void>> futures) {
    for (CompletableFuture<@Nullable Void> future; (future = futures.poll()) != null; ) {
      future.complete(null);
    }
  }

  /** Completes, after the next turn at the earliest, when all that has ended is durable. */
  CompletableFuture<@Nullable Void> flushed() {
    CompletableFuture<@Nullable Void> flush = new CompletableFuture<>();
    flushes.add(flush);
    return flush;
  }

  private Exchange exchange(List<Acknowledgement> ends, Claim wanted) {
    Exchange exchange;
    long began = services.time().ticks();
    try {
      exchange = services.store().exchange(ends, wanted);
    } catch (RuntimeException | Error unknown) {
      acknowledgements.putBack();
      reconciliation.reconcileSoon(); // the claim may have happened
      throw unknown;
    } finally {
      Duration took = Duration.ofNanos(services.time().ticks() - began);
      services.handlers().listener().transaction(Operation.EXCHANGE, took);
    }
    settlement.settle(ends, exchange);
    return exchange;
  }

  private Duration untilNextLook() {
    Duration look = slots.hasWaiting() ? WAITING_MAX : untilPoll();
    return earlier(look, acknowledgements.untilAside());
  }

  private Duration untilPoll() {
    return reconciliation.isUnsettled() ? Reconciliation.UNSETTLED_INTERVAL : planner.untilPoll();
  }

  /** Gives back jobs that have waited too long for a slot or a shared permit. */
  private void giveBack(Duration patience) {
    for (Attempt attempt : slots.takeWaiting(patience)) {
      acknowledgements.submit(Acknowledgement.unbegun(attempt.lease()));
    }
  }

  /**
   * Takes no more jobs and gives back what waits; what has ended is still acknowledged.
   *
   * @return completes when no claim is under way any more
   */
  CompletableFuture<@Nullable Void> stopClaiming() {
    planner.claiming(false);
    CompletableFuture<@Nullable Void> stop = new CompletableFuture<>();
    stops.add(stop);
    return stop;
  }

  /** Takes jobs again. */
  void startClaiming() {
    planner.claiming(true);
  }
}
