package dev.holdfast.jdbc.store;

import dev.holdfast.JobId;
import dev.holdfast.LogLine;
import dev.holdfast.spi.Archive;
import dev.holdfast.spi.JobRecord;
import dev.holdfast.spi.JobStamp;
import dev.holdfast.spi.KeyRecord;
import dev.holdfast.spi.Move;
import dev.holdfast.spi.Move.Direction;
import dev.holdfast.spi.QueueRecord;
import dev.holdfast.spi.ScheduleRecord;
import dev.holdfast.spi.Signal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The archive over JDBC: reading stands in {@link Records}, writing in {@link Loads}. */
final class SqlArchive implements Archive {
  private final Database database;
  private final Loads loads;
  private final Fences fences;
  private final QueueView view;

  SqlArchive(
      Database database,
      Dialect dialect,
      Endings endings,
      Ranks ranks,
      QueueView view,
      Dependents dependents,
      JobLanes lanes) {
    this.database = database;
    this.loads = new Loads(dialect, endings, ranks, dependents, lanes);
    this.fences = new Fences(dialect);
    this.view = view;
  }

  @Override
  public List<JobStamp> stamps(Optional<JobId> after, int limit) {
    return database.read(ConnectionUse.CALLERS, session -> Records.stamps(session, after, limit));
  }

  @Override
  public List<JobRecord> records(JobId first, JobId last) {
    return database.read(
        ConnectionUse.CALLERS,
        session -> session.atOneInstant(() -> Records.records(session, first, last)));
  }

  @Override
  public List<LogLine> logLines(JobId id, long n, int limit) {
    return database.read(ConnectionUse.CALLERS, session -> Records.logLines(session, id, n, limit));
  }

  @Override
  public List<KeyRecord> orphanedKeys(Optional<KeyRecord> after, int limit) {
    return database.read(
        ConnectionUse.CALLERS, session -> Records.orphanedKeys(session, after, limit));
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
        (session, now, news) -> {
          boolean isCopy =
              fences.move(session).filter(move -> move.direction() == Direction.COMING).isPresent();
          news.add(Signal.QUEUES);
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
        (session, now, news) ->
            fences.passing(session, () -> TypeLimits.load(session, limits, news)));
    view.forget();
  }

  @Override
  public void fillTypeLimits(Map<String, Integer> limits) {
    database.write(
        ConnectionUse.CALLERS,
        (session, now, news) ->
            fences.filling(session, () -> TypeLimits.replaceAll(session, limits, news)));
    view.forget();
  }

  @Override
  public List<JobId> load(List<JobRecord> records, String by, String why) {
    return database.write(
        ConnectionUse.CALLERS,
        (session, now, news) -> {
          List<JobId> loaded = loads.load(session, records, now, news);
          loads.release(session, loaded, by, why, now, news);
          return loaded;
        });
  }

  @Override
  public void loadLogs(JobId id, long n, List<LogLine> lines) {
    database.write(
        ConnectionUse.CALLERS,
        (session, now, news) ->
            fences.passing(session, () -> Loads.loadLogs(session, id, n, lines)));
  }

  @Override
  public void loadKeys(List<KeyRecord> keys) {
    database.write(
        ConnectionUse.CALLERS,
        (session, now, news) -> fences.passing(session, () -> Loads.loadKeys(session, keys, now)));
  }

  @Override
  public List<ScheduleRecord> schedules() {
    return database.read(ConnectionUse.CALLERS, ScheduleRows::list);
  }

  @Override
  public int loadSchedules(List<ScheduleRecord> schedules) {
    return database.write(
        ConnectionUse.CALLERS,
        (session, now, news) ->
            fences.passing(session, () -> ScheduleRows.load(session, schedules, news)));
  }

  @Override
  public void fillSchedules(List<ScheduleRecord> schedules) {
    database.write(
        ConnectionUse.CALLERS,
        (session, now, news) ->
            fences.filling(session, () -> ScheduleRows.replaceAll(session, schedules, news)));
  }

  @Override
  public void fill(List<JobRecord> records, List<JobId> gone) {
    database.write(
        ConnectionUse.CALLERS,
        (session, now, news) ->
            fences.filling(session, () -> loads.replace(session, records, gone, now)));
  }

  @Override
  public Optional<Move> move() {
    return database.read(ConnectionUse.CALLERS, fences::move);
  }

  @Override
  public Duration fence(Move move) {
    return database.write(ConnectionUse.CALLERS, (session, now, news) -> fences.put(session, move));
  }

  @Override
  public void unfence() {
    database.write(ConnectionUse.CALLERS, (session, now, news) -> fences.remove(session));
  }

  @Override
  public List<JobId> arrive(String by, String why) {
    return database.write(
        ConnectionUse.CALLERS,
        (session, now, news) -> {
          fences.remove(session);
          return loads.releaseAll(session, by, why, now, news);
        });
  }
}
