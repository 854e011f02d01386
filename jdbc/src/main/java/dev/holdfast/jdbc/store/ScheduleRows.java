package dev.holdfast.jdbc.store;

import dev.holdfast.JobId;
import dev.holdfast.Schedules.Declared;
import dev.holdfast.check.Limits;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.jdbc.dialect.Tx;
import dev.holdfast.jdbc.sql.Bound;
import dev.holdfast.jdbc.sql.Micros;
import dev.holdfast.jdbc.sql.Row;
import dev.holdfast.jdbc.sql.Session;
import dev.holdfast.jdbc.sql.Sql;
import dev.holdfast.spi.DueSchedules;
import dev.holdfast.spi.Signal;
import dev.holdfast.spi.record.ScheduleRecord;
import dev.holdfast.timetable.MissedFires;
import dev.holdfast.timetable.Overlap;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The table of schedules: declares, pauses, resumes and reads them. */
final class ScheduleRows {
  private static final Sql COUNT = Sql.of("select count(*) from schedules");

  private static final Sql ALL = Sql.of("select * from schedules order by name");

  private static final Sql FIND = Sql.of("select * from schedules where name = :name");

  private static final Sql INSERT =
      Sql.of(
          """
          insert into schedules
            (name, cron, every_us, zone, job, missed, missed_after_us, missed_most, overlap,
             declared_by, paused_at, next_slot, last_slot, last_job, version, created_at, updated_at)
          values
            (:name, :cron, :every_us, :zone, :job, :missed, :missed_after_us, :missed_most, :overlap,
             :declared_by, :paused_at, :next_slot, :last_slot, :last_job, :version, :created_at,
             :updated_at)
          on conflict (name) do nothing
          """);

  private static final Sql REPLACE =
      Sql.of(
          """
          update schedules
             set cron = :cron, every_us = :every_us, zone = :zone, job = :job, missed = :missed,
                 missed_after_us = :missed_after_us, missed_most = :missed_most, overlap = :overlap,
                 declared_by = :declared_by, next_slot = :next_slot, version = version + 1,
                 updated_at = :updated_at
           where name = :name and version = :version
             and next_slot is not distinct from :stood
          """);

  private static final Sql PAUSE =
      Sql.of(
          """
          update schedules set paused_at = :now, version = version + 1, updated_at = :now
           where name = :name and paused_at is null
          """);

  private static final Sql RESUME =
      Sql.of(
          """
          update schedules
             set paused_at = null, next_slot = :next_slot, version = version + 1, updated_at = :now
           where name = :name and version = :version and paused_at is not null
          """);

  private static final Sql DELETE = Sql.of("delete from schedules where name = :name");

  private static final Sql DELETE_ALL = Sql.of("delete from schedules");

  private static final Sql DUE =
      Sql.of(
          """
          select * from schedules
           where paused_at is null and next_slot <= :now order by next_slot, name limit :limit
          """);

  private static final Sql NEXT_DUE =
      Sql.of(
          """
          select next_slot from schedules
           where paused_at is null and next_slot > :now order by next_slot limit 1
          """);

  private ScheduleRows() {}

  static Declared put(Tx tx, ScheduleRecord asked) {
    while (true) {
      Optional<ScheduleRecord> known = find(tx, asked.name());
      if (known.isEmpty()) {
        checkCount(tx);
      }
      Optional<Declared> declared = declare(tx, known, asked);
      if (declared.isPresent()) {
        tx.postCommit().add(Signal.SCHEDULES);
        return declared.get();
      }
    }
  }

  /** Declares a schedule; empty if another caller or a fire changed it meanwhile. */
  private static Optional<Declared> declare(
      Tx tx, Optional<ScheduleRecord> known, ScheduleRecord asked) {
    if (known.isEmpty()) {
      return insert(tx, asked, tx.now(), tx.now())
          ? Optional.of(Declared.CREATED)
          : Optional.empty();
    }
    if (known.get().saysTheSame(asked)) {
      return Optional.of(Declared.UNCHANGED);
    }
    return replace(tx, known.get(), asked) ? Optional.of(Declared.CHANGED) : Optional.empty();
  }

