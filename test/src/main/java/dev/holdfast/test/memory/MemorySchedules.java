package dev.holdfast.test.memory;

import dev.holdfast.JobId;
import dev.holdfast.QueueStatus;
import dev.holdfast.ScheduleFire;
import dev.holdfast.ScheduleFire.Kind;
import dev.holdfast.Schedules.Declared;
import dev.holdfast.spi.DueSchedules;
import dev.holdfast.spi.Fire;
import dev.holdfast.spi.ScheduleStore;
import dev.holdfast.spi.Signal;
import dev.holdfast.spi.record.JobDraft;
import dev.holdfast.spi.record.ScheduleRecord;
import dev.holdfast.timetable.Overlap;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The schedules of a memory store. */
final class MemorySchedules implements ScheduleStore {
  private final MemoryJobStore store;
  private final MemoryTables tables;

  MemorySchedules(MemoryJobStore store, MemoryTables tables) {
    this.store = store;
    this.tables = tables;
  }

  @Override
  public Instant now() {
    return store.locked((now, signals) -> now);
  }

  @Override
  public Declared put(ScheduleRecord asked) {
    return store.changing(
        (now, signals) -> {
          signals.add(Signal.SCHEDULES);
          @Nullable ScheduleRecord known = tables.schedules.get(asked.name());
          if (known != null && known.saysTheSame(asked)) {
            return Declared.UNCHANGED;
          }
          tables.schedules.put(asked.name(), known == null ? asked : replaced(known, asked, now));
          return known == null ? Declared.CREATED : Declared.CHANGED;
        });
  }

  private static ScheduleRecord replaced(ScheduleRecord known, ScheduleRecord asked, Instant now) {
    return new ScheduleRecord(
        asked.name(),
        asked.cron(),
        asked.every(),
        asked.zone(),
        asked.job(),
        asked.missed(),
        asked.overlap(),
        asked.declaredBy(),
        known.pausedAt(),
        known.hasTimetableOf(asked) ? known.nextSlot() : asked.nextSlot(),
        known.lastSlot(),
        known.lastJob(),
        known.version() + 1,
        known.createdAt(),
        now);
  }

  @Override
  public List<ScheduleRecord> list() {
    return store.locked((now, signals) -> List.copyOf(tables.schedules.values()));
  }

  @Override
  public Optional<ScheduleRecord> find(String name) {
    return store.locked((now, signals) -> Optional.ofNullable(tables.schedules.get(name)));
  }

  @Override
  public List<ScheduleFire> fires(String name, int limit) {
    return store.locked(
        (now, signals) -> fires(name).descendingMap().values().stream().limit(limit).toList());
  }

  private NavigableMap<Instant, ScheduleFire> fires(String name) {
    return tables.fires.computeIfAbsent(name, first -> new TreeMap<>());
  }

  @Override
  public boolean pause(String name) {
    return store.changing(
        (now, signals) -> {
          @Nullable ScheduleRecord known = tables.schedules.get(name);
          boolean pauses = known != null && known.pausedAt().isEmpty();
          if (known != null && pauses) {
            update(known, Optional.of(now), known.nextSlot(), now);
          }
          return pauses;
        });
  }

  @Override
  public boolean resume(String name, long version, Optional<Instant> next) {
    return store.changing(
        (now, signals) -> {
          signals.add(Signal.SCHEDULES);
          @Nullable ScheduleRecord known = tables.schedules.get(name);
          boolean resumes =
              known != null && known.version() == version && known.pausedAt().isPresent();
          if (known != null && resumes) {
            update(known, Optional.empty(), next, now);
          }
          return resumes;
        });
  }

  private void update(
      ScheduleRecord known, Optional<Instant> pausedAt, Optional<Instant> next, Instant now) {
    tables.schedules.put(
        known.name(),
        new ScheduleRecord(
            known.name(),
            known.cron(),
            known.every(),
            known.zone(),
            known.job(),
            known.missed(),
            known.overlap(),
            known.declaredBy(),
            pausedAt,
            next,
            known.lastSlot(),
            known.lastJob(),
            known.version() + 1,
            known.createdAt(),
            now));
  }

  @Override
  public boolean remove(String name) {
    return store.changing(
        (now, signals) -> {
          tables.fires.remove(name);
          return tables.schedules.remove(name) != null;
        });
  }

