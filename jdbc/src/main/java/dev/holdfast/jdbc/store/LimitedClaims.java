package dev.holdfast.jdbc.store;

import dev.holdfast.JobId;
import dev.holdfast.check.Limits;
import dev.holdfast.jdbc.dialect.Candidate;
import dev.holdfast.jdbc.dialect.Dialect;
import dev.holdfast.jdbc.dialect.HeadsSeen;
import dev.holdfast.jdbc.dialect.HeldLimits;
import dev.holdfast.jdbc.dialect.JobLane;
import dev.holdfast.jdbc.dialect.Tx;
import dev.holdfast.jdbc.dialect.TypeLimits;
import dev.holdfast.jdbc.limits.QueueCapacity;
import dev.holdfast.jdbc.limits.SharedPermit;
import dev.holdfast.spi.Claim;
import dev.holdfast.spi.Claimed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/**
 * Claims of jobs whose number is limited. The limits' rows are locked first, queues before types
 * and both in the order of their names; then what runs is counted, and no more is claimed than is
 * free. So all claims under a limit go one after the other, and the count of each is exact.
 */
final class LimitedClaims {
  /** Delay before a retry of rows that others have locked. */
  private static final Duration SOON = Duration.ofMillis(100);

  private final Dialect dialect;

  /**
   * Maximum number of remembered jobs; more than run at once. Most jobs end through the process
   * that claimed them; of those that do not, the oldest are forgotten. The cost is a signal: their
   * free permit is found by the next poll.
   */
  private static final int HERE_MAX = 2 * Limits.CONCURRENCY_MAX;

  private final ReentrantLock lock = new ReentrantLock();
  private final LinkedHashSet<JobId> here =
      new LinkedHashSet<>(); // guarded by lock: claimed here, oldest first

  LimitedClaims(Dialect dialect) {
    this.dialect = dialect;
  }

  /**
   * The result of a claim.
   *
   * @param opened how many of them opened a permit of their own
   * @param again when a rate allows more; empty if none limits them
   * @param isAnyHeld whether a limit was left out, as others hold it
   */
  record Taken(List<Claimed> jobs, int opened, Optional<Duration> again, boolean isAnyHeld) {
    static final Taken NOTHING = new Taken(List.of(), 0, Optional.empty(), false);
    static final Taken BUSY = new Taken(List.of(), 0, Optional.of(SOON), true);
  }

