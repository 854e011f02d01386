package dev.holdfast.jdbc.store;

import dev.holdfast.JobId;
import dev.holdfast.LogLine;
import dev.holdfast.jdbc.dialect.ConnectionUse;
import dev.holdfast.jdbc.dialect.Database;
import dev.holdfast.jdbc.dialect.Dialect;
import dev.holdfast.jdbc.dialect.Fences;
import dev.holdfast.jdbc.dialect.JobLanes;
import dev.holdfast.jdbc.dialect.QueueRow;
import dev.holdfast.jdbc.dialect.QueueRows;
import dev.holdfast.jdbc.dialect.QueueView;
import dev.holdfast.jdbc.dialect.TypeLimits;
import dev.holdfast.jdbc.search.JobFields;
import dev.holdfast.spi.Signal;
import dev.holdfast.spi.record.Archive;
import dev.holdfast.spi.record.JobRecord;
import dev.holdfast.spi.record.JobStamp;
import dev.holdfast.spi.record.KeyRecord;
import dev.holdfast.spi.record.Move;
import dev.holdfast.spi.record.Move.Direction;
import dev.holdfast.spi.record.QueueRecord;
import dev.holdfast.spi.record.ScheduleRecord;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The archive over JDBC: {@link RecordReader} reads, {@link RecordWriter} writes. */
final class SqlArchive implements Archive {
  private final Database database;
  private final RecordWriter recordWriter;
  private final Fences fences;
  private final QueueView view;

  SqlArchive(
      Database database,
      Dialect dialect,
      Endings endings,
      Ranks ranks,
      QueueView view,
      Dependents dependents,
      JobLanes lanes,
      JobFields fields) {
    this.database = database;
    this.recordWriter = new RecordWriter(dialect, endings, ranks, dependents, lanes, fields);
    this.fences = new Fences(dialect);
    this.view = view;
  }

  @Override
  public List<JobStamp> stamps(Optional<JobId> after, int limit) {
    return database.read(
        ConnectionUse.CALLERS,
        session -> {
          Reviews.refuseOpen(session);
          return RecordReader.stamps(session, after, limit);
        });
  }

  @Override
  public List<JobRecord> records(JobId first, JobId last) {
    return database.read(
        ConnectionUse.CALLERS,
        session -> session.atOneInstant(() -> RecordReader.records(session, first, last)));
  }

  @Override
  public List<LogLine> logLines(JobId id, long n, int limit) {
    return database.read(
        ConnectionUse.CALLERS, session -> RecordReader.logLines(session, id, n, limit));
  }

  @Override
  public List<KeyRecord> orphanedKeys(Optional<KeyRecord> after, int limit) {
    return database.read(
        ConnectionUse.CALLERS, session -> RecordReader.orphanedKeys(session, after, limit));
  }

  @Override
  public List<QueueRecord> queues() {
    return database.read(
        ConnectionUse.CALLERS,
        session -> QueueRows.all(session).stream().map(QueueRow::toRecord).toList());
  }

  @Override
  public void loadQueues(List<QueueRecord> queues) {
    database.write(
        ConnectionUse.CALLERS,
        tx -> {
          boolean isCopy =
              fences.move(tx).filter(move -> move.direction() == Direction.COMING).isPresent();
          tx.postCommit().add(Signal.QUEUES);
          return fences.passing(tx, () -> QueueRows.load(tx, queues, isCopy));
        });
    view.forget();
  }

  @Override
  public Map<String, Integer> typeLimits() {
    return database.read(ConnectionUse.CALLERS, TypeLimits::all);
  }

  @Override
  public void loadTypeLimits(Map<String, Integer> limits) {
    database.write(
        ConnectionUse.CALLERS, tx -> fences.passing(tx, () -> TypeLimits.load(tx, limits)));
    view.forget();
  }

  @Override
  public void fillTypeLimits(Map<String, Integer> limits) {
    database.write(
        ConnectionUse.CALLERS, tx -> fences.filling(tx, () -> TypeLimits.replaceAll(tx, limits)));
    view.forget();
  }

  @Override
  public List<JobId> load(List<JobRecord> records, String by, String why) {
    return database.write(
        ConnectionUse.CALLERS,
        tx -> {
          List<JobId> loaded = recordWriter.load(tx, records);
          recordWriter.release(tx, loaded, by, why);
          return loaded;
        });
  }

  @Override
  public void loadLogs(JobId id, long n, List<LogLine> lines) {
    database.write(
        ConnectionUse.CALLERS, tx -> fences.passing(tx, () -> LogRows.load(tx, id, n, lines)));
  }

  @Override
  public void loadKeys(List<KeyRecord> keys) {
    database.write(ConnectionUse.CALLERS, tx -> fences.passing(tx, () -> KeyRows.load(tx, keys)));
  }

  @Override
  public List<ScheduleRecord> schedules() {
    return database.read(ConnectionUse.CALLERS, ScheduleRows::list);
  }

  @Override
  public int loadSchedules(List<ScheduleRecord> schedules) {
    return database.write(
        ConnectionUse.CALLERS, tx -> fences.passing(tx, () -> ScheduleRows.load(tx, schedules)));
  }

  @Override
  public void fillSchedules(List<ScheduleRecord> schedules) {
    database.write(
        ConnectionUse.CALLERS,
        tx -> fences.filling(tx, () -> ScheduleRows.replaceAll(tx, schedules)));
  }

  @Override
  public void fill(List<JobRecord> records, List<JobId> gone) {
    database.write(
        ConnectionUse.CALLERS,
        tx -> fences.filling(tx, () -> recordWriter.replace(tx, records, gone)));
  }

  @Override
  public Optional<Move> move() {
    return database.read(ConnectionUse.CALLERS, fences::move);
  }

  @Override
  public Duration fence(Move move) {
    return database.write(ConnectionUse.CALLERS, tx -> fences.put(tx, move));
  }

  @Override
  public void unfence() {
    database.write(ConnectionUse.CALLERS, tx -> fences.remove(tx));
  }

  @Override
  public List<JobId> arrive(String by, String why) {
    return database.write(
        ConnectionUse.CALLERS,
        tx -> {
          fences.remove(tx);
          return recordWriter.releaseAll(tx, by, why);
        });
  }
}
