package dev.holdfast.test.memory;

import dev.holdfast.JobFilter;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.NodeId;
import dev.holdfast.RecoveryRecord;
import dev.holdfast.RecoveryRecord.Jobs;
import dev.holdfast.spi.Claimed;
import dev.holdfast.spi.Death;
import dev.holdfast.spi.Lapse;
import dev.holdfast.spi.Lease;
import dev.holdfast.spi.Orphan;
import dev.holdfast.spi.RecoveryStore;
import dev.holdfast.spi.Rescue;
import dev.holdfast.spi.RunningJob;
import dev.holdfast.spi.Signal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Recovery in a memory store. */
final class MemoryRecovery implements RecoveryStore {
  private final MemoryJobStore store;
  private final MemoryTables tables;

  MemoryRecovery(MemoryJobStore store, MemoryTables tables) {
    this.store = store;
    this.tables = tables;
  }

  @Override
  public void deregister(Death death) {
    store.changing(
        (now, signals) -> {
          @Nullable MemoryNode node = tables.nodes.get(death.node());
          if (tables.isStill(death) && node != null && !node.hasEnded()) {
            node.deregister(now);
            tables.deliveries.tellOfLost(death, now);
            tables.recoveries.add(death, Jobs.NONE, "", now);
          }
          return true;
        });
  }

  @Override
  public List<Death> deaths() {
    return store.locked(
        (now, signals) ->
            tables.nodes.values().stream()
                .filter(MemoryNode::isProvenDead)
                .map(node -> Death.proven(node.info().id(), "its process is gone"))
                .toList());
  }

  @Override
  public List<Orphan> orphans(Collection<Death> deaths, Optional<JobId> after, int limit) {
    return store.locked(
        (now, signals) ->
            deaths.stream()
                .flatMap(
                    death ->
                        tables.heldBy(death.node()).stream()
                            .filter(row -> isBehind(row, after))
                            .sorted(Comparator.comparing(MemoryRow::id))
                            .map(row -> orphan(row, began(row), death)))
                .limit(limit)
                .toList());
  }

  private static boolean isBehind(MemoryRow row, Optional<JobId> after) {
    return after.map(last -> row.id().compareTo(last) > 0).orElse(true);
  }

  private boolean began(MemoryRow row) {
    @Nullable MemoryNode node = tables.nodes.get(row.lease().node());
    return node == null || node.runs(row.id());
  }

  @Override
  public List<Orphan> strays(Optional<JobId> after, int limit) {
    return store.locked(
        (now, signals) ->
            tables.holders().stream()
                .filter(this::isUnknownOrEnded)
                .flatMap(
                    id ->
                        tables.heldBy(id).stream()
                            .filter(row -> isBehind(row, after))
                            .map(row -> orphan(row, false, Death.ended(id, "its node has ended"))))
                .sorted(Comparator.comparing(orphan -> orphan.lease().job()))
                .limit(limit)
                .toList());
  }

  private boolean isUnknownOrEnded(NodeId id) {
    @Nullable MemoryNode node = tables.nodes.get(id);
    return node == null || node.hasEnded();
  }

  @Override
  public List<Lease> rescue(List<Rescue> rescues, String by) {
    return store.changing(
        (now, signals) -> {
          List<Lease> rescued = new ArrayList<>();
          for (Rescue rescue : rescues) {
            @Nullable MemoryRow row = tables.rows.get(rescue.lease().job());
            if (row != null && row.runsUnder(rescue.lease()) && holds(rescue)) {
              tables.change(row, () -> row.rescue(rescue, by, now));
              tables.lapses.add(rescue);
              tables.waits.ask(row, rescue.transition(), now, signals);
              tables.waits.follow(row, now, signals);
              MemoryJobStore.signalArrival(row, signals);
              signals.add(Signal.REVOKED);
              rescued.add(rescue.lease());
              rescue
                  .death()
                  .ifPresent(death -> tables.recoveries.add(death, rescue.counted(), by, now));
            }
          }
          return rescued;
        });
  }

  @Override
  public List<RecoveryRecord> recoveries(Optional<Long> before, int limit) {
    return store.locked((now, signals) -> tables.recoveries.newest(before, limit));
  }

  @Override
  public List<Lapse> lapses(Optional<Lease> after, int limit) {
    return store.locked((now, signals) -> tables.lapses.all(after, limit));
  }

  @Override
  public List<Lapse> settle(List<Lapse> known) {
    return store.changing((now, signals) -> tables.lapses.settle(known));
  }

  private boolean holds(Rescue rescue) {
    return rescue.death().map(tables::isStill).orElse(true);
  }

  @Override
  public List<RunningJob> running(Duration atLeast, JobFilter filter, int limit) {
    return store.locked(
        (now, signals) ->
            tables.in(JobState.RUNNING).stream()
                .filter(row -> filter.states(Set.of()).at(now).matches(tables.job(row)))
                .filter(row -> !row.startedAt().orElse(now).isAfter(now.minus(atLeast)))
                .sorted(Comparator.comparing(row -> row.startedAt().orElse(now)))
                .limit(limit)
                .map(row -> runningJob(row, now))
                .toList());
  }

  private RunningJob runningJob(MemoryRow row, Instant now) {
    Duration ran = Duration.between(row.startedAt().orElse(now), now);
    return new RunningJob(
        row.lease(),
        row.type(),
        row.crashes(),
        row.maxAttempts(),
        ran.isNegative() ? Duration.ZERO : ran,
        row.timeout(),
        !tables.isOrphaned(row, now));
  }

  private Orphan orphan(MemoryRow row, boolean began, Death death) {
    Claimed job = row.claimed();
    Orphan.Said said =
        Optional.ofNullable(tables.nodes.get(death.node()))
            .map(node -> node.said(job.type()))
            .orElseGet(Orphan.Said::nothing);
    Orphan.History history =
        new Orphan.History(row.crashes(), row.lapses(), tables.lapses.open(row.id()));
    return new Orphan(
        job.lease(), job.type(), history, began, tables.limits.isAlone(row), said, death);
  }
}
