package dev.holdfast.testkit;

import dev.holdfast.ScheduleFire;
import dev.holdfast.Schedules.Declared;
import dev.holdfast.spi.DueSchedules;
import dev.holdfast.spi.Fire;
import dev.holdfast.spi.ScheduleStore;
import dev.holdfast.spi.record.JobDraft;
import dev.holdfast.spi.record.ScheduleRecord;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The schedules of a store, each call to which goes through that store's decorator. */
record ScheduleStoreDecorator(StoreDecorator store) implements ScheduleStore {
  private ScheduleStore behind() {
    return store.behind.schedules();
  }

  @Override
  public Instant now() {
    return store.call("now", () -> behind().now());
  }

  @Override
  public Declared put(ScheduleRecord schedule) {
    return store.call("put schedule", () -> behind().put(schedule));
  }

  @Override
  public List<ScheduleRecord> list() {
    return store.call("list schedules", () -> behind().list());
  }

  @Override
  public Optional<ScheduleRecord> find(String name) {
    return store.call("find schedule", () -> behind().find(name));
  }

  @Override
  public List<ScheduleFire> fires(String name, int limit) {
    return store.call("fires", () -> behind().fires(name, limit));
  }

  @Override
  public boolean pause(String name) {
    return store.call("pause schedule", () -> behind().pause(name));
  }

  @Override
  public boolean resume(String name, long version, Optional<Instant> next) {
    return store.call("resume schedule", () -> behind().resume(name, version, next));
  }

  @Override
  public boolean remove(String name) {
    return store.call("remove schedule", () -> behind().remove(name));
  }

  @Override
  public DueSchedules due(int limit) {
    return store.call("due schedules", () -> behind().due(limit));
  }

  @Override
  public boolean fire(Fire fire) {
    return store.call("fire", () -> behind().fire(fire));
  }

  @Override
  public boolean trigger(String name, Instant slot, JobDraft job) {
    return store.call("trigger", () -> behind().trigger(name, slot, job));
  }
}
