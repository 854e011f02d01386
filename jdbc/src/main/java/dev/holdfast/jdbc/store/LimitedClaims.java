package dev.holdfast.jdbc.store;

import dev.holdfast.JobId;
import dev.holdfast.QueueSettings;
import dev.holdfast.spi.Claim;
import dev.holdfast.spi.Claimed;
import java.time.Duration;
import java.util.ArrayList;
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
  private static final Sql USE_ALLOWANCE =
      Sql.of("update queues set allowance = allowance - :used where name = :name");

  private static final Sql PUT_COUNTS =
      Sql.of("update queues set rate_counts = :counts where name = :name");

  private final Dialect dialect;
  private final Set<JobId> here = ConcurrentHashMap.newKeySet(); // claimed by this process

  LimitedClaims(Dialect dialect) {
    this.dialect = dialect;
  }

  /**
   * What was claimed.
   *
   * @param again when a rate allows more; empty if none holds any back
   */
  record Taken(List<Claimed> jobs, Optional<Duration> again) {
    static final Taken NOTHING = new Taken(List.of(), Optional.empty());
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
    for (Map.Entry<String, List<JobLane>> queue : byQueue.entrySet()) {
      Claim rest = claim.limit(claim.limit(), claim.free() - claimed.size());
      if (rest.free() > 0) {
        Room room = new Room(session, queue.getKey(), typeLimits, now);
        claimed.addAll(claim(session, room, queue.getValue(), rest, now));
        again = earlier(again, room.again());
      }
    }
    claimed.forEach(job -> here.add(job.lease().job()));
    return new Taken(claimed, again);
  }

  private static Optional<Duration> earlier(Optional<Duration> one, Optional<Duration> other) {
    boolean isOther = other.isPresent() && (one.isEmpty() || other.get().compareTo(one.get()) < 0);
    return isOther ? other : one;
  }

  private List<Claimed> claim(
      Session session, Room room, List<JobLane> lanes, Claim claim, long now) {
    int most = Math.min(claim.free(), room.most());
    List<JobLane> open = lanes.stream().filter(room::isOpen).toList();
    if (most == 0 || open.isEmpty()) {
      return List.of();
    }
    Map<Long, JobLane> byId = new TreeMap<>();
    open.forEach(lane -> byId.put(lane.id(), lane));
    List<Candidate> chosen = new ArrayList<>();
    for (Candidate candidate : dialect.candidates(session, open, most)) {
      Optional<JobLane> lane = Optional.ofNullable(byId.get(candidate.lane()));
      if (chosen.size() < most && lane.filter(room::take).isPresent()) {
        chosen.add(candidate);
      }
    }
    if (chosen.isEmpty()) {
      return List.of();
    }
    List<Claimed> claimed =
        dialect.claimChosen(session, claim.node(), open.get(0).queue(), chosen, now);
    claimed.stream().filter(room::counts).forEach(job -> Holds.put(session, job));
    room.used(session, claimed.size());
    return claimed;
  }

  /** What is free in one queue; the rows of its limits are locked. */
  private static final class Room {
    private final Session session;
    private final String queue;
    private final Optional<QueueRow> row;
    private final QueueSettings settings;
    private final Map<String, Integer> typeLimits;
    private final Map<String, Integer> groups = new TreeMap<>();
    private final Map<String, Integer> types = new TreeMap<>();
    private final Optional<RateCounts> rate;
    private final long now;
    private final int most;

    private Room(Session session, String queue, Map<String, Integer> typeLimits, long now) {
      this.session = session;
      this.queue = queue;
      this.typeLimits = typeLimits;
      this.now = now;
      this.row = QueueRows.find(session, queue);
      this.settings = row.map(QueueRow::settings).orElseGet(QueueSettings::defaults);
      this.rate =
          settings
              .rate()
              .map(limit -> new RateCounts(limit, row.map(QueueRow::rateCounts).orElse(""), now));
      if (QueueRow.isCounted(settings)) {
        groups.putAll(Holds.byGroup(session, queue));
      }
      this.most = row.filter(QueueRow::isPaused).isPresent() ? 0 : free();
    }

    private int free() {
      int running = groups.values().stream().mapToInt(Integer::intValue).sum();
      int free = settings.concurrency().map(limit -> limit - running).orElse(Integer.MAX_VALUE);
      free = settings.manual() ? Math.min(free, row.map(QueueRow::allowance).orElse(0)) : free;
      return Math.max(0, Math.min(free, rate.map(RateCounts::free).orElse(Integer.MAX_VALUE)));
    }

    int most() {
      return most;
    }

    /** A queue that limits its groups is claimed from by groups alone. */
    boolean isOpen(JobLane lane) {
      boolean isSorted = settings.concurrencyPerGroup().isEmpty() || lane.group().isPresent();
      return isSorted && freeOfGroup(lane) > 0 && freeOfType(lane) > 0;
    }

    boolean take(JobLane lane) {
      if (freeOfGroup(lane) <= 0 || freeOfType(lane) <= 0) {
        return false;
      }
      groups.merge(lane.group().orElse(""), 1, Integer::sum);
      types.merge(lane.type(), 1, Integer::sum);
      return true;
    }

    /** Whether it must be known that this job runs; a rate and manual mode count starts alone. */
    boolean counts(Claimed job) {
      return QueueRow.isCounted(settings) || typeLimits.containsKey(job.type());
    }

    private int freeOfGroup(JobLane lane) {
      return settings
          .concurrencyPerGroup()
          .map(limit -> limit - groups.getOrDefault(lane.group().orElse(""), 0))
          .orElse(Integer.MAX_VALUE);
    }

    private int freeOfType(JobLane lane) {
      Optional<Integer> limit = Optional.ofNullable(typeLimits.get(lane.type()));
      return limit
          .map(
              most ->
                  most - types.computeIfAbsent(lane.type(), type -> Holds.ofType(session, type)))
          .orElse(Integer.MAX_VALUE);
    }

    void used(Session session, int starts) {
      if (rate.isPresent()) {
        rate.get().add(starts);
        session.sql(PUT_COUNTS).set("name", queue).set("counts", rate.get().stored()).update();
      }
      if (settings.manual()) {
        session.sql(USE_ALLOWANCE).set("name", queue).set("used", starts).update();
      }
    }

    Optional<Duration> again() {
      return rate.filter(counts -> counts.free() == 0)
          .map(counts -> Micros.toDuration(Math.max(1_000, counts.freeAt() - now)));
    }
  }
}
