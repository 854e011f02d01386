package dev.holdfast.jdbc.store;

import dev.holdfast.JobId;
import dev.holdfast.JobQueue.Changed;
import dev.holdfast.JobState;
import dev.holdfast.jdbc.dialect.Dialect;
import dev.holdfast.jdbc.dialect.PostCommitSignals;
import dev.holdfast.jdbc.dialect.Tx;
import dev.holdfast.jdbc.search.JobFields;
import dev.holdfast.jdbc.sql.Micros;
import dev.holdfast.jdbc.sql.Row;
import dev.holdfast.jdbc.sql.Sql;
import dev.holdfast.spi.Signal;
import dev.holdfast.spi.record.EncodedUpdate;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Updates jobs that have not started. */
final class JobUpdates {
  private static final Sql LOOK =
      Sql.of("select state, priority, rank, run_at from jobs where id = :id");

  private static final Sql AMEND =
      Sql.of(
          """
          update jobs
             set priority = :priority, rank = :rank, run_at = :run_at, updated_at = :now
           where id = :id and state in ('SCHEDULED', 'BLOCKED', 'PENDING')
          """);

  private static final Sql PUT_OFF =
      Sql.of("update jobs set state = 'SCHEDULED' where id = :id and state = 'PENDING'");

  private static final Sql BRING_FORWARD =
      Sql.of("update jobs set state = 'PENDING' where id = :id and state = 'SCHEDULED'");

  private static final Sql VERSION =
      Sql.of("update jobs set payload_version = :version where id = :id");

  private static final Set<JobState> NOT_STARTED =
      EnumSet.of(JobState.SCHEDULED, JobState.BLOCKED, JobState.PENDING);

  private final Dialect dialect;
  private final Ranks ranks;
  private final EventWriter eventWriter;
  private final JobFields fields;

  JobUpdates(Dialect dialect, Ranks ranks, EventWriter eventWriter, JobFields fields) {
    this.fields = fields;
    this.dialect = dialect;
    this.ranks = ranks;
    this.eventWriter = eventWriter;
  }

  private record Seen(JobState state, int priority, long rank, long runAt) {}

  Changed amend(Tx tx, JobId id, EncodedUpdate change, String by) {
    dialect.hold(tx, List.of(id));
    Optional<Seen> before = tx.sql(LOOK).set("id", id).first(JobUpdates::seen);
    boolean may = before.filter(seen -> NOT_STARTED.contains(seen.state)).isPresent();
    if (may) {
      amend(tx, id, before.get(), change, by);
    }
    return new Changed(id, before.map(Seen::state), may);
  }

  private static Seen seen(Row row) {
    return new Seen(JobState.valueOf(row.text(1)), row.count(2), row.number(3), row.number(4));
  }

  private void amend(Tx tx, JobId id, Seen before, EncodedUpdate change, String by) {
    long runAt =
        change
            .runAt()
            .map(Micros::of)
            .or(() -> change.delay().map(delay -> tx.now() + Micros.of(delay)))
            .orElse(before.runAt);
    boolean isNewTime = change.runAt().isPresent() || change.delay().isPresent();
    JobState after = isNewTime ? after(before.state, runAt > tx.now()) : before.state;
    eventWriter.change(tx, id, after, by, change.summary());
    int rows =
        tx.sql(AMEND)
            .set("id", id)
            .set("priority", change.priority().orElse(before.priority))
            .set("rank", change.priority().map(JobUpdates::rank).orElse(before.rank))
            .set("run_at", runAt)
            .set("now", tx.now())
            .update();
    if (rows != 1) {
      throw new IllegalStateException("updating job %s changed %d rows: a bug".formatted(id, rows));
    }
    if (after != before.state) {
      tx.sql(after == JobState.PENDING ? BRING_FORWARD : PUT_OFF).set("id", id).update();
    }
    change.payload().ifPresent(payload -> putPayload(tx, id, payload, change));
    tell(id, after, tx.postCommit());
    boolean isMoved = change.priority().isPresent() || after != before.state;
    if (isMoved && after == JobState.PENDING) {
      ranks.settle(tx, List.of(id));
    }
  }

  private static JobState after(JobState before, boolean isEarly) {
    if (before == JobState.BLOCKED) {
      return before;
    }
    return isEarly ? JobState.SCHEDULED : JobState.PENDING;
  }

  /** Returns the rank by priority, as at the enqueue. */
  private static long rank(int priority) {
    return -(long) priority;
  }

  private void putPayload(Tx tx, JobId id, String payload, EncodedUpdate change) {
    tx.sql(dialect.putPayload()).set("id", id).set("payload", payload).update();
    tx.sql(VERSION).set("id", id).set("version", change.payloadVersion()).update();
    fields.add(tx, List.of(id));
  }

  private static void tell(JobId id, JobState after, PostCommitSignals postCommit) {
    if (after == JobState.PENDING) {
      postCommit.reopened(id);
    }
    if (after == JobState.SCHEDULED) {
      postCommit.add(Signal.SCHEDULED);
    }
  }
}
