package dev.holdfast.engine;

import dev.holdfast.HoldfastException;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.Lease;
import dev.holdfast.Limits;
import dev.holdfast.Transition;
import dev.holdfast.Vitals.Counter;
import dev.holdfast.spi.Acknowledgement;
import dev.holdfast.spi.Claim;
import dev.holdfast.spi.Duty;
import dev.holdfast.spi.EngineListener.Operation;
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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

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

  /** Claimed jobs that waited this long are given back for other nodes. */
  static final Duration WAITING_MAX = Duration.ofSeconds(1);

  /** Maximum number of discarded results per turn whose cause is looked up for the log. */
  private static final int LOOKED_UP_MAX = 10;

  /** Interval without an error; a database may have been restored to an older state. */
  private static final Duration RECONCILE_INTERVAL = Duration.ofMinutes(1);

  /** Interval while a claim of unknown outcome may still be committed. */
  private static final Duration UNSETTLED_INTERVAL = Duration.ofSeconds(1);

  /** It may read all that this node ever ran; it takes at most a hundredth of the time. */
  private static final int RECONCILE_REST = 100;

  private static final int UNSETTLED_REST = 10; // times as long as the look took

  private final JobStore store;
  private final Claim claim;
  private final PollInterval poll;
  private final Slots slots;
  private final Acknowledgements acknowledgements;
  private final LeaseTrust trust;
  private final NodeServices services;
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
  private boolean isUnsettled; // the duty only, as the next
  private long lookAgainAt;

  /**
   * @param claim whose limit is set at each turn
   * @param onAcknowledged called with acknowledgements after they are durable, and with stale ones
   * @param onStopped called when attempts were asked to stop
   */
  Worker(
      JobStore store,
      Claim claim,
      PollInterval poll,
      Slots slots,
      Acknowledgements acknowledgements,
      LeaseTrust trust,
      NodeServices services,
      Counts counts,
      BiConsumer<List<Acknowledgement>, List<Lease>> onAcknowledged,
      Runnable onStopped) {
    this.store = store;
    this.claim = claim;
    this.poll = poll;
    this.slots = slots;
    this.acknowledgements = acknowledgements;
    this.trust = trust;
    this.services = services;
    this.counts = counts;
    this.onAcknowledged = onAcknowledged;
    this.onStopped = onStopped;
    this.pace = new Pace(services.time());
    this.linePace = new Pace(services.time());
    this.reconcileAt = services.time().ticks() + RECONCILE_INTERVAL.toNanos();
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
    if (mustReconcile || isTimeToLookAgain() || (mustCheck && isPast(reconcileAt))) {
      reconcile();
    } else if (mustCheck) {
      check();
    }
    giveBack(claiming ? WAITING_MAX : Duration.ZERO);
    List<Acknowledgement> ends = acknowledgements.take();
    pace.ended((int) ends.stream().filter(Worker::ran).count());
    List<Acknowledgement> again = acknowledgements.takeAside();
    if (!again.isEmpty()) {
      ends = Stream.concat(ends.stream(), again.stream()).toList();
    }
    linePace.ended(slots.takeEndedInLine());
    boolean mayClaim = claiming && trust.holds();
    int limit = mayClaim ? Math.min(slots.toClaim(pace), Limits.CLAIM_BATCH_MAX) : 0;
    int inLine = mayClaim ? Math.min(slots.roomInLine(linePace), Limits.CLAIM_BATCH_MAX) : 0;
    if (ends.isEmpty() && limit == 0 && inLine == 0) {
      completeFlushes();
      return untilNextLook();
    }
    int gaps = trust.gaps(); // before the claim: it may be answered after the lease was lost
    Exchange exchange = exchange(ends, claim.limit(limit, slots.free()).ahead(inLine));
    slots.start(exchange.claimed().stream().map(job -> new Attempt(job, gaps, services)).toList());
    completeFlushes();
    return exchange.claimed().size() < limit || limit == 0
        ? earlier(untilNextLook(), exchange.again())
        : Duration.ZERO;
  }

  private boolean isPast(long ticks) {
    return services.time().ticks() - ticks >= 0;
  }

  private boolean isTimeToLookAgain() {
    return isUnsettled && isPast(lookAgainAt);
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
      exchange = store.exchange(ends, wanted);
    } catch (RuntimeException | Error unknown) {
      acknowledgements.putBack();
      mustReconcile = true; // the claim may have happened
      throw unknown;
    } finally {
      Duration took = Duration.ofNanos(services.time().ticks() - began);
      services.handlers().listener().transaction(Operation.EXCHANGE, took);
    }
    reportSetAside(exchange.setAside());
    acknowledgements.settled(exchange.setAside());
    reportStale(exchange.stale());
    List<Acknowledgement> settled = without(ends, exchange.setAside());
    counts.add(Counter.STALE, exchange.stale().size());
    if (!exchange.stale().isEmpty()) {
      services.handlers().listener().discarded(exchange.stale().size());
    }
    counts.add(Counter.ACKNOWLEDGED, settled.size() - exchange.stale().size());
    if (!settled.isEmpty()) {
      onAcknowledged.accept(settled, exchange.stale());
    }
    return exchange;
  }

  private static List<Acknowledgement> without(List<Acknowledgement> ends, List<Lease> setAside) {
    if (setAside.isEmpty()) {
      return ends;
    }
    Set<Lease> leases = Set.copyOf(setAside);
    return ends.stream().filter(end -> !leases.contains(end.lease())).toList();
  }

  /** Logs each of them once. */
  private void reportSetAside(List<Lease> leases) {
    if (leases.isEmpty()) {
      return;
    }
    Set<Lease> known = acknowledgements.setAside();
    for (Lease lease : leases) {
      if (!known.contains(lease)) {
        log.atWarn()
            .addKeyValue("job", lease.job())
            .addKeyValue("attempt", lease.attempt())
            .log(
                "Another transaction holds the row of this job; its end is stored once it is"
                    + " free.");
      }
    }
  }

  /** Logs rejected acknowledgements, except those of cancelled jobs. */
  private void reportStale(List<Lease> leases) {
    for (int i = 0; i < leases.size(); i++) {
      Lease lease = leases.get(i);
      boolean isInOrder = i < LOOKED_UP_MAX && isCancelled(lease.job());
      log.atLevel(isInOrder ? Level.INFO : Level.WARN)
          .addKeyValue("job", lease.job())
          .addKeyValue("attempt", lease.attempt())
          .addKeyValue("token", lease.token())
          .log(
              isInOrder
                  ? "The job was cancelled; the attempt's result was discarded."
                  : "The lease had ended; the attempt's result was discarded.");
    }
  }

  private boolean isCancelled(JobId job) {
    try {
      return store.find(job).filter(found -> found.state() == JobState.CANCELLED).isPresent();
    } catch (HoldfastException unknown) {
      return false;
    }
  }

  private Duration untilNextLook() {
    Duration look = slots.hasWaiting() ? WAITING_MAX : untilPoll();
    return earlier(look, acknowledgements.untilAside());
  }

  private Duration untilPoll() {
    if (isUnsettled) {
      return UNSETTLED_INTERVAL;
    }
    return poll.next();
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
    claiming = false;
    CompletableFuture<@Nullable Void> stop = new CompletableFuture<>();
    stops.add(stop);
    return stop;
  }

  /** Takes jobs again. */
  void startClaiming() {
    claiming = true;
  }

  /** Checks, at the next turn, whether the store still has this node's leases. */
  void checkSoon() {
    mustCheck = true;
  }

  /**
   * A lease that only the store knows came from a claim whose answer was lost: it is released. A
   * lease that only this node knows was taken from it: its handler is stopped. As long as such a
   * claim may still be committed, this is done again and again.
   */
  private void reconcile() {
    long began = services.time().ticks();
    isUnsettled =
        store.recovery().hasUnsettled(); // before the look: what is settled now, the look sees
    List<Lease> held = store.nodes().held(claim.node());
    long took = services.time().ticks() - began;
    reconcileAt = began + Math.max(RECONCILE_INTERVAL.toNanos(), RECONCILE_REST * took);
    lookAgainAt = began + Math.max(UNSETTLED_INTERVAL.toNanos(), UNSETTLED_REST * took);
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
      stopUnlessHeld(Set.copyOf(store.nodes().held(claim.node(), here)));
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
