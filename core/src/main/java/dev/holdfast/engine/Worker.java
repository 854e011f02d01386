package dev.holdfast.engine;

import dev.holdfast.JobId;
import dev.holdfast.Lease;
import dev.holdfast.Limits;
import dev.holdfast.Transition;
import dev.holdfast.Vitals.Counter;
import dev.holdfast.spi.Acknowledgement;
import dev.holdfast.spi.Claim;
import dev.holdfast.spi.Duty;
import dev.holdfast.spi.Exchange;
import dev.holdfast.spi.JobStore;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Claims jobs and acknowledges them: each turn does both in one transaction. Acknowledgements that
 * arrive during a turn go with the next one, which follows at once; so a batch is as large as the
 * store is slow.
 *
 * <p>It claims ahead of free slots only as far as the {@link Pace} allows, and gives back what
 * waited too long.
 */
final class Worker implements Duty {
  private static final Logger log = LoggerFactory.getLogger(Worker.class);

  /** After this long in line, claimed jobs go back for other nodes to take. */
  static final Duration WAITING_MAX = Duration.ofSeconds(1);

  private static final double POLL_JITTER = 0.2;

  /** Without an error that calls for it; a database may have gone back to an older state. */
  private static final Duration RECONCILE_INTERVAL = Duration.ofMinutes(1);

  /** It may walk over all that this node ever ran; it takes a hundredth of the time at most. */
  private static final int RECONCILE_REST = 100;

  private final JobStore store;
  private final Claim claim;
  private final Duration pollInterval;
  private final Slots slots;
  private final Acknowledgements acknowledgements;
  private final LeaseTrust trust;
  private final Attempt.Surroundings surroundings;
  private final Counts counts;
  private final BiConsumer<List<Acknowledgement>, List<Lease>> onAcknowledged;
  private final Runnable onStopped;
  private volatile boolean claiming = true;
  private volatile boolean mustReconcile;
  private volatile boolean mustCheck;
  private final Queue<CompletableFuture<@Nullable Void>> flushes = new ConcurrentLinkedQueue<>();
  private final Queue<CompletableFuture<@Nullable Void>> stops = new ConcurrentLinkedQueue<>();
  private final Pace pace; // the duty only, as the next
  private final Pace linePace;
  private long reconcileAt;

  /**
   * @param claim whose limit is set at each turn
   * @param onAcknowledged told of acknowledgements after they are durable, and which were stale
   * @param onStopped told when attempts were told to end
   */
  Worker(
      JobStore store,
      Claim claim,
      Duration pollInterval,
      Slots slots,
      Acknowledgements acknowledgements,
      LeaseTrust trust,
      Attempt.Surroundings surroundings,
      Counts counts,
      BiConsumer<List<Acknowledgement>, List<Lease>> onAcknowledged,
      Runnable onStopped) {
    this.store = store;
    this.claim = claim;
    this.pollInterval = pollInterval;
    this.slots = slots;
    this.acknowledgements = acknowledgements;
    this.trust = trust;
    this.surroundings = surroundings;
    this.counts = counts;
    this.onAcknowledged = onAcknowledged;
    this.onStopped = onStopped;
    this.pace = new Pace(surroundings.time());
    this.linePace = new Pace(surroundings.time());
    this.reconcileAt = surroundings.time().ticks() + RECONCILE_INTERVAL.toNanos();
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
    if (mustReconcile || (mustCheck && surroundings.time().ticks() - reconcileAt >= 0)) {
      reconcile();
    } else if (mustCheck) {
      check();
    }
    giveBack(claiming ? WAITING_MAX : Duration.ZERO);
    List<Acknowledgement> ends = acknowledgements.take();
    pace.ended((int) ends.stream().filter(Worker::ran).count());
    linePace.ended(slots.takeEndedInLine());
    boolean mayClaim = claiming && trust.holds();
    int limit = mayClaim ? Math.min(slots.room(pace), Limits.CLAIM_BATCH_MAX) : 0;
    int inLine = mayClaim ? Math.min(slots.roomInLine(linePace), Limits.CLAIM_BATCH_MAX) : 0;
    if (ends.isEmpty() && limit == 0 && inLine == 0) {
      completeFlushes();
      return untilNextLook();
    }
    Exchange exchange = exchange(ends, claim.limit(limit, slots.free()).ahead(inLine));
    slots.start(exchange.claimed().stream().map(job -> new Attempt(job, surroundings)).toList());
    completeFlushes();
    return exchange.claimed().size() < limit || limit == 0
        ? earlier(untilNextLook(), exchange.again())
        : Duration.ZERO;
  }

