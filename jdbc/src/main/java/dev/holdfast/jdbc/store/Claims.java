package dev.holdfast.jdbc.store;

import dev.holdfast.JobId;
import dev.holdfast.Requirements;
import dev.holdfast.spi.Claim;
import dev.holdfast.spi.Claimed;
import dev.holdfast.spi.Signal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * From which lanes a claim takes: those with work that it may take from are found first, and of
 * them the queues in their turn. What it may not take stands in other lanes, so it costs nothing.
 */
final class Claims {
  /** So many lanes of a queue are merged for one claim, the foremost. */
  private static final int LANES_MAX = 128;

  private static final int MATCHES_MAX = 10_000;

  private final Dialect dialect;
  private final JobLanes lanes;
  private final QueueView view;
  private final LimitedClaims limited;
  private final Sorting sorting;
  private volatile boolean hasLimited; // whether the last look found work under a limit
  private final Map<Match, Boolean> matches = new ConcurrentHashMap<>();
  private volatile String lastQueue = ""; // where the last claim from all queues ended

  Claims(Dialect dialect, JobLanes lanes, QueueView view) {
    this.dialect = dialect;
    this.lanes = lanes;
    this.view = view;
    this.limited = new LimitedClaims(dialect);
    this.sorting = new Sorting(dialect, lanes);
  }

  /** Whether there is work under a limit; what {@link #claim} leaves to {@link #claimLimited}. */
  boolean hasLimited() {
    return hasLimited;
  }

  /** Told of ends, so that others learn that there may be room. */
  void ended(JobId job, News news) {
    if (limited.ends(job)) {
      news.add(Signal.WORK);
    }
  }

  /** Claims under limits. Must run in a transaction. */
  LimitedClaims.Taken claimLimited(Session session, Claim claim, long now, News news) {
    QueueView.Seen seen = view.look(session, now);
    Map<String, List<JobLane>> byQueue = eligible(session, claim, news);
    byQueue.values().forEach(line -> line.removeIf(lane -> !seen.isLimited(lane)));
    byQueue.values().removeIf(List::isEmpty);
    if (!claim.queues().isEmpty()) {
      byQueue.keySet().retainAll(claim.queues());
    }
    return byQueue.isEmpty()
        ? LimitedClaims.Taken.NOTHING
        : limited.claim(session, byQueue, claim, now);
  }

  List<Claimed> claim(Session session, Claim claim, long now, News news) {
    QueueView.Seen seen = view.look(session, now);
    Map<String, List<JobLane>> byQueue = eligible(session, claim, news);
    boolean found = byQueue.values().stream().flatMap(List::stream).anyMatch(seen::isLimited);
    hasLimited = found;
    if (found) {
      byQueue.values().forEach(line -> line.removeIf(seen::isLimited));
      byQueue.values().removeIf(List::isEmpty);
    }
    List<Claimed> claimed = new ArrayList<>();
    for (String queue : inTurn(byQueue, claim)) {
      int left = claim.limit() - claimed.size();
      if (left == 0) {
        break;
      }
      claimed.addAll(
          dialect.claim(session, claim.node(), byQueue.getOrDefault(queue, List.of()), left, now));
      lastQueue = queue;
    }
    return claimed;
  }

  /** The lanes with work that this claim may take from, by queue, the foremost first. */
  private Map<String, List<JobLane>> eligible(Session session, Claim claim, News news) {
    List<LaneHead> heads = dialect.lanesWithWork(session);
    if (sorting.sortIn(session, heads, news)) {
      heads = dialect.lanesWithWork(session);
    }
    Map<Long, JobLane> known = byId(session, heads);
    if (matches.size() > MATCHES_MAX) {
      matches.clear();
    }
    Map<String, List<JobLane>> byQueue = new TreeMap<>();
    heads.stream()
        .sorted(Comparator.comparing(LaneHead::place))
        .flatMap(head -> Stream.ofNullable(known.get(head.lane())))
        .filter(lane -> claim.types().contains(lane.type()) && isMet(lane, claim))
        .forEach(
            lane -> {
              List<JobLane> line =
                  byQueue.computeIfAbsent(lane.queue(), queue -> new ArrayList<>());
              if (line.size() < LANES_MAX) {
                line.add(lane);
              }
            });
    return byQueue;
  }

  private boolean isMet(JobLane lane, Claim claim) {
    return lane.requires().isEmpty()
        || matches.computeIfAbsent(
            new Match(lane.requires().get(), claim.capabilities()), Match::holds);
  }

  /** Whether a worker meets what jobs require; asked once, as neither changes. */
  private record Match(String requires, Map<String, Object> capabilities) {
    boolean holds() {
      return Requirements.parse(requires).filter(all -> all.areMetBy(capabilities)).isPresent();
    }
  }

  private Map<Long, JobLane> byId(Session session, List<LaneHead> heads) {
    return lanes.find(session, heads.stream().map(LaneHead::lane).toList()).stream()
        .collect(Collectors.toMap(JobLane::id, lane -> lane));
  }

  /**
   * The queues in the order in which the claim names them; of all queues the one after that where
   * the last claim ended is the first, so that every queue has its turn.
   */
  private List<String> inTurn(Map<String, List<JobLane>> byQueue, Claim claim) {
    if (!claim.queues().isEmpty()) {
      return claim.queues().stream().filter(byQueue::containsKey).distinct().toList();
    }
    String first = lastQueue;
    List<String> after = new ArrayList<>();
    List<String> before = new ArrayList<>();
    for (String queue : byQueue.keySet()) {
      (queue.compareTo(first) > 0 ? after : before).add(queue);
    }
    after.addAll(before);
    return after;
  }
}
