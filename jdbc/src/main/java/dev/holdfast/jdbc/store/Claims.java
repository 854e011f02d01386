package dev.holdfast.jdbc.store;

import dev.holdfast.JobId;
import dev.holdfast.jdbc.dialect.Dialect;
import dev.holdfast.jdbc.dialect.EligibleLanes;
import dev.holdfast.jdbc.dialect.HeadsSeen;
import dev.holdfast.jdbc.dialect.JobLane;
import dev.holdfast.jdbc.dialect.JobLanes;
import dev.holdfast.jdbc.dialect.LaneHead;
import dev.holdfast.jdbc.dialect.LaneHeads;
import dev.holdfast.jdbc.dialect.LanesRead;
import dev.holdfast.jdbc.dialect.QueueView;
import dev.holdfast.jdbc.dialect.Tx;
import dev.holdfast.spi.Claim;
import dev.holdfast.spi.Claimed;
import dev.holdfast.spi.Signal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Chooses the lanes to claim from: queues with work round-robin, and of each the lanes whose first
 * jobs come first in claim order. Jobs that a claim may not take are in other lanes, so they cost
 * nothing.
 */
final class Claims {
  /** Lanes of a queue that one statement merges; if they have too little, the next ones follow. */
  static final int LANES_MAX = 128;

  /** Statements that find nothing in a row, as others have taken it, before a claim gives up. */
  private static final int IN_VAIN_MAX = 64;

  /** Parts of a round that a claim reads at once, before the first round is over. */
  private static final int PARTS_MAX = 40;

  /** Jobs that a claim sorts into their lanes. */
  private static final int SORTED_MAX = 1_000;

  /** Maximum number of limited queues per claim; the next claim continues after them. */
  private static final int LIMITED_QUEUES_MAX = 128;

  private static final String BEFORE_ALL = "";

  private final Dialect dialect;
  private final JobLanes lanes;
  private final LaneHeads heads;
  private final QueueView view;
  private final LimitedClaims limited;
  private final LaneAssignment laneAssignment;
  private volatile Set<String> grouped = Set.of(); // what the lanes that are known go by
  private volatile String lastQueue = BEFORE_ALL; // where the last claim from all queues ended
  private volatile String lastLimited = BEFORE_ALL; // the same of limited ones

  Claims(Dialect dialect, JobLanes lanes, QueueView view) {
    this.dialect = dialect;
    this.lanes = lanes;
    this.heads = dialect.heads();
    this.view = view;
    this.limited = new LimitedClaims(dialect);
    this.laneAssignment = new LaneAssignment(dialect, lanes);
  }

  /** Handles the end of a job: signals other processes if a limit may have a free permit. */
  void ended(Tx tx, JobId job) {
    if (limited.ends(job)) {
      tx.postCommit().add(Signal.WORK);
    }
  }

  /**
   * Claims under limits. Must run in a transaction.
   *
   * @param mayWait whether to wait for limits that others hold; else they are left out
   */
  LimitedClaims.Taken claimLimited(Tx tx, Claim claim, boolean mayWait) {
    QueueView.Seen seen = view.look(tx, tx.now());
    EligibleLanes.Kind kind = EligibleLanes.Kind.of(claim);
    try (LaneHeads.Watch watch = heads.watch(tx.postCommit())) {
      look(tx, seen);
      LastChances lastChances = LastChances.of(tx, heads, claim.node());
      Map<String, QueueLanes> queues = new LinkedHashMap<>();
      for (String queue : limitedInTurn(kind, claim, seen)) {
        queues.put(queue, new QueueLanes(heads, kind, queue));
        lastLimited = queue;
      }
      return queues.isEmpty()
          ? LimitedClaims.Taken.NOTHING
          : limited.claim(tx, queues, seen::isLimited, lastChances, claim, mayWait, watch);
    }
  }

  /**
   * The result of a claim where no limit counts.
   *
   * @param isLimitedLeft whether there is work under a limit, for {@link #claimLimited}
   * @param isSpread whether it asked several queues, each of which takes a statement
   */
  record Found(List<Claimed> jobs, boolean isLimitedLeft, boolean isSpread) {}

  /** Claims where no limit counts; returns empty if the claim asks for nothing. */
  Optional<Found> claim(Tx tx, Claim claim) {
    if (claim.limit() == 0 || claim.types().isEmpty()) {
      return Optional.empty();
    }
    QueueView.Seen seen = view.look(tx, tx.now());
    EligibleLanes.Kind kind = EligibleLanes.Kind.of(claim);
    try (LaneHeads.Watch watch = heads.watch(tx.postCommit())) {
      look(tx, seen);
      boolean isLimitedLeft = isAnyLimited(kind, seen);
      LastChances lastChances = LastChances.of(tx, heads, claim.node());
      Taking taking = new Taking(tx, kind, claim, seen, lastChances, watch);
      int asked = 0;
      if (claim.queues().isEmpty()) {
        int share = dialect.share(claim.limit(), heads.queues(kind));
        asked += share < claim.limit() ? taking.shares(new Turn(kind, claim, lastQueue), share) : 0;
      }
      asked += taking.all(new Turn(kind, claim, lastQueue));
      return Optional.of(new Found(taking.claimed, isLimitedLeft, asked > 1));
    }
  }

