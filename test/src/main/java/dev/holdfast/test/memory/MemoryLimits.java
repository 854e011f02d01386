package dev.holdfast.test.memory;

import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.NodeId;
import dev.holdfast.QueueSettings;
import dev.holdfast.QueueSettings.Rate;
import dev.holdfast.RunNext;
import dev.holdfast.error.ConflictException;
import dev.holdfast.spi.Situation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Limits of running jobs, counted afresh for each job. Guarded by the store's lock. */
final class MemoryLimits {
  private static final int NAMED_MAX = 3;

  private final MemoryTables tables;
  private final Map<String, Integer> types = new TreeMap<>();
  private final Map<String, Deque<Instant>> starts = new HashMap<>();
  private final Set<String> allowed = new HashSet<>(); // queues in manual mode

  MemoryLimits(MemoryTables tables) {
    this.tables = tables;
  }

  void limitType(String type, Optional<Integer> most) {
    types.remove(type);
    most.ifPresent(limit -> types.put(type, limit));
  }

  Map<String, Integer> types() {
    return Map.copyOf(types);
  }

  /** Returns whether any limit applies to the job. */
  boolean isLimited(MemoryRow row) {
    QueueSettings settings = tables.queues.settings(row.queue());
    return settings.manual()
        || settings.concurrency().isPresent()
        || settings.concurrencyPerGroup().isPresent()
        || settings.rate().isPresent()
        || types.containsKey(row.type());
  }

  /** Forgets the jobs of a manual queue that were allowed to start and have not. */
  void forgetAllowance(String queue) {
    allowed.remove(queue);
  }

  /** Returns whether it counts while it runs; a rate and manual mode count only starts. */
  boolean isCounted(MemoryRow row) {
    QueueSettings settings = tables.queues.settings(row.queue());
    return settings.concurrency().isPresent()
        || settings.concurrencyPerGroup().isPresent()
        || types.containsKey(row.type());
  }

  /** Returns whether a limit of 1 keeps all other jobs from running at the same time. */
  boolean isAlone(MemoryRow row) {
    QueueSettings settings = tables.queues.settings(row.queue());
    return Stream.of(
            settings.concurrency(),
            settings.concurrencyPerGroup(),
            Optional.ofNullable(types.get(row.type())))
        .flatMap(Optional::stream)
        .anyMatch(limit -> limit == 1);
  }

  /** Returns whether one more may start. */
  boolean mayStart(MemoryRow row, Instant now) {
    return reached(row).isEmpty() && rateUntil(row, now).isEmpty();
  }

  /** Returns whether the limit of the whole queue is reached. */
  boolean isFull(MemoryRow row) {
    Optional<Integer> most = tables.queues.settings(row.queue()).concurrency();
    return most.filter(limit -> lines(ofQueue(row)).size() >= limit).isPresent();
  }

  /** Finds a job of the node whose permit the job may share, of the permit with the fewest jobs. */
  Optional<MemoryRow> line(MemoryRow row, NodeId node) {
    QueueSettings settings = tables.queues.settings(row.queue());
    boolean isPerGroup = settings.concurrencyPerGroup().isPresent();
    Predicate<MemoryRow> like = isPerGroup ? ofQueue(row).and(ofGroup(row)) : ofQueue(row);
    boolean isOver =
        settings.concurrency().filter(most -> lines(ofQueue(row)).size() > most).isPresent()
            || settings.concurrencyPerGroup().filter(most -> lines(like).size() > most).isPresent();
    boolean mayWait =
        (settings.concurrency().isPresent() || isPerGroup)
            && settings.rate().isEmpty()
            && !settings.manual()
            && !types.containsKey(row.type());
    Predicate<MemoryRow> own =
        ofQueue(row).and(other -> other.holder().filter(node::equals).isPresent());
    return mayWait && !isOver
        ? lines(own).values().stream()
            .filter(line -> line.stream().allMatch(like))
            .min(Comparator.comparingInt(List::size))
            .map(line -> line.get(0))
        : Optional.empty();
  }

