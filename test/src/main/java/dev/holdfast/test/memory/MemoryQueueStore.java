package dev.holdfast.test.memory;

import dev.holdfast.QueuePause;
import dev.holdfast.QueueSettings;
import dev.holdfast.QueueSummary;
import dev.holdfast.RunNext;
import dev.holdfast.spi.QueueStore;
import dev.holdfast.spi.Signal;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The queues of a memory store. */
final class MemoryQueueStore implements QueueStore {
  private final MemoryJobStore store;
  private final MemoryTables tables;

  MemoryQueueStore(MemoryJobStore store, MemoryTables tables) {
    this.store = store;
    this.tables = tables;
  }

  @Override
  public QueueSettings settings(String queue) {
    return store.locked((now, signals) -> tables.queues.settings(queue));
  }

  @Override
  public QueueSettings configure(String queue, UnaryOperator<QueueSettings> change) {
    return store.changing(
        (now, signals) -> {
          signals.add(Signal.QUEUES);
          QueueSettings before = tables.queues.settings(queue);
          QueueSettings after = change.apply(before);
          tables.queues.configure(queue, after);
          tables.limits.forgetAllowance(queue);
          if (after.order() != before.order()) {
            tables.reorder(queue, after.order());
          }
          return after;
        });
  }

  /** A switch does all of it. */
  @Override
  public int reRank(int limit) {
    return 0;
  }

  @Override
  public boolean pause(String queue, String by) {
    return store.changing(
        (now, signals) -> {
          signals.add(Signal.QUEUES);
          return tables.queues.pause(queue, new QueuePause(now, by));
        });
  }

  @Override
  public boolean resume(String queue) {
    return store.changing(
        (now, signals) -> {
          boolean resumed = tables.queues.resume(queue);
          if (resumed) {
            signals.addAll(EnumSet.of(Signal.QUEUES, Signal.WORK));
          }
          return resumed;
        });
  }

  @Override
  public List<QueueSummary> list() {
    return store.locked((now, signals) -> MemorySummaries.all(tables, tables.statuses(now)));
  }

  @Override
  public void limitType(String type, @Nullable Integer concurrency) {
    store.changing(
        (now, signals) -> {
          signals.addAll(EnumSet.of(Signal.QUEUES, Signal.WORK));
          tables.limits.limitType(type, Optional.ofNullable(concurrency));
          return true;
        });
  }

  @Override
  public RunNext runNext(String queue, String by) {
    return store.changing(
        (now, signals) -> {
          signals.add(Signal.WORK);
          return tables.limits.runNext(queue);
        });
  }

  @Override
  public Map<String, Integer> typeLimits() {
    return store.locked((now, signals) -> tables.limits.types());
  }
}