  private boolean isAnyLimited(EligibleLanes.Kind kind, QueueView.Seen seen) {
    return seen.types().stream().anyMatch(type -> heads.queueAfter(kind, "", type).isPresent())
        || seen.limited().stream().anyMatch(queue -> heads.hasWork(kind, queue));
  }

  /** The queues with work under a limit: as named, else those behind the last claim's first. */
  private List<String> limitedInTurn(EligibleLanes.Kind kind, Claim claim, QueueView.Seen seen) {
    if (!claim.queues().isEmpty()) {
      return claim.queues().stream()
          .distinct()
          .filter(queue -> isLimited(kind, queue, seen))
          .limit(LIMITED_QUEUES_MAX)
          .toList();
    }
    Set<String> found = new LinkedHashSet<>();
    String begin = lastLimited;
    Optional<String> next = nextLimited(kind, begin, seen);
    while (next.isPresent() && found.size() < LIMITED_QUEUES_MAX) {
      found.add(next.get());
      next = nextLimited(kind, next.get(), seen);
    }
    next = nextLimited(kind, BEFORE_ALL, seen).filter(name -> name.compareTo(begin) <= 0);
    while (next.isPresent() && found.size() < LIMITED_QUEUES_MAX) {
      found.add(next.get());
      next = nextLimited(kind, next.get(), seen).filter(name -> name.compareTo(begin) <= 0);
    }
    return List.copyOf(found);
  }

  private boolean isLimited(EligibleLanes.Kind kind, String queue, QueueView.Seen seen) {
    return seen.limited().contains(queue)
        ? heads.hasWork(kind, queue)
        : heads.types(kind, queue).stream().anyMatch(seen.types()::contains);
  }

  private Optional<String> nextLimited(EligibleLanes.Kind kind, String after, QueueView.Seen seen) {
    Stream<String> ofTypes =
        seen.types().stream().flatMap(type -> heads.queueAfter(kind, after, type).stream());
    Stream<String> limitedOnes =
        seen.limited().tailSet(after, false).stream()
            .filter(queue -> heads.hasWork(kind, queue))
            .limit(1);
    return Stream.concat(ofTypes, limitedOnes).min(Comparator.naturalOrder());
  }

  /** Learns which lanes have work, as far as that is due, and sorts jobs in. */
  private void look(Tx tx, QueueView.Seen seen) {
    if (!seen.grouped().equals(grouped)) {
      grouped = seen.grouped();
      heads.forget(); // their jobs belong to other lanes now
    }
    Look look = new Look(tx);
    if (heads.isMany()) {
      look.resolve(dialect.arrivals(tx)).forEach(heads::arrived);
    }
    look.resolve(heads.takeArrivals(tx.postCommit())).forEach(heads::arrived);
    int most = heads.isComplete() ? 1 : PARTS_MAX;
    boolean isOver = false;
    for (int parts = 0; parts < most && !isOver && heads.isLookDue(); parts++) {
      try (LaneHeads.Watch part = heads.watch(tx.postCommit())) {
        LanesRead read = dialect.lanesWithWork(tx, part.behind(), LaneHeads.PART);
        isOver = part.read(look.resolve(read.heads()), read.last());
      }
    }
  }

  /** Jobs that one claim takes where no limit counts. */
  private final class Taking {
    private final Tx tx;
    private final EligibleLanes.Kind kind;
    private final Claim claim;
    private final QueueView.Seen seen;
    private final LastChances lastChances;
    private final HeadsSeen watch;
    private final List<Claimed> claimed = new ArrayList<>();

    private Taking(
        Tx tx,
        EligibleLanes.Kind kind,
        Claim claim,
        QueueView.Seen seen,
        LastChances lastChances,
        HeadsSeen watch) {
      this.tx = tx;
      this.kind = kind;
      this.claim = claim;
      this.seen = seen;
      this.lastChances = lastChances;
      this.watch = watch;
    }

    private int left() {
      return claim.limit() - claimed.size();
    }

    /** Takes an equal share from each queue. @return how many queues were asked */
    private int shares(Turn turn, int share) {
      List<JobLane> batch = new ArrayList<>();
      int asked = 0;
      for (Optional<String> queue = turn.next();
          queue.isPresent() && left() >= share * (batch.size() + 1);
          queue = turn.next()) {
        lastQueue = queue.get();
        if (!seen.isClosed(lastQueue)) {
          List<JobLane> first = first(lastQueue, 2);
          if (first.size() == 1 && !first.get(0).isLastChance()) { // else an order to keep
            batch.add(first.get(0));
            asked++;
          }
        }
      }
      if (!batch.isEmpty()) {
        claimed.addAll(dialect.claimEach(tx, claim.node(), batch, share, watch));
      }
      return asked;
    }

