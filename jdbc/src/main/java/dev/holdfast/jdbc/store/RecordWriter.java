package dev.holdfast.jdbc.store;

import dev.holdfast.Job;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.OnSignalTimeout;
import dev.holdfast.Progress;
import dev.holdfast.jdbc.dialect.Dialect;
import dev.holdfast.jdbc.dialect.JobLanes;
import dev.holdfast.jdbc.dialect.Place;
import dev.holdfast.jdbc.dialect.PostCommitSignals;
import dev.holdfast.jdbc.dialect.Tx;
import dev.holdfast.jdbc.search.JobFields;
import dev.holdfast.jdbc.sql.IdLists;
import dev.holdfast.jdbc.sql.Micros;
import dev.holdfast.jdbc.sql.Row;
import dev.holdfast.jdbc.sql.Session;
import dev.holdfast.jdbc.sql.Sql;
import dev.holdfast.jdbc.store.Dependents.Cause;
import dev.holdfast.jdbc.store.Dependents.Ended;
import dev.holdfast.spi.Lease;
import dev.holdfast.spi.Rescue;
import dev.holdfast.spi.Signal;
import dev.holdfast.spi.Transition;
import dev.holdfast.spi.record.JobRecord;
import dev.holdfast.spi.record.KeyRecord;
import dev.holdfast.step.Step;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Writes whole jobs, as read by {@link RecordReader}. */
final class RecordWriter {
  private static final Sql EXISTS = Sql.of("select 1 from jobs where id = :id");

  private static final Sql DELETE = Sql.of("delete from jobs where id = :id");

  private static final Sql PUT_EVENT =
      Sql.of(
          """
          insert into job_events
            (job_id, at, from_state, to_state, by_whom, why, attempt, node, run_at, started_at,
             finished_at, failure_kind, failure_message, failure_trace)
          values
            (:job_id, :at, :from_state, :to_state, :by_whom, :why, :attempt, :node, :run_at,
             :started_at, :finished_at, :failure_kind, :failure_message, :failure_trace)
          """);

  private static final Sql PUT_CHECKPOINT =
      Sql.of(
          """
          insert into job_checkpoints (job_id, name, state, attempt, saved_at)
          values (:job_id, :name, :state, :attempt, :saved_at)
          """);

  private static final Sql PUT_STEP =
      Sql.of(
          """
          insert into job_steps
            (job_id, position, name, kind, result, attempt, started_at, finished_at, until)
          values
            (:job_id, :position, :name, :kind, :result, :attempt, :started_at, :finished_at, :until)
          """);

  private static final Sql PUT_WAIT =
      Sql.of(
          """
          insert into job_waits (job_id, position, on_id, if_failed, satisfied_at)
          values (:job_id, :position, :on_id, :if_failed, :satisfied_at)
          """);

  /** Marks a job's waits for predecessors that have ended, which nothing else will notice. */
  private static final Sql ABANDON_OWN =
      Sql.of(
          """
          update job_waits set adopted = 0
           where job_id = :id and satisfied_at is null
             and exists (select 1 from jobs p
                          where p.id = job_waits.on_id and p.finished_at is not null)
          """);

  /** Marks waits of other jobs whose predecessor was loaded later. */
  private static final Sql ABANDON_OTHERS =
      Sql.of(
          """
          update job_waits set adopted = 0
           where on_id = :id and satisfied_at is null
             and exists (select 1 from jobs p
                          where p.id = job_waits.on_id and p.finished_at is not null)
          """);

  private static final Sql PUT_SIGNAL =
      Sql.of(
          """
          insert into job_signals
            (job_id, name, payload, sent_at, sent_by, awaited_until, if_late)
          values (:job_id, :name, :payload, :sent_at, :sent_by, :awaited_until, :if_late)
          """);

  private static final Sql PUT_COUNTS =
      Sql.of("update jobs set waits = :waits, awaited = :awaited where id = :id");

  /** Finds predecessors that had ended by the time they were read, after their dependents. */
  private static final Sql ENDED =
      IdLists.in(
          "select id, state from jobs where id in (%s) and finished_at is not null and awaited >"
              + " 0");

  private static final Sql PUT_PROGRESS =
      Sql.of(
          """
          insert into job_progress (job_id, percent, message, at)
          values (:job_id, :percent, :message, :at)
          """);

  /** Writes the displayed data of a node that ran a job. The node is elsewhere, or gone. */
  private static final Sql PUT_NODE =
      Sql.of(
          """
          insert into nodes
            (id, name, host, process_id, start_ticks, boot_id, pid_namespace, version, phase,
             started_at, heartbeat_at, heartbeats, lease_until, ended_at)
          values
            (:id, :name, :host, :process_id, 0, '', '', '', 'quiet', :now, :now, 0, :now, :now)
          on conflict (id) do nothing
          """);

  private static final Sql RUNNING =
      Sql.of("select id, token, attempt, node from jobs where state = 'RUNNING'");

  private static final Sql RUNNING_ONE =
      Sql.of("select id, token, attempt, node from jobs where id = :id and state = 'RUNNING'");