  private static Duration earlier(Duration one, Optional<Duration> other) {
    return other.filter(known -> known.compareTo(one) < 0).orElse(one);
  }

  /** Whether it is the end of an attempt that had begun, not a lease given back. */
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
    try {
      exchange = store.exchange(ends, wanted);
    } catch (RuntimeException | Error unknown) {
      acknowledgements.putBack();
      mustReconcile = true; // the claim may have happened
      throw unknown;
    }
    acknowledgements.settled();
    exchange.stale().forEach(this::reportStale);
    counts.add(Counter.STALE, exchange.stale().size());
    counts.add(Counter.ACKNOWLEDGED, ends.size() - exchange.stale().size());
    if (!ends.isEmpty()) {
      onAcknowledged.accept(ends, exchange.stale());
    }
    return exchange;
  }

  private void reportStale(Lease lease) {
    log.atWarn()
        .addKeyValue("job", lease.job())
        .addKeyValue("attempt", lease.attempt())
        .addKeyValue("token", lease.token())
        .log("The lease had ended; the attempt's result was discarded.");
  }

  private Duration untilNextLook() {
    if (slots.hasWaiting()) {
      return WAITING_MAX;
    }
    double factor = 1 + POLL_JITTER * (2 * surroundings.random().nextDouble() - 1);
    return Duration.ofNanos(Math.round(pollInterval.toNanos() * factor));
  }

  /** Returns jobs that wait here for a slot and whose line does not move. */
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
    claiming = false;
    CompletableFuture<@Nullable Void> stop = new CompletableFuture<>();
    stops.add(stop);
    return stop;
  }

  /** Takes jobs again. */
  void startClaiming() {
    claiming = true;
  }

  /** Looks, at the next turn, whether the store still says that this node holds what is here. */
  void checkSoon() {
    mustCheck = true;
  }

  /**
   * A lease that only the store knows came from a claim whose answer was lost: it is released. A
   * lease that only this node knows was taken from it: its handler is stopped.
   */
  private void reconcile() {
    long began = surroundings.time().ticks();
    List<Lease> held = store.held(claim.node());
    long took = surroundings.time().ticks() - began;
    reconcileAt = began + Math.max(RECONCILE_INTERVAL.toNanos(), RECONCILE_REST * took);
    mustReconcile = false;
    mustCheck = false;
    Set<Lease> here = new HashSet<>();
    slots.all().forEach(attempt -> here.add(attempt.lease()));
    here.addAll(acknowledgements.leases());
    for (Lease lease : held) {
      if (!here.contains(lease)) {
        acknowledgements.submit(Acknowledgement.unbegun(lease));
      }
    }
    stopUnlessHeld(Set.copyOf(held));
  }

  /** A lease that was taken from this node stops its handler. */
  private void check() {
    List<JobId> here = slots.all().stream().map(attempt -> attempt.lease().job()).toList();
    mustCheck = false;
    if (!here.isEmpty()) {
      stopUnlessHeld(Set.copyOf(store.held(claim.node(), here)));
    }
  }

  private void stopUnlessHeld(Set<Lease> inStore) {
    for (Attempt attempt : slots.all()) {
      if (!inStore.contains(attempt.lease()) && !attempt.isCompletedInTransaction()) {
        attempt.stop(Stop.REVOKED);
        onStopped.run();
      }
    }
  }
}