  /** Forgets a job at its end; returns whether this process had claimed it under a limit. */
  boolean ends(JobId job) {
    lock.lock();
    try {
      return here.remove(job);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Claims from these queues, the first ones first.
   *
   * @param isLimited leaves out lanes that no limit counts
   * @param lastChances leaves out jobs on their last chance but one
   * @param mayWait whether to wait for limits that others hold; else they are left out
   * @param seen takes what is left in the lanes
   */
  Taken claim(
      Tx tx,
      Map<String, QueueLanes> byQueue,
      Predicate<JobLane> isLimited,
      LastChances lastChances,
      Claim claim,
      boolean mayWait,
      HeadsSeen seen) {
    HeldLimits held = hold(tx, byQueue, mayWait);
    byQueue.keySet().removeAll(held.queues());
    Predicate<JobLane> isFree =
        isLimited.and(lane -> !held.types().contains(lane.type())).and(lastChances::mayTake);
    Optional<Duration> again = held.isNone() ? Optional.empty() : Optional.of(SOON);
    Map<String, Integer> typeLimits = TypeLimits.all(tx);
    List<Claimed> claimed = new ArrayList<>();
    Claim rest = claim;
    for (Map.Entry<String, QueueLanes> queue : byQueue.entrySet()) {
      if (rest.free() + rest.ahead() > 0) {
        QueueCapacity capacity = new QueueCapacity(tx, queue.getKey(), claim.node(), typeLimits);
        capacity.count(queue.getValue().types());
        Predicate<JobLane> isOpen = lane -> isFree.test(lane) && capacity.isOpen(lane);
        claimed.addAll(claim(tx, capacity, queue.getValue(), isOpen, lastChances, rest, seen));
        rest = rest.without(capacity.opened()).ahead(rest.ahead() - capacity.joined());
        again = earlier(again, capacity.again());
      }
    }
    remember(claimed);
    return new Taken(claimed, claim.free() - rest.free(), again, !held.isNone());
  }

  /** Locks the limits, or those that are free. Returns those that others have locked. */
  private HeldLimits hold(Tx tx, Map<String, QueueLanes> byQueue, boolean mayWait) {
    Set<String> types = new TreeSet<>();
    byQueue.values().forEach(lanes -> types.addAll(lanes.types()));
    if (!mayWait) {
      return dialect.holdFreeLimits(tx, byQueue.keySet(), types);
    }
    dialect.holdLimits(tx, byQueue.keySet(), types);
    return HeldLimits.NONE;
  }

  private void remember(List<Claimed> claimed) {
    lock.lock();
    try {
      claimed.forEach(job -> here.add(job.lease().job()));
      for (Iterator<JobId> oldest = here.iterator(); here.size() > HERE_MAX; ) {
        oldest.next();
        oldest.remove();
      }
    } finally {
      lock.unlock();
    }
  }

  private static Optional<Duration> earlier(Optional<Duration> one, Optional<Duration> other) {
    boolean isOther = other.isPresent() && (one.isEmpty() || other.get().compareTo(one.get()) < 0);
    return isOther ? other : one;
  }

  private List<Claimed> claim(
      Tx tx,
      QueueCapacity capacity,
      QueueLanes lanes,
      Predicate<JobLane> isOpen,
      LastChances lastChances,
      Claim claim,
      HeadsSeen seen) {
    int starts = Math.min(claim.free(), capacity.most());
    int behind = capacity.hasLines() ? claim.ahead() : 0;
    if (starts + behind == 0) {
      return List.of();
    }
    int most = Math.min(Claims.LANES_MAX, 2 * (starts + behind));
    List<Claimed> claimed = new ArrayList<>();
    for (List<JobLane> open = lanes.first(most, isOpen), last = List.of();
        !open.isEmpty() && !open.equals(last);
        last = open, open = lanes.first(most, isOpen)) {
      claimed.addAll(claim(tx, capacity, open, starts, behind, lastChances, claim, seen));
      if (open.size() < most || claimed.size() >= starts + behind) {
        break; // else others may have taken what was there, and more lanes follow
      }
    }
    if (!claimed.isEmpty()) {
      capacity.used(claimed.size());
    }
    return claimed;
  }

  private List<Claimed> claim(
      Tx tx,
      QueueCapacity capacity,
      List<JobLane> open,
      int starts,
      int behind,
      LastChances lastChances,
      Claim claim,
      HeadsSeen seen) {
    Map<Long, JobLane> byId = new TreeMap<>();
    open.forEach(lane -> byId.put(lane.id(), lane));
    Map<JobId, SharedPermit> chosen = new HashMap<>();
    List<Candidate> taken = new ArrayList<>();
    for (Candidate candidate : dialect.candidates(tx, open, starts + behind, seen)) {
      Optional<JobLane> lane =
          Optional.ofNullable(byId.get(candidate.lane())).filter(lastChances::mayTake);
      Optional<SharedPermit> line = lane.flatMap(known -> capacity.take(known, starts, behind));
      if (line.isPresent()) {
        chosen.put(candidate.job(), line.get());
        taken.add(candidate);
        lane.ifPresent(lastChances::tried);
      } else if (capacity.opened() == starts) {
        break; // or later jobs of groups with a shared permit here would always overtake it
      }
    }
    if (taken.isEmpty()) {
      return List.of();
    }
    List<Claimed> claimed = new ArrayList<>();
    for (Claimed job : dialect.claimChosen(tx, claim.node(), open.get(0).queue(), taken)) {
      Optional<SharedPermit> line = Optional.ofNullable(chosen.get(job.lease().job()));
      claimed.add(
          line.filter(known -> capacity.counts(job))
              .map(known -> known.add(job, capacity.isAlone(job)))
              .orElse(job));
    }
    List<Claimed> held = claimed.stream().filter(job -> job.line().isPresent()).toList();
    if (!held.isEmpty()) {
      dialect.putHolds(tx, held);
    }
    return claimed;
  }
}