  private final Dialect dialect;
  private final Ranks ranks;
  private final Endings endings;
  private final Dependents dependents;
  private final JobLanes lanes;
  private final JobFields fields;

  RecordWriter(
      Dialect dialect,
      Endings endings,
      Ranks ranks,
      Dependents dependents,
      JobLanes lanes,
      JobFields fields) {
    this.fields = fields;
    this.dialect = dialect;
    this.ranks = ranks;
    this.dependents = dependents;
    this.endings = endings;
    this.lanes = lanes;
  }

  /** Gives back those of these jobs that are running. */
  void release(Tx tx, List<JobId> ids, String by, String why) {
    List<Lease> leases =
        ids.stream()
            .flatMap(id -> tx.sql(RUNNING_ONE).set("id", id).list(RecordWriter::lease).stream())
            .toList();
    releaseLeases(tx, leases, by, why);
  }

  /** Gives back all running jobs. */
  List<JobId> releaseAll(Tx tx, String by, String why) {
    List<Lease> leases = tx.sql(RUNNING).list(RecordWriter::lease);
    releaseLeases(tx, leases, by, why);
    return leases.stream().map(Lease::job).toList();
  }

  private void releaseLeases(Tx tx, List<Lease> leases, String by, String why) {
    Transition back = new Transition.Release(why);
    List<Rescue> rescues =
        leases.stream().map(lease -> Rescue.regardless(lease, back, false, why)).toList();
    List<Lease> released = endings.byOther(tx, rescues, by);
    if (released.size() != leases.size()) {
      throw new IllegalStateException(
          "of %d jobs %d were given back: a bug".formatted(leases.size(), released.size()));
    }
  }

  private static Lease lease(Row row) {
    return new Lease(new JobId(row.id(1)), row.number(2), row.count(3), Nodes.holder(row));
  }

  List<JobId> load(Tx tx, List<JobRecord> records) {
    List<JobRecord> fresh =
        records.stream()
            .filter(record -> !exists(tx, record.job().id()))
            .map(RecordWriter::atItsPlace)
            .toList();
    put(tx, fresh);
    fresh.forEach(record -> tell(record, tx.postCommit()));
    List<JobId> ids = fresh.stream().map(record -> record.job().id()).toList();
    ranks.settle(tx, ids);
    catchUp(tx, fresh);
    return ids;
  }

  /** Resets the rank, which means nothing here; {@link Ranks} knows the queue's order. */
  private static JobRecord atItsPlace(JobRecord record) {
    return record.job().state() == JobState.PENDING
        ? record.withRank(-(long) record.job().priority())
        : record;
  }

  /**
   * Ends waits that are over: an export reads one job after another, so predecessors or dependents
   * may have ended in between.
   */
  private void catchUp(Tx tx, List<JobRecord> records) {
    Set<JobId> perhapsEnded = new HashSet<>();
    for (JobRecord record : records) {
      if (record.waiting().awaited() > 0) {
        perhapsEnded.add(record.job().id());
      }
      record.waiting().jobs().stream()
          .filter(wait -> wait.satisfiedAt().isEmpty())
          .forEach(wait -> perhapsEnded.add(wait.on()));
    }
    dialect.hold(tx, perhapsEnded);
    List<Ended> ended =
        IdLists.list(
            tx,
            ENDED,
            perhapsEnded,
            row -> new Ended(new JobId(row.id(1)), JobState.valueOf(row.text(2))));
    dependents.follow(tx, ended, Cause.NONE);
  }

  static boolean exists(Session session, JobId id) {
    return session.sql(EXISTS).set("id", id).first(row -> true).isPresent();
  }

  private void tell(JobRecord record, PostCommitSignals postCommit) {
    Job job = record.job();
    if (job.state() == JobState.PENDING) {
      postCommit.arrived(lanes.idOf(job), new Place(record.rank(), Micros.of(job.runAt())));
    }
    if (job.state() == JobState.SCHEDULED) {
      postCommit.add(Signal.SCHEDULED);
    }
  }

  int replace(Tx tx, List<JobRecord> records, List<JobId> gone) {
    gone.forEach(id -> delete(tx, id));
    records.forEach(record -> delete(tx, record.job().id()));
    records.forEach(record -> KeyRows.free(tx, record));
    put(tx, records);
    for (JobRecord record : records) {
      JobId id = record.job().id();
      if (!record.waiting().jobs().isEmpty()) {
        tx.sql(ABANDON_OWN).set("id", id).update();
      }
      if (record.waiting().awaited() > 0) {
        tx.sql(ABANDON_OTHERS).set("id", id).update();
      }
    }
    return records.size();
  }

  /**
   * Deletes a job in any state, as no node runs it here; a key that outlives it is loaded later.
   */
  private void delete(Tx tx, JobId id) {
    if (exists(tx, id)) {
      OperatorActions.forgetKey(tx, id);
      dialect.deletes().forEach(delete -> tx.sql(delete).set("id", id).update());
      tx.sql(DELETE).set("id", id).update();
    }
  }

