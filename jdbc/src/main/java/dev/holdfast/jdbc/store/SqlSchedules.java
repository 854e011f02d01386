package dev.holdfast.jdbc.store;

import dev.holdfast.ScheduleFire;
import dev.holdfast.Schedules.Declared;
import dev.holdfast.spi.DueSchedules;
import dev.holdfast.spi.Fire;
import dev.holdfast.spi.JobDraft;
import dev.holdfast.spi.ScheduleRecord;
import dev.holdfast.spi.ScheduleStore;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Schedules over JDBC: their table stands in {@link ScheduleRows}, firing in {@link Fires}. */
final class SqlSchedules implements ScheduleStore {
  private final Database database;
  private final Dialect dialect;
  private final Fires fires;

  SqlSchedules(Database database, Dialect dialect, Enqueues enqueues) {
    this.database = database;
    this.dialect = dialect;
    this.fires = new Fires(dialect, enqueues);
  }

  @Override
  public Instant now() {
    return Micros.toInstant(database.now());
  }

  @Override
  public Declared put(ScheduleRecord schedule) {
    return database.write(
        ConnectionUse.CALLERS,
        (session, now, news) -> ScheduleRows.put(session, schedule, now, news));
  }

  @Override
  public List<ScheduleRecord> list() {
    return database.read(ConnectionUse.CALLERS, ScheduleRows::list);
  }

  @Override
  public Optional<ScheduleRecord> find(String name) {
    return database.read(ConnectionUse.CALLERS, session -> ScheduleRows.find(session, name));
  }

  @Override
  public List<ScheduleFire> fires(String name, int limit) {
    return database.read(ConnectionUse.CALLERS, session -> Fires.newest(session, name, limit));
  }

  @Override
  public boolean pause(String name) {
    return database.write(
        ConnectionUse.CALLERS, (session, now, news) -> ScheduleRows.pause(session, name, now));
  }

  @Override
  public boolean resume(String name, long version, Optional<Instant> next) {
    return database.write(
        ConnectionUse.CALLERS,
        (session, now, news) -> ScheduleRows.resume(session, name, version, next, now, news));
  }

  @Override
  public boolean remove(String name) {
    return database.write(
        ConnectionUse.CALLERS,
        (session, now, news) -> {
          boolean isRemoved = ScheduleRows.remove(session, name);
          Fires.forget(session, name);
          return isRemoved;
        });
  }

  @Override
  public DueSchedules due(int limit) {
    long now = database.now();
    return database.read(
        ConnectionUse.WORK,
        session -> ScheduleRows.due(session, limit, dialect.reached(session, now)));
  }

  @Override
  public boolean fire(Fire fire) {
    return database.write(
        ConnectionUse.WORK, (session, now, news) -> fires.fire(session, fire, now, news));
  }

  @Override
  public boolean trigger(String name, Instant slot, JobDraft job) {
    return database.write(
        ConnectionUse.CALLERS,
        (session, now, news) -> fires.trigger(session, name, slot, job, now, news));
  }
}