  @Override
  public DueSchedules due(int limit) {
    return store.locked(
        (now, signals) ->
            new DueSchedules(
                now,
                standing().stream()
                    .filter(schedule -> !isToCome(schedule, now))
                    .limit(limit)
                    .toList(),
                standing().stream()
                    .filter(schedule -> isToCome(schedule, now))
                    .findFirst()
                    .map(schedule -> Duration.between(now, schedule.nextSlot().orElseThrow()))));
  }

  /** Returns when the next schedule fires; empty if none will. */
  Optional<Duration> untilNextFire(Instant now) {
    return standing().stream()
        .findFirst()
        .map(schedule -> Duration.between(now, schedule.nextSlot().orElseThrow()))
        .map(until -> until.isNegative() ? Duration.ZERO : until);
  }

  /** Returns the schedules that will fire, the earliest first. */
  private List<ScheduleRecord> standing() {
    return tables.schedules.values().stream()
        .filter(schedule -> schedule.pausedAt().isEmpty() && schedule.nextSlot().isPresent())
        .sorted(Comparator.comparing(schedule -> schedule.nextSlot().orElseThrow()))
        .toList();
  }

  /** Returns the schedules that should have fired a while before {@code now}. */
  List<QueueStatus.Overdue> overdue(Instant now) {
    Instant before = now.minus(QueueStatus.OVERDUE_AFTER);
    return standing().stream()
        .map(one -> new QueueStatus.Overdue(one.name(), one.nextSlot().orElseThrow()))
        .filter(one -> one.slot().isBefore(before))
        .limit(20)
        .toList();
  }

  private static boolean isToCome(ScheduleRecord schedule, Instant now) {
    return schedule.nextSlot().orElseThrow().isAfter(now);
  }

  @Override
  public boolean fire(Fire fire) {
    return store.changing(
        (now, signals) -> {
          @Nullable ScheduleRecord known = tables.schedules.get(fire.schedule());
          boolean stands =
              known != null
                  && known.version() == fire.version()
                  && known.pausedAt().isEmpty()
                  && known.nextSlot().equals(Optional.of(fire.slot()))
                  && !isToCome(known, now);
          if (known != null && stands) {
            fire(known, fire, now, signals);
          }
          return stands;
        });
  }

  private void fire(ScheduleRecord known, Fire fire, Instant now, Set<Signal> signals) {
    Optional<Instant> lastSlot = known.lastSlot();
    Optional<JobId> lastJob = known.lastJob();
    boolean isBusy = known.overlap() == Overlap.SKIP && isUnfinished(lastJob);
    for (Fire.Slot slot : fire.slots()) {
      Fire.Slot done =
          isBusy && slot.job().isPresent()
              ? new Fire.Slot(slot.at(), Kind.OVERLAPPED, Optional.empty())
              : slot;
      if (remember(known.name(), done, now) && done.job().isPresent()) {
        JobDraft job = done.job().get();
        store.enqueue(job, MemoryJobStore.tags(job), new HashMap<>(), now, signals);
        lastSlot = Optional.of(done.at());
        lastJob = Optional.of(job.id());
        isBusy = known.overlap() == Overlap.SKIP;
      }
    }
    tables.schedules.put(
        known.name(),
        new ScheduleRecord(
            known.name(),
            known.cron(),
            known.every(),
            known.zone(),
            known.job(),
            known.missed(),
            known.overlap(),
            known.declaredBy(),
            known.pausedAt(),
            fire.next(),
            lastSlot,
            lastJob,
            known.version(),
            known.createdAt(),
            known.updatedAt()));
  }

  private boolean isUnfinished(Optional<JobId> job) {
    return job.map(tables.rows::get).filter(row -> !row.state().isFinished()).isPresent();
  }

  private boolean remember(String schedule, Fire.Slot slot, Instant now) {
    ScheduleFire fire = new ScheduleFire(slot.at(), slot.kind(), slot.job().map(JobDraft::id), now);
    return fires(schedule).putIfAbsent(slot.at(), fire) == null;
  }

  @Override
  public boolean trigger(String name, Instant slot, JobDraft job) {
    return store.changing(
        (now, signals) -> {
          if (!tables.schedules.containsKey(name)) {
            return false;
          }
          Fire.Slot at = new Fire.Slot(slot, Kind.BY_HAND, Optional.of(job));
          while (!remember(name, at, now)) {
            at = new Fire.Slot(at.at().plusNanos(2_000), Kind.BY_HAND, Optional.of(job));
          }
          store.enqueue(job, MemoryJobStore.tags(job), new HashMap<>(), now, signals);
          return true;
        });
  }
}