  /** Returns how many other running jobs share its permit. */
  int sharing(MemoryRow row) {
    boolean isCounted = row.state() == JobState.RUNNING && isCounted(row);
    return isCounted ? lines(ofQueue(row)).getOrDefault(row.line(), List.of(row)).size() - 1 : 0;
  }

  private Map<Long, List<MemoryRow>> lines(Predicate<MemoryRow> like) {
    return tables.in(JobState.RUNNING).stream()
        .filter(like)
        .collect(Collectors.groupingBy(MemoryRow::line, TreeMap::new, Collectors.toList()));
  }

  private static Predicate<MemoryRow> ofQueue(MemoryRow row) {
    return other -> other.queue().equals(row.queue());
  }

  private static Predicate<MemoryRow> ofGroup(MemoryRow row) {
    return other -> other.group().equals(row.group());
  }

  void started(MemoryRow row, Instant now) {
    allowed.remove(row.queue());
    if (tables.queues.settings(row.queue()).rate().isPresent()) {
      starts.computeIfAbsent(row.queue(), queue -> new ArrayDeque<>()).add(now);
    }
  }

  List<Situation.Reached> reached(MemoryRow row) {
    QueueSettings settings = tables.queues.settings(row.queue());
    List<Situation.Reached> reached = new ArrayList<>();
    if (settings.manual() && !allowed.contains(row.queue())) {
      reached.add(new Situation.Reached("manual", 0, List.of()));
    }
    settings
        .concurrency()
        .ifPresent(most -> add(reached, "queue '" + row.queue() + "'", most, ofQueue(row)));
    settings
        .concurrencyPerGroup()
        .ifPresent(
            most ->
                add(
                    reached,
                    "group '" + row.group().orElse("") + "'",
                    most,
                    ofQueue(row).and(ofGroup(row))));
    Optional.ofNullable(types.get(row.type()))
        .ifPresent(
            most ->
                add(
                    reached,
                    "type '" + row.type() + "'",
                    most,
                    other -> other.type().equals(row.type())));
    return reached;
  }

  private void add(
      List<Situation.Reached> reached, String what, int most, Predicate<MemoryRow> like) {
    List<JobId> running =
        lines(like).values().stream().map(line -> line.get(0).id()).limit(most).toList();
    if (running.size() >= most) {
      reached.add(
          new Situation.Reached(
              what, most, running.subList(0, Math.min(NAMED_MAX, running.size()))));
    }
  }

  Optional<Instant> rateUntil(MemoryRow row, Instant now) {
    Optional<Rate> rate = tables.queues.settings(row.queue()).rate();
    Deque<Instant> begun = starts.computeIfAbsent(row.queue(), queue -> new ArrayDeque<>());
    if (rate.isEmpty()) {
      return Optional.empty();
    }
    Duration period = rate.get().period();
    if (begun.stream().anyMatch(now::isBefore)) { // the clock was set back: they count from now
      List<Instant> reached = begun.stream().map(at -> at.isAfter(now) ? now : at).toList();
      begun.clear();
      begun.addAll(reached);
    }
    while (!begun.isEmpty() && !begun.peek().plus(period).isAfter(now)) {
      begun.remove();
    }
    return begun.size() < rate.get().starts()
        ? Optional.empty()
        : Optional.of((begun.isEmpty() ? now : begun.element()).plus(period));
  }

  RunNext runNext(String queue) {
    if (!tables.queues.settings(queue).manual()) {
      throw new ConflictException("queue '%s' is not in manual mode".formatted(queue));
    }
    List<JobId> pending = tables.pendingIn(queue).stream().map(MemoryRow::id).toList();
    long counted = Math.min(pending.size(), RunNext.PENDING_MAX);
    List<JobId> running =
        tables.in(JobState.RUNNING).stream()
            .filter(row -> row.queue().equals(queue))
            .map(MemoryRow::id)
            .toList();
    if (!running.isEmpty() || pending.isEmpty() || !allowed.add(queue)) {
      return new RunNext(false, running, counted, "not now");
    }
    return new RunNext(true, pending.subList(0, 1), counted, "it runs");
  }
}
