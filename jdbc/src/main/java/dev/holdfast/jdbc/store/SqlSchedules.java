package dev.holdfast.jdbc.store;

import dev.holdfast.ScheduleFire;
import dev.holdfast.Schedules.Declared;
import dev.holdfast.jdbc.dialect.ConnectionUse;
import dev.holdfast.jdbc.dialect.Database;
import dev.holdfast.jdbc.dialect.Dialect;
import dev.holdfast.jdbc.sql.Micros;
import dev.holdfast.spi.DueSchedules;
import dev.holdfast.spi.Fire;
import dev.holdfast.spi.ScheduleStore;
import dev.holdfast.spi.record.JobDraft;
import dev.holdfast.spi.record.ScheduleRecord;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Schedules over JDBC: {@link ScheduleRows} has the table, {@link ScheduleFires} fires. */
final class SqlSchedules implements ScheduleStore {
  private final Database database;
  private final Dialect dialect;
  private final ScheduleFires scheduleFires;

  SqlSchedules(Database database, Dialect dialect, Enqueues enqueues) {
    this.database = database;
    this.dialect = dialect;
    this.scheduleFires = new ScheduleFires(dialect, enqueues);
  }

  @Override
  public Instant now() {
    return Micros.toInstant(database.now());
  }

  @Override
  public Declared put(ScheduleRecord schedule) {
    return database.write(ConnectionUse.CALLERS, tx -> ScheduleRows.put(tx, schedule));
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
    return database.read(
        ConnectionUse.CALLERS, session -> ScheduleFires.newest(session, name, limit));
  }

  @Override
  public boolean pause(String name) {
    return database.write(ConnectionUse.CALLERS, tx -> ScheduleRows.pause(tx, name));
  }

  @Override
  public boolean resume(String name, long version, Optional<Instant> next) {
    return database.write(
        ConnectionUse.CALLERS, tx -> ScheduleRows.resume(tx, name, version, next));
  }

  @Override
  public boolean remove(String name) {
    return database.write(
        ConnectionUse.CALLERS,
        tx -> {
          boolean isRemoved = ScheduleRows.remove(tx, name);
          ScheduleFires.forget(tx, name);
          return isRemoved;
        });
  }

  @Override
  public DueSchedules due(int limit) {
    long now = database.now();
    return database.read(
        ConnectionUse.DUTIES,
        session -> ScheduleRows.due(session, limit, dialect.reached(session, now)));
  }

  @Override
  public boolean fire(Fire fire) {
    return database.write(ConnectionUse.DUTIES, tx -> scheduleFires.fire(tx, fire));
  }

  @Override
  public boolean trigger(String name, Instant slot, JobDraft job) {
    return database.write(ConnectionUse.CALLERS, tx -> scheduleFires.trigger(tx, name, slot, job));
  }
}
