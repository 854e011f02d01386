package dev.holdfast.testkit;

import dev.holdfast.ConflictException;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.QueueSettings;
import dev.holdfast.QueueSettings.Rate;
import dev.holdfast.RunNext;
import dev.holdfast.spi.Situation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** How many jobs may run, counted anew for each of them. Guarded by the store's lock. */
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

  /** Whether anything limits how many jobs like it run. */
  boolean isLimited(MemoryRow row) {
    QueueSettings settings = tables.queues.settings(row.queue());
    return settings.manual()
        || settings.concurrency().isPresent()
        || settings.concurrencyPerGroup().isPresent()
        || settings.rate().isPresent()
        || types.containsKey(row.type());
  }

  /** Whoever was let go, and has not started, must be let go again. */
  void forgetAllowance(String queue) {
    allowed.remove(queue);
  }

  /** Whether a claim that has taken these may take one more. */
  boolean mayStart(MemoryRow row, List<MemoryRow> taken, int free, Instant now) {
    if (!isLimited(row)) {
      return true;
    }
    int ofQueue = (int) taken.stream().filter(other -> other.queue().equals(row.queue())).count();
    return taken.stream().filter(this::isLimited).count() < free
        && reached(row, taken).isEmpty()
        && rateUntil(row, ofQueue, now).isEmpty();
  }

  void started(MemoryRow row, Instant now) {
    allowed.remove(row.queue());
    if (tables.queues.settings(row.queue()).rate().isPresent()) {
      starts.computeIfAbsent(row.queue(), queue -> new ArrayDeque<>()).add(now);
    }
  }

  List<Situation.Reached> reached(MemoryRow row, List<MemoryRow> taken) {
    QueueSettings settings = tables.queues.settings(row.queue());
    List<Situation.Reached> reached = new ArrayList<>();
    Predicate<MemoryRow> ofQueue = other -> other.queue().equals(row.queue());
    if (settings.manual() && (!allowed.contains(row.queue()) || taken.stream().anyMatch(ofQueue))) {
      reached.add(new Situation.Reached("manual", 0, List.of()));
    }
    settings
        .concurrency()
        .ifPresent(most -> add(reached, taken, "queue '" + row.queue() + "'", most, ofQueue));
    settings
        .concurrencyPerGroup()
        .ifPresent(
            most ->
                add(
                    reached,
                    taken,
                    "group '" + row.group().orElse("") + "'",
                    most,
                    ofQueue.and(other -> other.group().equals(row.group()))));
    Optional.ofNullable(types.get(row.type()))
        .ifPresent(
            most ->
                add(
                    reached,
                    taken,
                    "type '" + row.type() + "'",
                    most,
                    other -> other.type().equals(row.type())));
    return reached;
  }

  private void add(
      List<Situation.Reached> reached,
      List<MemoryRow> taken,
      String what,
      int most,
      Predicate<MemoryRow> like) {
    List<JobId> running =
        Stream.concat(tables.in(JobState.RUNNING).stream(), taken.stream())
            .filter(like)
            .map(MemoryRow::id)
            .limit(most)
            .toList();
    if (running.size() >= most) {
      reached.add(
          new Situation.Reached(
              what, most, running.subList(0, Math.min(NAMED_MAX, running.size()))));
    }
  }

  Optional<Instant> rateUntil(MemoryRow row, int more, Instant now) {
    Optional<Rate> rate = tables.queues.settings(row.queue()).rate();
    Deque<Instant> begun = starts.computeIfAbsent(row.queue(), queue -> new ArrayDeque<>());
    if (rate.isEmpty()) {
      return Optional.empty();
    }
    Duration period = rate.get().period();
    while (!begun.isEmpty() && !begun.peek().plus(period).isAfter(now)) {
      begun.remove();
    }
    return begun.size() + more < rate.get().starts()
        ? Optional.empty()
        : Optional.of((begun.isEmpty() ? now : begun.element()).plus(period));
  }

  RunNext runNext(String queue) {
    if (!tables.queues.settings(queue).manual()) {
      throw new ConflictException("queue '%s' is not in manual mode".formatted(queue));
    }
    List<JobId> pending = tables.pendingIn(queue).stream().map(MemoryRow::id).toList();
    List<JobId> running =
        tables.in(JobState.RUNNING).stream()
            .filter(row -> row.queue().equals(queue))
            .map(MemoryRow::id)
            .toList();
    if (!running.isEmpty() || pending.isEmpty() || !allowed.add(queue)) {
      return new RunNext(false, running, pending.size(), "not now");
    }
    return new RunNext(true, pending.subList(0, 1), pending.size(), "it runs");
  }
}
