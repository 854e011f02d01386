package dev.holdfast.jdbc.store;

import dev.holdfast.NodeId;
import dev.holdfast.QueueSettings;
import dev.holdfast.spi.Claimed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is free under the limits of one queue, for one claim that holds their rows. A job may start
 * where each limit has room. Where none has, it may stand in line behind one of the same node that
 * the same limits count: then neither counts more than the other alone.
 */
final class QueueRoom {
  private static final Sql USE_ALLOWANCE =
      Sql.of("update queues set allowance = allowance - :used where name = :name");

  private static final Sql PUT_COUNTS =
      Sql.of("update queues set rate_counts = :counts where name = :name");

  private final Session session;
  private final String queue;
  private final Optional<QueueRow> row;
  private final QueueSettings settings;
  private final Map<String, Integer> typeLimits;
  private final Map<String, Integer> groups = new HashMap<>();
  private final Map<String, Integer> types = new HashMap<>();
  private final List<HoldLine> lines = new ArrayList<>(); // of the node that claims
  private final Optional<RateCounts> rate;
  private final long now;
  private final int most;
  private int running;
  private int opened;
  private int joined;

  QueueRoom(Session session, String queue, NodeId node, Map<String, Integer> typeLimits, long now) {
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
      count(Holds.ofQueue(session, queue), node);
    }
    this.most = row.filter(QueueRow::isPaused).isPresent() ? 0 : free();
  }

  /** A line of several groups counts for each of them, and for the queue once. */
  private void count(List<Holds.Line> held, NodeId node) {
    Set<Long> counted = new HashSet<>();
    Map<Long, HoldLine> own = new LinkedHashMap<>();
    for (Holds.Line part : held) {
      groups.merge(part.group(), part.count(), Integer::sum);
      boolean isCounted = part.line().filter(line -> !counted.add(line)).isPresent();
      running += isCounted ? 0 : part.count();
      part.line()
          .filter(line -> part.node().filter(node::equals).isPresent())
          .ifPresent(line -> own.merge(line, HoldLine.held(part), HoldLine::with));
    }
    lines.addAll(own.values());
  }

  private int free() {
    int free = settings.concurrency().map(limit -> limit - running).orElse(Integer.MAX_VALUE);
    free = settings.manual() ? Math.min(free, row.map(QueueRow::allowance).orElse(0)) : free;
    return Math.max(0, Math.min(free, rate.map(RateCounts::free).orElse(Integer.MAX_VALUE)));
  }

  /** How many may start. */
  int most() {
    return most;
  }

  /**
   * Whether jobs may stand in line here. A rate and manual mode count starts, so there none is
   * claimed before it starts; and where more run than may, as the limit was lowered, lines end.
   */
  boolean hasLines() {
    return QueueRow.isCounted(settings)
        && row.filter(QueueRow::isPaused).isEmpty()
        && rate.isEmpty()
        && !settings.manual()
        && settings.concurrency().filter(limit -> running > limit).isEmpty();
  }

  /** A queue that limits its groups is claimed from by groups alone. */
  boolean isOpen(JobLane lane) {
    boolean isSorted = settings.concurrencyPerGroup().isEmpty() || lane.group().isPresent();
    return isSorted && (isFree(lane) || shortest(lane).isPresent());
  }

  private boolean isFree(JobLane lane) {
    return freeOfGroup(lane) > 0 && freeOfType(lane) > 0;
  }

  /** Where one more job of this lane goes, if anywhere. */
  Optional<HoldLine> take(JobLane lane, int starts, int behind) {
    if (opened < starts && isFree(lane)) {
      return Optional.of(open(lane));
    }
    Optional<HoldLine> line = joined < behind ? shortest(lane) : Optional.empty();
    line.ifPresent(
        found -> {
          found.chosen();
          joined++;
        });
    return line;
  }

  private HoldLine open(JobLane lane) {
    String group = lane.group().orElse("");
    groups.merge(group, 1, Integer::sum);
    types.merge(lane.type(), 1, Integer::sum);
    opened++;
    HoldLine line = HoldLine.open(group);
    lines.add(line);
    return line;
  }

  /** A limit of a type reaches over queues, so nobody may keep its room for one of them. */
  private Optional<HoldLine> shortest(JobLane lane) {
    if (typeLimits.containsKey(lane.type()) || !hasLines()) {
      return Optional.empty();
    }
    Optional<Integer> perGroup = settings.concurrencyPerGroup();
    String group = lane.group().orElse("");
    if (perGroup.filter(limit -> groups.getOrDefault(group, 0) > limit).isPresent()) {
      return Optional.empty();
    }
    return lines.stream()
        .filter(line -> perGroup.isEmpty() || line.isOf(group))
        .min(Comparator.comparingInt(HoldLine::jobs));
  }

  /** How many were let start. */
  int opened() {
    return opened;
  }

  /** How many were put behind others. */
  int joined() {
    return joined;
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
    return Optional.ofNullable(typeLimits.get(lane.type()))
        .map(limit -> limit - runningOf(lane.type()))
        .orElse(Integer.MAX_VALUE);
  }

  private int runningOf(String type) {
    return types.computeIfAbsent(type, name -> Holds.ofType(session, name));
  }

  void used(int starts) {
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
