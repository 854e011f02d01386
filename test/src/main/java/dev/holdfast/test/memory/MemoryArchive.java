package dev.holdfast.test.memory;

import dev.holdfast.Job;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.LogLine;
import dev.holdfast.error.ConflictException;
import dev.holdfast.spi.NodeInfo;
import dev.holdfast.spi.ServedWork;
import dev.holdfast.spi.Signal;
import dev.holdfast.spi.TimeSource;
import dev.holdfast.spi.Transition;
import dev.holdfast.spi.record.Archive;
import dev.holdfast.spi.record.JobRecord;
import dev.holdfast.spi.record.JobStamp;
import dev.holdfast.spi.record.KeyRecord;
import dev.holdfast.spi.record.Move;
import dev.holdfast.spi.record.QueueRecord;
import dev.holdfast.spi.record.ScheduleRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The memory store as a whole. */
final class MemoryArchive implements Archive {
  private static final Comparator<KeyRecord> KEY_ORDER =
      Comparator.comparing(KeyRecord::group)
          .thenComparing(KeyRecord::type)
          .thenComparing(KeyRecord::key);

  private final MemoryTables tables;
  private final TimeSource time;

  MemoryArchive(MemoryTables tables, TimeSource time) {
    this.tables = tables;
    this.time = time;
  }

  private <T> T locked(Supplier<T> work) {
    tables.lock.lock();
    try {
      return work.get();
    } finally {
      tables.lock.unlock();
    }
  }

  @Override
  public List<JobStamp> stamps(Optional<JobId> after, int limit) {
    return locked(
        () ->
            after.map(id -> tables.rows.tailMap(id, false)).orElse(tables.rows).values().stream()
                .limit(limit)
                .map(row -> row.stamp(logs(row.id()).size()))
                .toList());
  }

  private List<LogLine> logs(JobId id) {
    return tables.logs.stream().filter(line -> line.job().equals(id)).toList();
  }

  @Override
  public List<JobRecord> records(JobId first, JobId last) {
    return locked(
        () -> {
          List<JobRecord> batch = new ArrayList<>();
          long left = BATCH_BYTES;
          for (MemoryRow row : tables.rows.subMap(first, true, last, true).values()) {
            if (left > 0) {
              batch.add(record(row));
              left -= batch.get(batch.size() - 1).job().payload().length();
            }
          }
          return batch;
        });
  }

  private JobRecord record(MemoryRow row) {
    Job job = tables.job(row);
    List<LogLine> logs = logs(row.id());
    Optional<Instant> keyUntil =
        job.key()
            .map(key -> tables.keys.get(new MemoryTables.Key(job.group(), job.type(), key)))
            .filter(owner -> owner.job().equals(job.id()))
            .map(MemoryTables.KeyOwner::until);
    return row.toRecord(
        job.holder(),
        keyUntil,
        tables.steps.of(row.id()),
        tables.waits.record(row.id()),
        logs.subList(0, Math.min(logs.size(), JobRecord.LOG_LINES)));
  }

  @Override
  public List<LogLine> logLines(JobId id, long n, int limit) {
    return locked(() -> logs(id).stream().skip(n).limit(limit).toList());
  }

  @Override
  public List<KeyRecord> orphanedKeys(Optional<KeyRecord> after, int limit) {
    return locked(
        () ->
            tables.keys.entrySet().stream()
                .filter(key -> !tables.rows.containsKey(key.getValue().job()))
                .map(MemoryArchive::keyRecord)
                .filter(key -> after.map(last -> KEY_ORDER.compare(key, last) > 0).orElse(true))
                .sorted(KEY_ORDER)
                .limit(limit)
                .toList());
  }

  private static KeyRecord keyRecord(Map.Entry<MemoryTables.Key, MemoryTables.KeyOwner> key) {
    return new KeyRecord(
        key.getKey().group().orElse(""),
        key.getKey().type(),
        key.getKey().key(),
        key.getValue().job(),
        key.getValue().until());
  }

  @Override
  public List<QueueRecord> queues() {
    return locked(
        () ->
            tables.queues.names().stream()
                .map(
                    name ->
                        new QueueRecord(
                            name, tables.queues.settings(name), tables.queues.paused(name), 0))
                .toList());
  }

  @Override
  public void loadQueues(List<QueueRecord> queues) {
    locked(
        () -> {
          refuseUnlessComing();
          queues.stream()
              .filter(queue -> isComing() || !tables.queues.names().contains(queue.name()))
              .forEach(tables::load);
          return queues;
        });
  }

  @Override
  public Map<String, Integer> typeLimits() {
    return locked(tables.limits::types);
  }

  @Override
  public void loadTypeLimits(Map<String, Integer> limits) {
    locked(
        () -> {
          refuseUnlessComing();
          limits.forEach(
              (type, most) -> {
                if (!tables.limits.types().containsKey(type)) {
                  tables.limits.limitType(type, Optional.of(most));
                }
              });
          return limits;
        });
  }

  @Override
  public void fillTypeLimits(Map<String, Integer> limits) {
    locked(
        () -> {
          refuseUnlessFilling();
          tables
              .limits
              .types()
              .keySet()
              .forEach(type -> tables.limits.limitType(type, Optional.empty()));
          limits.forEach((type, most) -> tables.limits.limitType(type, Optional.of(most)));
          return limits;
        });
  }

