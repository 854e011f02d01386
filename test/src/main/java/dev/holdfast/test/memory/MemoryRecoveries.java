package dev.holdfast.test.memory;

import dev.holdfast.QueueStatus;
import dev.holdfast.RecoveryRecord;
import dev.holdfast.RecoveryRecord.Jobs;
import dev.holdfast.spi.Death;
import dev.holdfast.spi.NodeInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The recoveries of a memory store, one for each death. Guarded by the store's lock. */
final class MemoryRecoveries {
  private static final Duration KEPT = Duration.ofDays(30);
  private static final Duration DAY = Duration.ofDays(1);

  private final MemoryTables tables;
  private final Map<List<Object>, RecoveryRecord> all = new LinkedHashMap<>();
  private long last;

  MemoryRecoveries(MemoryTables tables) {
    this.tables = tables;
  }

  void add(Death death, Jobs jobs, String by, Instant now) {
    List<Object> key = List.of(death.node(), death.heartbeats());
    RecoveryRecord before = all.get(key);
    all.put(key, before == null ? begun(death, jobs, by, now) : plus(before, jobs));
  }

  private RecoveryRecord begun(Death death, Jobs jobs, String by, Instant now) {
    @Nullable MemoryNode node = tables.nodes.get(death.node());
    Optional<NodeInfo> info = Optional.ofNullable(node).map(MemoryNode::info);
    return new RecoveryRecord(
        ++last,
        now,
        death.node(),
        info.map(NodeInfo::name),
        info.map(NodeInfo::host),
        death.recoveryCause(),
        death.cause(),
        Optional.ofNullable(node).map(known -> known.seen(now).silence()),
        jobs,
        by);
  }

  private static RecoveryRecord plus(RecoveryRecord before, Jobs jobs) {
    return new RecoveryRecord(
        before.number(),
        before.at(),
        before.node(),
        before.nodeName(),
        before.host(),
        before.cause(),
        before.why(),
        before.noticedAfter(),
        before.jobs().plus(jobs),
        before.by());
  }

  List<RecoveryRecord> newest(Optional<Long> before, int limit) {
    return all.values().stream()
        .filter(found -> before.map(number -> found.number() < number).orElse(true))
        .sorted(Comparator.comparingLong(RecoveryRecord::number).reversed())
        .limit(limit)
        .toList();
  }

  long since(Instant since) {
    return all.values().stream().filter(found -> !found.at().isBefore(since)).count();
  }

  QueueStatus.Recent recent(Instant now) {
    Instant since = now.minus(DAY);
    List<RecoveryRecord> recent =
        all.values().stream().filter(found -> !found.at().isBefore(since)).toList();
    return new QueueStatus.Recent(
        recent.size(),
        recent.stream().mapToLong(found -> found.jobs().all()).sum(),
        recent.stream().map(RecoveryRecord::at).max(Comparator.naturalOrder()),
        tables.nodes.values().stream().filter(node -> !node.startedBefore(since)).count());
  }

  void forget(Instant now) {
    all.values().removeIf(found -> found.at().isBefore(now.minus(KEPT)));
  }
}
