package dev.holdfast.jdbc.store;

import dev.holdfast.JobId;
import dev.holdfast.spi.Claim;
import dev.holdfast.spi.Claimed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Claims of jobs whose number is limited. The limits' rows are locked first, queues before types
 * and both in the order of their names; then what runs is counted, and no more is claimed than is
 * free. So all claims under a limit go one after the other, and the count of each is exact.
 */
final class LimitedClaims {
  private final Dialect dialect;
  private final Set<JobId> here = ConcurrentHashMap.newKeySet(); // claimed by this process

  LimitedClaims(Dialect dialect) {
    this.dialect = dialect;
  }

  /**
   * What was claimed.
   *
   * @param opened how many of them stand behind no other
   * @param again when a rate allows more; empty if none holds any back
   */
  record Taken(List<Claimed> jobs, int opened, Optional<Duration> again) {
    static final Taken NOTHING = new Taken(List.of(), 0, Optional.empty());
  }

  /** Whether this process had claimed it under a limit; it is asked once, at the job's end. */
  boolean ends(JobId job) {
    return !here.isEmpty() && here.remove(job);
  }

  /** Claims from these lanes, by queue. */
  Taken claim(Session session, Map<String, List<JobLane>> byQueue, Claim claim, long now) {
    Set<String> types = new TreeSet<>();
    byQueue.values().forEach(lanes -> lanes.forEach(lane -> types.add(lane.type())));
    dialect.holdLimits(session, byQueue.keySet(), types);
    Map<String, Integer> typeLimits = TypeLimits.all(session);
    List<Claimed> claimed = new ArrayList<>();
    Optional<Duration> again = Optional.empty();
    Claim rest = claim;
    for (Map.Entry<String, List<JobLane>> queue : byQueue.entrySet()) {
      if (rest.free() + rest.ahead() > 0) {
        QueueRoom room = new QueueRoom(session, queue.getKey(), claim.node(), typeLimits, now);
        claimed.addAll(claim(session, room, queue.getValue(), rest, now));
        rest = rest.without(room.opened()).ahead(rest.ahead() - room.joined());
        again = earlier(again, room.again());
      }
    }
    claimed.forEach(job -> here.add(job.lease().job()));
    return new Taken(claimed, claim.free() - rest.free(), again);
  }

  private static Optional<Duration> earlier(Optional<Duration> one, Optional<Duration> other) {
    boolean isOther = other.isPresent() && (one.isEmpty() || other.get().compareTo(one.get()) < 0);
    return isOther ? other : one;
  }

  private List<Claimed> claim(
      Session session, QueueRoom room, List<JobLane> lanes, Claim claim, long now) {
    int starts = Math.min(claim.free(), room.most());
    int behind = room.hasLines() ? claim.ahead() : 0;
    List<JobLane> open = lanes.stream().filter(room::isOpen).toList();
    if (starts + behind == 0 || open.isEmpty()) {
      return List.of();
    }
    Map<Long, JobLane> byId = new TreeMap<>();
    open.forEach(lane -> byId.put(lane.id(), lane));
    Map<JobId, HoldLine> chosen = new HashMap<>();
    List<Candidate> taken = new ArrayList<>();
    for (Candidate candidate : dialect.candidates(session, open, starts + behind)) {
      Optional<JobLane> lane = Optional.ofNullable(byId.get(candidate.lane()));
      Optional<HoldLine> line = lane.flatMap(known -> room.take(known, starts, behind));
      if (line.isPresent()) {
        chosen.put(candidate.job(), line.get());
        taken.add(candidate);
      } else if (room.opened() == starts) {
        break; // or those behind it whose group has a line here would pass it for ever
      }
    }
    if (taken.isEmpty()) {
      return List.of();
    }
    List<Claimed> claimed = new ArrayList<>();
    for (Claimed job :
        dialect.claimChosen(session, claim.node(), open.get(0).queue(), taken, now)) {
      Optional<HoldLine> line = Optional.ofNullable(chosen.get(job.lease().job()));
      claimed.add(line.filter(known -> room.counts(job)).map(known -> known.add(job)).orElse(job));
    }
    List<Claimed> held = claimed.stream().filter(job -> job.line().isPresent()).toList();
    if (!held.isEmpty()) {
      dialect.putHolds(session, held);
    }
    room.used(claimed.size());
    return claimed;
  }
}