  @Override
  public List<JobId> load(List<JobRecord> records, String by, String why) {
    return locked(
        () -> {
          tables.refuseIfFenced();
          List<JobRecord> fresh =
              records.stream()
                  .filter(record -> !tables.rows.containsKey(record.job().id()))
                  .toList();
          List<MemoryRow> loaded = fresh.stream().map(this::put).toList();
          loaded.forEach(row -> release(row, by, why));
          tables.waits.catchUp(loaded, time.now(), EnumSet.noneOf(Signal.class));
          return fresh.stream().map(record -> record.job().id()).toList();
        });
  }

  private void release(MemoryRow row, String by, String why) {
    if (row.state() == JobState.RUNNING) {
      Transition back = new Transition.Release(why);
      tables.change(row, () -> row.putBack(back, by, why, time.now()));
    }
  }

  private MemoryRow put(JobRecord record) {
    Job job = record.job();
    MemoryRow row = MemoryRow.of(record);
    tables.add(row);
    tables.waits.load(row.id(), record.waiting());
    tables.steps.load(row.id(), record.steps());
    tables.logs.addAll(record.logs());
    record.keyUntil().ifPresent(until -> putKey(keyOf(job), job.id(), until));
    job.holder().filter(holder -> !holder.name().isEmpty()).ifPresent(this::putNode);
    return row;
  }

  private static MemoryTables.Key keyOf(Job job) {
    return new MemoryTables.Key(job.group(), job.type(), job.key().orElseThrow());
  }

  private void putKey(MemoryTables.Key key, JobId job, Instant until) {
    MemoryTables.@Nullable KeyOwner owner = tables.keys.get(key);
    if (owner == null || !owner.until().isAfter(time.now())) {
      tables.keys.put(key, new MemoryTables.KeyOwner(job, until));
    }
  }

  private void putNode(Job.Holder holder) {
    NodeInfo info =
        new NodeInfo(
            holder.node(), holder.name(), holder.host(), holder.processId(), 0, "", "", "");
    ServedWork nothing = new ServedWork(List.of(), Map.of(), 0);
    MemoryNode node = new MemoryNode(info, nothing, Duration.ZERO, time.now());
    node.deregister(time.now());
    node.close();
    tables.nodes.putIfAbsent(holder.node(), node);
  }

  @Override
  public void loadLogs(JobId id, long n, List<LogLine> lines) {
    locked(
        () -> {
          refuseUnlessComing();
          return tables.rows.containsKey(id) && logs(id).size() == n && tables.logs.addAll(lines);
        });
  }

  @Override
  public void loadKeys(List<KeyRecord> keys) {
    locked(
        () -> {
          refuseUnlessComing();
          keys.forEach(key -> putKey(keyOf(key), key.job(), key.until()));
          return keys;
        });
  }

  private static MemoryTables.Key keyOf(KeyRecord key) {
    Optional<String> group = Optional.of(key.group()).filter(text -> !text.isEmpty());
    return new MemoryTables.Key(group, key.type(), key.key());
  }

  private void refuseUnlessComing() {
    if (!isComing()) {
      tables.refuseIfFenced();
    }
  }

  private boolean isComing() {
    return tables.move != null && tables.move.direction() == Move.Direction.COMING;
  }

  @Override
  public List<ScheduleRecord> schedules() {
    return locked(() -> List.copyOf(tables.schedules.values()));
  }

  @Override
  public int loadSchedules(List<ScheduleRecord> schedules) {
    return locked(
        () -> {
          refuseUnlessComing();
          return (int)
              schedules.stream()
                  .filter(one -> tables.schedules.putIfAbsent(one.name(), one) == null)
                  .count();
        });
  }

  @Override
  public void fillSchedules(List<ScheduleRecord> schedules) {
    locked(
        () -> {
          refuseUnlessFilling();
          tables.schedules.clear();
          schedules.forEach(schedule -> tables.schedules.put(schedule.name(), schedule));
          return schedules;
        });
  }

  private void refuseUnlessFilling() {
    if (!isComing()) {
      tables.refuseIfFenced();
      throw new ConflictException("this queue is not being filled by holdfast copy");
    }
  }

  @Override
  public void fill(List<JobRecord> records, List<JobId> gone) {
    locked(
        () -> {
          refuseUnlessFilling();
          gone.forEach(this::remove);
          records.forEach(record -> remove(record.job().id()));
          records.stream()
              .filter(record -> record.keyUntil().isPresent())
              .forEach(record -> tables.keys.remove(keyOf(record.job())));
          records.forEach(this::put);
          return records;
        });
  }

  private void remove(JobId id) {
    Optional.ofNullable(tables.rows.get(id)).ifPresent(tables::remove);
    tables.keys.values().removeIf(owner -> owner.job().equals(id));
  }

  @Override
  public Optional<Move> move() {
    return locked(() -> Optional.ofNullable(tables.move));
  }

  @Override
  public Duration fence(Move move) {
    return locked(
        () -> {
          tables.move = move;
          return tables.nodes.values().stream()
              .filter(node -> !node.hasEnded() && !tables.heldBy(node.info().id()).isEmpty())
              .map(node -> node.seen(time.now()).lease())
              .max(Comparator.naturalOrder())
              .orElse(Duration.ZERO);
        });
  }

  @Override
  public void unfence() {
    locked(
        () -> {
          tables.move = null;
          return tables;
        });
  }

  @Override
  public List<JobId> arrive(String by, String why) {
    return locked(
        () -> {
          tables.move = null;
          List<MemoryRow> running = tables.in(JobState.RUNNING);
          running.forEach(row -> release(row, by, why));
          return running.stream().map(MemoryRow::id).toList();
        });
  }
}
