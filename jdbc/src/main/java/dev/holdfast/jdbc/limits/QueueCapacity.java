package dev.holdfast.jdbc.limits;

import dev.holdfast.NodeId;
import dev.holdfast.QueueSettings;
import dev.holdfast.jdbc.dialect.JobLane;
import dev.holdfast.jdbc.dialect.Permits;
import dev.holdfast.jdbc.dialect.QueueRow;
import dev.holdfast.jdbc.dialect.QueueRows;
import dev.holdfast.jdbc.dialect.Tx;
import dev.holdfast.jdbc.sql.Micros;
import dev.holdfast.jdbc.sql.Sql;
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
import java.util.stream.Stream;

/**
 * The free capacity under the limits of one queue, for one claim that locked their rows. A job may
 * start if each limit has a free permit. Otherwise it may share the permit of a job of the same
 * node under the same limits: together they count as one.
 */
public final class QueueCapacity {
  private static final Sql USE_ALLOWANCE =
      Sql.of("update queues set allowance = allowance - :used where name = :name");

  private static final Sql PUT_COUNTS =
      Sql.of("update queues set rate_counts = :counts where name = :name");

  private final Tx tx;
  private final String queue;
  private final Optional<QueueRow> row;
  private final QueueSettings settings;
  private final Map<String, Integer> typeLimits;
  private final Map<String, Integer> groups = new HashMap<>();
  private final Map<String, Integer> types = new HashMap<>();
  private final List<SharedPermit> lines = new ArrayList<>(); // of the claiming node
  private final Optional<RateCounts> rate;
  private final int most;
  private int running;
  private int opened;
  private int joined;

  public QueueCapacity(Tx tx, String queue, NodeId node, Map<String, Integer> typeLimits) {
    this.tx = tx;
    this.queue = queue;
    this.typeLimits = typeLimits;
    this.row = QueueRows.find(tx, queue);
    this.settings = row.map(QueueRow::settings).orElseGet(QueueSettings::defaults);
    this.rate =
        settings
            .rate()
            .map(
                limit -> new RateCounts(limit, row.map(QueueRow::rateCounts).orElse(""), tx.now()));
    rate.filter(RateCounts::isAhead).ifPresent(this::store);
    if (QueueRow.isCounted(settings)) {
      count(Permits.ofQueue(tx, queue), node);
    }
    this.most = row.filter(QueueRow::isPaused).isPresent() ? 0 : free();
  }

  /** Counts a permit shared by several groups for each of them, and for the queue once. */
  private void count(List<Permits.Line> held, NodeId node) {
    Set<Long> counted = new HashSet<>();
    Map<Long, SharedPermit> own = new LinkedHashMap<>();
    for (Permits.Line part : held) {
      groups.merge(part.group(), part.count(), Integer::sum);
      boolean isCounted = part.line().filter(line -> !counted.add(line)).isPresent();
      running += isCounted ? 0 : part.count();
      part.line()
          .filter(line -> part.node().filter(node::equals).isPresent())
          .ifPresent(line -> own.merge(line, SharedPermit.held(part), SharedPermit::with));
    }
    lines.addAll(own.values());
  }

  /** Counts what runs of these types, as far as they are limited. */
  public void count(Set<String> waiting) {
    waiting.stream().filter(typeLimits::containsKey).forEach(this::runningOf);
  }

  private int free() {
    int free = settings.concurrency().map(limit -> limit - running).orElse(Integer.MAX_VALUE);
    free = settings.manual() ? Math.min(free, row.map(QueueRow::allowance).orElse(0)) : free;
    return Math.max(0, Math.min(free, rate.map(RateCounts::free).orElse(Integer.MAX_VALUE)));
  }

  /** Returns how many may start. */
  public int most() {
    return most;
  }

  /**
   * Returns whether jobs may share permits here. A rate and manual mode count starts, so no job is
   * claimed before it starts; and while more run than a lowered limit allows, none is added to a
   * permit.
   */
  public boolean hasLines() {
    return QueueRow.isCounted(settings)
        && row.filter(QueueRow::isPaused).isEmpty()
        && rate.isEmpty()
        && !settings.manual()
        && settings.concurrency().filter(limit -> running > limit).isEmpty();
  }

  /** A queue that limits its groups is claimed from by groups alone. */
  public boolean isOpen(JobLane lane) {
    boolean isSorted = settings.concurrencyPerGroup().isEmpty() || lane.group().isPresent();
    return isSorted && (isFree(lane) || shortest(lane).isPresent());
  }

  private boolean isFree(JobLane lane) {
    return freeOfGroup(lane) > 0 && freeOfType(lane) > 0;
  }

  /** Returns the permit for one more job of this lane, if there is one. */
  public Optional<SharedPermit> take(JobLane lane, int starts, int behind) {
    if (opened < starts && isFree(lane)) {
      return Optional.of(open(lane));
    }
    Optional<SharedPermit> line = joined < behind ? shortest(lane) : Optional.empty();
    line.ifPresent(
        found -> {
          found.chosen();
          joined++;
        });
    return line;
  }

  private SharedPermit open(JobLane lane) {
    String group = lane.group().orElse("");
    groups.merge(group, 1, Integer::sum);
    types.merge(lane.type(), 1, Integer::sum);
    opened++;
    SharedPermit line = SharedPermit.open(group);
    lines.add(line);
    return line;
  }

  /** Finds the permit with the fewest jobs; a limit of a type spans queues and shares none. */
  private Optional<SharedPermit> shortest(JobLane lane) {
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
        .min(Comparator.comparingInt(SharedPermit::jobs));
  }

  /** Returns how many permits the claim opened. */
  public int opened() {
    return opened;
  }

  /** Returns how many share the permit of another job. */
  public int joined() {
    return joined;
  }

  /** Returns whether this job needs a permit; a rate and manual mode count only starts. */
  public boolean counts(Claimed job) {
    return QueueRow.isCounted(settings) || typeLimits.containsKey(job.type());
  }

  /** Returns whether a limit of 1 keeps all other jobs from running at the same time. */
  public boolean isAlone(Claimed job) {
    return Stream.of(
            settings.concurrency(),
            settings.concurrencyPerGroup(),
            Optional.ofNullable(typeLimits.get(job.type())))
        .flatMap(Optional::stream)
        .anyMatch(limit -> limit == 1);
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
    return types.computeIfAbsent(type, name -> Permits.ofType(tx, name));
  }

  public void used(int starts) {
    if (rate.isPresent()) {
      rate.get().add(starts);
      store(rate.get());
    }
    if (settings.manual()) {
      tx.sql(USE_ALLOWANCE).set("name", queue).set("used", starts).update();
    }
  }

  private void store(RateCounts counts) {
    tx.sql(PUT_COUNTS).set("name", queue).set("counts", counts.stored()).update();
  }

  public Optional<Duration> again() {
    return rate.filter(counts -> counts.free() == 0)
        .map(counts -> Micros.toDuration(Math.max(1_000, counts.freeAt() - tx.now())));
  }
}