  private static void checkCount(Session session) {
    if (session.sql(COUNT).number() >= Limits.SCHEDULES_MAX) {
      throw new InvalidRequestException(
          "a queue has at most %,d schedules: remove those that are not needed"
              .formatted(Limits.SCHEDULES_MAX));
    }
  }

  private static boolean insert(Tx tx, ScheduleRecord schedule, long createdAt, long updatedAt) {
    return words(tx.sql(INSERT), schedule)
            .set("paused_at", schedule.pausedAt().map(Micros::of))
            .set("next_slot", schedule.nextSlot().map(Micros::of))
            .set("last_slot", schedule.lastSlot().map(Micros::of))
            .set("last_job", schedule.lastJob())
            .set("version", schedule.version())
            .set("created_at", createdAt)
            .set("updated_at", updatedAt)
            .update()
        == 1;
  }

  private static boolean replace(Tx tx, ScheduleRecord known, ScheduleRecord asked) {
    Optional<Instant> next = known.hasTimetableOf(asked) ? known.nextSlot() : asked.nextSlot();
    return words(tx.sql(REPLACE), asked)
            .set("next_slot", next.map(Micros::of))
            .set("stood", known.nextSlot().map(Micros::of))
            .set("version", known.version())
            .set("updated_at", tx.now())
            .update()
        == 1;
  }

  private static Bound words(Bound statement, ScheduleRecord schedule) {
    return statement
        .set("name", schedule.name())
        .set("cron", schedule.cron())
        .set("every_us", schedule.every().map(Micros::of))
        .set("zone", schedule.zone())
        .set("job", schedule.job())
        .set("missed", schedule.missed().policy().name())
        .set("missed_after_us", Micros.of(schedule.missed().after()))
        .set("missed_most", schedule.missed().most())
        .set("overlap", schedule.overlap().name())
        .set("declared_by", schedule.declaredBy());
  }

  static List<ScheduleRecord> list(Session session) {
    return session.sql(ALL).list(ScheduleRows::schedule);
  }

  static Optional<ScheduleRecord> find(Session session, String name) {
    return session.sql(FIND).set("name", name).first(ScheduleRows::schedule);
  }

  static boolean pause(Tx tx, String name) {
    return tx.sql(PAUSE).set("name", name).set("now", tx.now()).update() == 1;
  }

  static boolean resume(Tx tx, String name, long version, Optional<Instant> next) {
    tx.postCommit().add(Signal.SCHEDULES);
    return tx.sql(RESUME)
            .set("name", name)
            .set("version", version)
            .set("next_slot", next.map(Micros::of))
            .set("now", tx.now())
            .update()
        == 1;
  }

  static boolean remove(Tx tx, String name) {
    return tx.sql(DELETE).set("name", name).update() == 1;
  }

  static DueSchedules due(Session session, int limit, long now) {
    return new DueSchedules(
        Micros.toInstant(now),
        session.sql(DUE).set("now", now).set("limit", limit).list(ScheduleRows::schedule),
        session.sql(NEXT_DUE).set("now", now).first(row -> Micros.toDuration(row.number(1) - now)));
  }

  /** Writes schedules whose names are free, with their fire times. */
  static int load(Tx tx, List<ScheduleRecord> schedules) {
    tx.postCommit().add(Signal.SCHEDULES);
    return (int)
        schedules.stream()
            .filter(one -> insert(tx, one, Micros.of(one.createdAt()), Micros.of(one.updatedAt())))
            .count();
  }

  static int replaceAll(Tx tx, List<ScheduleRecord> schedules) {
    tx.sql(DELETE_ALL).update();
    return load(tx, schedules);
  }

  private static ScheduleRecord schedule(Row row) {
    return new ScheduleRecord(
        row.text("name"),
        row.maybeText("cron"),
        row.maybeNumber("every_us").map(Micros::toDuration),
        row.text("zone"),
        row.text("job"),
        new MissedFires(
            MissedFires.Policy.valueOf(row.text("missed")),
            Micros.toDuration(row.number("missed_after_us")),
            row.count("missed_most")),
        Overlap.valueOf(row.text("overlap")),
        row.text("declared_by"),
        row.maybeInstant("paused_at"),
        row.maybeInstant("next_slot"),
        row.maybeInstant("last_slot"),
        row.maybeId("last_job").map(JobId::new),
        row.number("version"),
        row.instant("created_at"),
        row.instant("updated_at"));
  }
}