  /** Frees the key for the job that has it in the other database. */
  private void put(Tx tx, List<JobRecord> records) {
    lanes.put(tx, records.stream().flatMap(record -> lanes.of(record.job()).stream()).toList());
    dialect.load(tx, records, lanes);
    fields.add(tx, records.stream().map(record -> record.job().id()).toList());
    Set<Job.Holder> holders = new HashSet<>();
    for (JobRecord record : records) {
      record.job().holder().ifPresent(holders::add);
      putBeside(tx, record);
    }
    holders.stream()
        .filter(holder -> !holder.name().isEmpty())
        .forEach(holder -> putNode(tx, holder));
  }

  private static void putBeside(Tx tx, JobRecord record) {
    JobId id = record.job().id();
    record.events().forEach(event -> putEvent(tx, id, event));
    record.checkpoints().forEach(saved -> putCheckpoint(tx, id, saved));
    putSteps(tx, id, record.steps());
    putWaiting(tx, id, record.waiting());
    record.job().progress().ifPresent(progress -> putProgress(tx, record, progress));
    record.logs().forEach(line -> LogRows.put(tx, id, line));
    record
        .keyUntil()
        .ifPresent(
            until ->
                KeyRows.put(
                    tx,
                    new KeyRecord(
                        record.job().group().orElse(""),
                        record.job().type(),
                        record.job().key().orElseThrow(),
                        id,
                        until)));
  }

  private static void putEvent(Tx tx, JobId id, JobRecord.Event stored) {
    tx.sql(PUT_EVENT)
        .set("job_id", id)
        .set("at", Micros.of(stored.event().at()))
        .set("from_state", stored.event().from().orElseThrow().name())
        .set("to_state", stored.event().to().name())
        .set("by_whom", stored.event().by())
        .set("why", stored.event().why())
        .set("attempt", stored.event().attempt())
        .set("node", stored.node())
        .set("run_at", Micros.of(stored.runAt()))
        .set("started_at", stored.startedAt().map(Micros::of))
        .set("finished_at", stored.finishedAt().map(Micros::of))
        .set("failure_kind", stored.event().failure().map(failure -> failure.kind().name()))
        .set("failure_message", stored.event().failure().map(failure -> failure.message()))
        .set("failure_trace", stored.event().failure().map(failure -> failure.trace()))
        .update();
  }

  private static void putCheckpoint(Tx tx, JobId id, JobRecord.Checkpoint saved) {
    tx.sql(PUT_CHECKPOINT)
        .set("job_id", id)
        .set("name", saved.name())
        .set("state", saved.state())
        .set("attempt", saved.attempt())
        .set("saved_at", Micros.of(saved.savedAt()))
        .update();
  }

  private static void putSteps(Tx tx, JobId id, List<Step> steps) {
    tx.updateEach(
        PUT_STEP,
        steps,
        (put, step) ->
            put.set("job_id", id)
                .set("position", step.position())
                .set("name", step.name())
                .set("kind", step.kind().name())
                .set("result", step.result())
                .set("attempt", step.attempt())
                .set("started_at", Micros.of(step.startedAt()))
                .set("finished_at", step.finishedAt().map(Micros::of))
                .set("until", step.until().map(Micros::of)));
  }

  private static void putWaiting(Tx tx, JobId id, JobRecord.Waiting waiting) {
    if (waiting.equals(JobRecord.Waiting.none())) {
      return;
    }
    tx.sql(PUT_COUNTS)
        .set("id", id)
        .set("waits", waiting.open())
        .set("awaited", waiting.awaited())
        .update();
    tx.updateEach(
        PUT_WAIT,
        waiting.jobs(),
        (put, wait) ->
            put.set("job_id", id)
                .set("position", wait.position())
                .set("on_id", wait.on())
                .set("if_failed", wait.ifFailed().name())
                .set("satisfied_at", wait.satisfiedAt().map(Micros::of)));
    tx.updateEach(
        PUT_SIGNAL,
        waiting.signals(),
        (put, signal) ->
            put.set("job_id", id)
                .set("name", signal.name())
                .set("payload", signal.payload())
                .set("sent_at", signal.sentAt().map(Micros::of))
                .set("sent_by", signal.sentBy())
                .set("awaited_until", signal.awaitedUntil().map(Micros::of))
                .set("if_late", signal.ifLate().map(OnSignalTimeout::name)));
  }

  private static void putProgress(Tx tx, JobRecord record, Progress progress) {
    tx.sql(PUT_PROGRESS)
        .set("job_id", record.job().id())
        .set("percent", progress.percent())
        .set("message", progress.message())
        .set("at", Micros.of(record.progressAt().orElse(record.job().updatedAt())))
        .update();
  }

  private static void putNode(Tx tx, Job.Holder holder) {
    tx.sql(PUT_NODE)
        .set("id", holder.node())
        .set("name", holder.name())
        .set("host", holder.host())
        .set("process_id", holder.processId())
        .set("now", tx.now())
        .update();
  }
}
