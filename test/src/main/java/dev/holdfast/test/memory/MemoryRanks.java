package dev.holdfast.test.memory;

import dev.holdfast.ClaimOrder;
import dev.holdfast.spi.Ranking;
import dev.holdfast.spi.Ranking.Entrant;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** The ranks of jobs in a memory store. Guarded by the store's lock. */
final class MemoryRanks {
  private static final Ranking FIRST = new Ranking(ClaimOrder.PRIORITY, 0);

  private final MemoryTables tables;
  private final Map<String, Ranking> rankings = new HashMap<>(); // of queues that were switched
  private final Map<String, Map<String, Long>> shares = new HashMap<>();

  MemoryRanks(MemoryTables tables) {
    this.tables = tables;
  }

  /** Ranks a job that is about to become PENDING. */
  void enter(MemoryRow row) {
    Entrant job = new Entrant(row.id(), row.priority(), row.group(), micros(row.runAt()));
    row.standAt(ranking(row.queue()).ranks(List.of(job), new Line(row.queue()))[0]);
  }

  /** Ranks a claimed job that is given back. */
  void returned(MemoryRow row) {
    ranking(row.queue()).returned().ifPresent(row::standAt);
  }

  void switchTo(String queue, ClaimOrder order) {
    rankings.put(queue, new Ranking(order, 0));
    shares.remove(queue);
  }

  private Ranking ranking(String queue) {
    return rankings.getOrDefault(queue, FIRST);
  }

  private static long micros(Instant instant) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
  }

  private final class Line implements Ranking.Line {
    private final String queue;

    private Line(String queue) {
      this.queue = queue;
    }

    @Override
    public OptionalLong first(long from, long to) {
      return tables.pendingIn(queue).stream()
          .mapToLong(MemoryRow::rank)
          .filter(rank -> rank >= from && rank < to)
          .findFirst();
    }

    @Override
    public long book(String group, long least, int jobs) {
      return shares
              .computeIfAbsent(queue, first -> new HashMap<>())
              .compute(group, (any, finish) -> Math.max(finish == null ? 0 : finish, least) + jobs)
          - jobs;
    }

    @Override
    public long furthest() {
      return shares.getOrDefault(queue, Map.of()).values().stream()
          .mapToLong(Long::longValue)
          .max()
          .orElse(0);
    }
  }
}
