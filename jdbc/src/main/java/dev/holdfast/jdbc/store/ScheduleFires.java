package dev.holdfast.jdbc.store;

import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.ScheduleFire;
import dev.holdfast.ScheduleFire.Kind;
import dev.holdfast.jdbc.dialect.Dialect;
import dev.holdfast.jdbc.dialect.Tx;
import dev.holdfast.jdbc.sql.Micros;
import dev.holdfast.jdbc.sql.Session;
import dev.holdfast.jdbc.sql.Sql;
import dev.holdfast.spi.Fire;
import dev.holdfast.spi.record.JobDraft;
import dev.holdfast.timetable.Overlap;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Fires schedules. The transaction that moves a schedule on from its fire time holds its row to the
 * end; a second one then finds the schedule moved. The unique record of each fire time is a second
 * guard, for schedules that were set back, as by a restored copy.
 */
final class ScheduleFires {
  private static final Sql MOVE_ON =
      Sql.of(
          """
          update schedules set next_slot = :next_slot
           where name = :name and version = :version and next_slot = :slot
             and paused_at is null and next_slot <= :now
          """);

  private static final Sql LAST_STATE =
      Sql.of(
          """
          select j.state from schedules s join jobs j on j.id = s.last_job where s.name = :name
          """);

  private static final Sql REMEMBER =
      Sql.of(
          """
          insert into schedule_fires (schedule, slot, kind, job_id, fired_at)
          values (:schedule, :slot, :kind, :job_id, :now)
          on conflict (schedule, slot) do nothing
          """);

  private static final Sql FIRED =
      Sql.of(
          """
          update schedules set last_slot = :slot, last_job = :job_id where name = :name
          """);

  private static final Sql OVERLAP = Sql.of("select overlap from schedules where name = :name");

  private static final Sql NEWEST =
      Sql.of(
          """
          select slot, kind, job_id, fired_at from schedule_fires
           where schedule = :schedule order by slot desc limit :limit
          """);

  private static final Sql FORGET = Sql.of("delete from schedule_fires where schedule = :schedule");

  private final Dialect dialect;
  private final Enqueues enqueues;

  ScheduleFires(Dialect dialect, Enqueues enqueues) {
    this.dialect = dialect;
    this.enqueues = enqueues;
  }

  boolean fire(Tx tx, Fire fire) {
    int moved =
        tx.sql(MOVE_ON)
            .set("name", fire.schedule())
            .set("version", fire.version())
            .set("slot", Micros.of(fire.slot()))
            .set("next_slot", fire.next().map(Micros::of))
            .set("now", dialect.reached(tx, tx.now()))
            .update();
    if (moved == 0) {
      return false;
    }
    boolean mayOverlap = mayOverlap(tx, fire.schedule());
    boolean isBusy = !mayOverlap && isLastUnfinished(tx, fire.schedule());
    List<JobDraft> jobs = new ArrayList<>();
    for (Fire.Slot slot : fire.slots()) {
      Fire.Slot done = isBusy && slot.job().isPresent() ? overlapped(slot) : slot;
      if (remember(tx, fire.schedule(), done) && done.job().isPresent()) {
        jobs.add(done.job().get());
        fired(tx, fire.schedule(), done);
        isBusy = !mayOverlap;
      }
    }
    enqueues.enqueue(tx, jobs);
    return true;
  }

  private static boolean mayOverlap(Session session, String schedule) {
    return session
        .sql(OVERLAP)
        .set("name", schedule)
        .first(row -> Overlap.valueOf(row.text(1)) == Overlap.ALLOW)
        .orElse(true);
  }

  private static boolean isLastUnfinished(Session session, String schedule) {
    return session
        .sql(LAST_STATE)
        .set("name", schedule)
        .first(row -> !JobState.valueOf(row.text(1)).isFinished())
        .orElse(false);
  }

  private static Fire.Slot overlapped(Fire.Slot slot) {
    return new Fire.Slot(slot.at(), Kind.OVERLAPPED, Optional.empty());
  }

  private static boolean remember(Tx tx, String schedule, Fire.Slot slot) {
    return tx.sql(REMEMBER)
            .set("schedule", schedule)
            .set("slot", Micros.of(slot.at()))
            .set("kind", slot.kind().name())
            .set("job_id", slot.job().map(JobDraft::id))
            .set("now", tx.now())
            .update()
        == 1;
  }

  private static void fired(Tx tx, String schedule, Fire.Slot slot) {
    tx.sql(FIRED)
        .set("name", schedule)
        .set("slot", Micros.of(slot.at()))
        .set("job_id", slot.job().map(JobDraft::id))
        .update();
  }

  boolean trigger(Tx tx, String schedule, Instant at, JobDraft job) {
    if (tx.sql(OVERLAP).set("name", schedule).first(row -> true).isEmpty()) {
      return false;
    }
    Fire.Slot slot = new Fire.Slot(at, Kind.BY_HAND, Optional.of(job));
    while (!remember(tx, schedule, slot)) {
      slot = new Fire.Slot(slot.at().plusNanos(2_000), Kind.BY_HAND, Optional.of(job));
    }
    enqueues.enqueue(tx, List.of(job));
    return true;
  }

  static List<ScheduleFire> newest(Session session, String schedule, int limit) {
    return session
        .sql(NEWEST)
        .set("schedule", schedule)
        .set("limit", limit)
        .list(
            row ->
                new ScheduleFire(
                    Micros.toInstant(row.number(1)),
                    Kind.valueOf(row.text(2)),
                    row.maybeId(3).map(JobId::new),
                    Micros.toInstant(row.number(4))));
  }

  static int forget(Tx tx, String schedule) {
    return tx.sql(FORGET).set("schedule", schedule).update();
  }
}
