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
        (session, now, postCommit) -> {
          boolean isCopy =
              fences.move(session).filter(move -> move.direction() == Direction.COMING).isPresent();
          postCommit.add(Signal.QUEUES);
          return fences.passing(session, () -> QueueRows.load(session, queues, isCopy, now));
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
        ConnectionUse.CALLERS,
        (session, now, postCommit) ->
            fences.passing(session, () -> TypeLimits.load(session, limits, postCommit)));
    view.forget();
  }

  @Override
  public void fillTypeLimits(Map<String, Integer> limits) {
    database.write(
        ConnectionUse.CALLERS,
        (session, now, postCommit) ->
            fences.filling(session, () -> TypeLimits.replaceAll(session, limits, postCommit)));
    view.forget();
  }

  @Override
  public List<JobId> load(List<JobRecord> records, String by, String why) {
    return database.write(
        ConnectionUse.CALLERS,
        (session, now, postCommit) -> {
          List<JobId> loaded = recordWriter.load(session, records, now, postCommit);
          recordWriter.release(session, loaded, by, why, now, postCommit);
          return loaded;
        });
  }

  @Override
  public void loadLogs(JobId id, long n, List<LogLine> lines) {
    database.write(
        ConnectionUse.CALLERS,
        (session, now, postCommit) ->
            fences.passing(session, () -> LogRows.load(session, id, n, lines)));
  }

  @Override
  public void loadKeys(List<KeyRecord> keys) {
    database.write(
        ConnectionUse.CALLERS,
        (session, now, postCommit) ->
            fences.passing(session, () -> KeyRows.load(session, keys, now)));
  }

  @Override
  public List<ScheduleRecord> schedules() {
    return database.read(ConnectionUse.CALLERS, ScheduleRows::list);
  }

  @Override
  public int loadSchedules(List<ScheduleRecord> schedules) {
    return database.write(
        ConnectionUse.CALLERS,
        (session, now, postCommit) ->
            fences.passing(session, () -> ScheduleRows.load(session, schedules, postCommit)));
  }

  @Override
  public void fillSchedules(List<ScheduleRecord> schedules) {
    database.write(
        ConnectionUse.CALLERS,
        (session, now, postCommit) ->
            fences.filling(session, () -> ScheduleRows.replaceAll(session, schedules, postCommit)));
  }

  @Override
  public void fill(List<JobRecord> records, List<JobId> gone) {
    database.write(
        ConnectionUse.CALLERS,
        (session, now, postCommit) ->
            fences.filling(session, () -> recordWriter.replace(session, records, gone, now)));
  }

  @Override
  public Optional<Move> move() {
    return database.read(ConnectionUse.CALLERS, fences::move);
  }

  @Override
  public Duration fence(Move move) {
    return database.write(
        ConnectionUse.CALLERS, (session, now, postCommit) -> fences.put(session, move));
  }

  @Override
  public void unfence() {
    database.write(ConnectionUse.CALLERS, (session, now, postCommit) -> fences.remove(session));
  }

  @Override
  public List<JobId> arrive(String by, String why) {
    return database.write(
        ConnectionUse.CALLERS,
        (session, now, postCommit) -> {
          fences.remove(session);
          return recordWriter.releaseAll(session, by, why, now, postCommit);
        });
  }
}