    /** Takes all that is wanted from the first queues. @return how many queues were asked */
    private int all(Turn turn) {
      int asked = 0;
      for (int inVain = 0; inVain < IN_VAIN_MAX; ) {
        Optional<String> queue = left() > 0 ? turn.next() : Optional.empty();
        if (queue.isEmpty()) {
          break;
        }
        if (!seen.isClosed(queue.get())) {
          int before = left();
          asked++;
          from(queue.get());
          inVain = left() < before ? 0 : inVain + 1;
          lastQueue = queue.get();
        }
      }
      return asked;
    }

    private List<JobLane> first(String queue, int most) {
      return heads.first(
          kind, queue, most, lane -> !seen.isLimited(lane) && lastChances.mayTake(lane));
    }

    private void from(String queue) {
      List<JobLane> last = List.of();
      for (int tries = 0; tries < IN_VAIN_MAX && left() > 0; tries++) {
        int most = Math.min(LANES_MAX, 2 * left());
        List<JobLane> first = first(queue, most);
        if (first.isEmpty() || first.equals(last)) {
          return;
        }
        from(first);
        if (first.size() < most) {
          return;
        }
        last = first;
      }
    }

    /** A job on its last chance goes first if it is the first, and else when slots are left. */
    private void from(List<JobLane> lanes) {
      List<JobLane> others = lanes.stream().filter(lane -> !lane.isLastChance()).toList();
      if (lanes.get(0).isLastChance()) {
        takeOne(lanes.get(0));
      }
      if (!others.isEmpty() && left() > 0) {
        claimed.addAll(dialect.claim(tx, claim.node(), others, left(), watch));
      }
      if (left() > 0) {
        lanes.stream()
            .filter(lane -> lane.isLastChance() && lastChances.mayTake(lane))
            .findFirst()
            .ifPresent(this::takeOne);
      }
    }

    private void takeOne(JobLane lane) {
      claimed.addAll(dialect.claim(tx, claim.node(), List.of(lane), 1, watch));
      lastChances.tried(lane);
    }
  }

  /** Finds the lanes of jobs for one claim, and sorts a limited number of jobs in. */
  private final class Look {
    private final Tx tx;
    private int sortedMax = SORTED_MAX;

    private Look(Tx tx) {
      this.tx = tx;
    }

    /** The lanes of these heads; jobs in lanes that are not theirs are sorted in first. */
    private List<EligibleLanes.Head> resolve(List<LaneHead> found) {
      if (found.isEmpty()) {
        return List.of();
      }
      Map<Long, JobLane> right = new HashMap<>();
      lanes.find(tx, found.stream().map(LaneHead::lane).toList()).stream()
          .filter(lanes::isRight)
          .forEach(lane -> right.put(lane.id(), lane));
      List<EligibleLanes.Head> resolved = new ArrayList<>();
      for (LaneHead head : found) {
        Optional<JobLane> lane = Optional.ofNullable(right.get(head.lane()));
        lane.ifPresent(known -> resolved.add(new EligibleLanes.Head(known, head.place())));
        if (lane.isEmpty()) {
          sortFrom(head);
        }
      }
      return resolved;
    }

    /** Sorts jobs in from a lane that is not theirs; those that are left are the next claim's. */
    private void sortFrom(LaneHead head) {
      List<EligibleLanes.Head> sorted =
          sortedMax > 0 ? laneAssignment.sortFrom(tx, head.lane(), sortedMax) : List.of();
      sorted.forEach(heads::sortedIn);
      if (sorted.size() == sortedMax) {
        heads.arrived(Map.of(head.lane(), head.place()));
      }
      sortedMax -= sorted.size();
    }
  }

  /**
   * The queues with work, in the order in which the claim names them. A claim from all queues
   * starts after the queue where the last claim ended, so that every queue gets its turn.
   */
  private final class Turn {
    private final EligibleLanes.Kind kind;
    private final Iterator<String> named;
    private final boolean isAll;
    private final String begin;
    private String at;
    private boolean isSecondHalf;

    Turn(EligibleLanes.Kind kind, Claim claim, String begin) {
      this.kind = kind;
      this.named = claim.queues().stream().distinct().iterator();
      this.isAll = claim.queues().isEmpty();
      this.begin = begin;
      this.at = begin;
    }

    Optional<String> next() {
      if (!isAll) {
        return named.hasNext() ? Optional.of(named.next()) : Optional.empty();
      }
      Optional<String> last = isSecondHalf ? Optional.of(begin) : Optional.empty();
      Optional<String> next = heads.queueAfter(kind, at, last);
      if (next.isEmpty() && !isSecondHalf) {
        isSecondHalf = true;
        next = heads.queueAfter(kind, BEFORE_ALL, Optional.of(begin));
      }
      next.ifPresent(queue -> at = queue);
      return next;
    }
  }
}
