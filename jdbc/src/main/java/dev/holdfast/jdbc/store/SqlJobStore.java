package dev.holdfast.jdbc.store;

import dev.holdfast.Enqueued;
import dev.holdfast.Job;
import dev.holdfast.JobEvent;
import dev.holdfast.JobFilter;
import dev.holdfast.JobId;
import dev.holdfast.JobQueue.Changed;
import dev.holdfast.LogFilter;
import dev.holdfast.LogLine;
import dev.holdfast.Page;
import dev.holdfast.PageRequest;
import dev.holdfast.Transaction;
import dev.holdfast.jdbc.dialect.ConnectionUse;
import dev.holdfast.jdbc.dialect.Database;
import dev.holdfast.jdbc.dialect.Dialect;
import dev.holdfast.jdbc.dialect.JobLanes;
import dev.holdfast.jdbc.dialect.Liveness;
import dev.holdfast.jdbc.dialect.QueueView;
import dev.holdfast.jdbc.search.FieldBackfill;
import dev.holdfast.jdbc.search.JobFields;
import dev.holdfast.jdbc.search.JobSearch;
import dev.holdfast.jdbc.search.Reads;
import dev.holdfast.jdbc.sql.Halving;
import dev.holdfast.jdbc.sql.Micros;
import dev.holdfast.jdbc.store.Dependents.Cause;
import dev.holdfast.search.Scope;
import dev.holdfast.spi.Acknowledgement;
import dev.holdfast.spi.BulkStore;
import dev.holdfast.spi.Claim;
import dev.holdfast.spi.Exchange;
import dev.holdfast.spi.HandlerOutput;
import dev.holdfast.spi.Insights;
import dev.holdfast.spi.JobLookup;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.Lease;
import dev.holdfast.spi.MaintenanceStore;
import dev.holdfast.spi.NodeStore;
import dev.holdfast.spi.Promotion;
import dev.holdfast.spi.QueueStore;
import dev.holdfast.spi.RecoveryStore;
import dev.holdfast.spi.ScheduleStore;
import dev.holdfast.spi.Signal;
import dev.holdfast.spi.StepStore;
import dev.holdfast.spi.Transition;
import dev.holdfast.spi.record.EncodedUpdate;
import dev.holdfast.spi.record.JobDraft;
import dev.holdfast.spi.record.JobRecord;
import dev.holdfast.spi.server.ServerStores;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;

/**
 * The store over JDBC: each operation is one transaction, and its work is in a class of its own.
 */
public final class SqlJobStore implements JobStore {
  private final Database database;
  private final EventWriter eventWriter = new EventWriter();
  private final QueueView view = new QueueView();
  private final JobLanes lanes = new JobLanes(view);
  private final JobFields fields = new JobFields(view);
  private final Ranks ranks;
  private final Completions completions;
  private final JobSignals signals;
  private final Enqueues enqueues;
  private final EnqueueGroups enqueueGroups;
  private final Exchanges exchanges;
  private final OperatorActions operatorActions;
  private final OperatorBatches operators;
  private final JobUpdates jobUpdates;
  private final Promotions promotions;
  private final Adoptions adoptions;
  private final ClockSteps clockSteps;
  private final Dialect dialect;
  private final SqlSchedules schedules;
  private final SqlInsights insights;
  private final JobLookup lookup;
  private final Steps steps;
  private final SqlQueues queues;
  private final SqlNodes nodes;
  private final SqlRecovery recovery;
  private final SqlMaintenance maintenance;
  private final SqlBulkStore bulkOperations;
  private final SqlServerStores server;

  /** A store of this dialect. */
  public SqlJobStore(Database database, Dialect dialect, Liveness liveness) {
    this.database = database;
    this.dialect = dialect;
    this.ranks = new Ranks(dialect, view);
    this.queues =
        new SqlQueues(
            database, dialect, new ClaimOrderSwitch(database, dialect, ranks, view), view);
    this.nodes = new SqlNodes(database, dialect, liveness);
    Dependents dependents = new Dependents(dialect, ranks, eventWriter);
    this.signals = new JobSignals(dialect, dependents, eventWriter);
    Predecessors predecessors = new Predecessors(dialect, lanes, dependents);
    Endings endings = new Endings(dialect, dependents, signals, predecessors, eventWriter);
    this.recovery = new SqlRecovery(database, dialect, liveness, endings);
    this.completions = new Completions(dialect, dependents);
    this.enqueues = new Enqueues(dialect, lanes, ranks, predecessors, fields);
    this.enqueueGroups = new EnqueueGroups(database, enqueues);
    Claims claims = new Claims(dialect, lanes, view);
    this.exchanges =
        new Exchanges(
            database,
            new Ends(database, dialect, completions, endings, eventWriter, claims),
            claims);
    this.operators = new OperatorBatches(database, dialect);
    this.operatorActions = new OperatorActions(dialect, ranks, dependents, eventWriter, fields);
    this.jobUpdates = new JobUpdates(dialect, ranks, eventWriter, fields);
    this.bulkOperations =
        new SqlBulkStore(
            database,
            dialect,
            operatorActions,
            jobUpdates,
            new FieldBackfill(database, dialect, view, fields));
    this.maintenance =
        new SqlMaintenance(
            database,
            new Sweeps(dialect, lanes),
            new SqlArchive(database, dialect, endings, ranks, view, dependents, lanes, fields),
            new Reviews(database, operators, operatorActions, dependents, eventWriter));
    this.promotions = new Promotions(dialect, ranks, signals);
    this.clockSteps = new ClockSteps(database, dialect);
    this.adoptions = new Adoptions(database, dialect, dependents);
    this.server = SqlServerStores.of(database, dialect, enqueues);
    this.insights = new SqlInsights(database, dialect);
    this.lookup = new SqlLookup(database);
    this.steps = new Steps(database, dialect, operators, operatorActions);
    this.schedules = new SqlSchedules(database, dialect, enqueues);
  }

  @Override
  public List<Enqueued> enqueue(List<JobDraft> jobs) {
    lanes.prepare(database, jobs);
    return enqueueGroups.enqueue(jobs);
  }

  @Override
  public List<Enqueued> enqueue(Transaction transaction, List<JobDraft> jobs) {
    lanes.prepare(database, transaction, jobs);
    if (!database.read(
        ConnectionUse.CALLERS, session -> ranks.takesTurns(session, jobs, database.now()))) {
      return database.writeIn(transaction, tx -> enqueues.enqueueIn(tx, jobs));
    }
    ToLongFunction<JobDraft> booked = database.writeBeside(transaction, tx -> ranks.of(tx, jobs));
    return database.writeIn(transaction, tx -> enqueues.enqueueBooked(tx, jobs, booked));
  }

  @Override
  public Exchange exchange(List<Acknowledgement> acknowledgements, Claim claim) {
    return exchanges.exchange(acknowledgements, claim);
  }

  @Override
  public void complete(
      Transaction transaction, Lease lease, Optional<String> result, Duration ran) {
    Acknowledgement end =
        new Acknowledgement(lease, new Transition.Complete(result), ran, HandlerOutput.none(lease));
    boolean isDone = database.writeIn(transaction, tx -> completions.completeInCallers(tx, end));
    if (!isDone) {
      throw lease.stale();
    }
  }

  @Override
  public void checkpoint(Lease lease, String name, Optional<String> state) {
    database.write(
        ConnectionUse.CALLERS,
        tx -> {
          dialect.hold(tx, List.of(lease.job()));
          if (state.isPresent()) {
            Checkpoints.save(tx, lease, name, state.get());
          } else {
            Checkpoints.remove(tx, lease, name);
          }
          return lease;
        });
  }

  @Override
  public Map<String, String> checkpoints(JobId id) {
    return database.read(ConnectionUse.CALLERS, session -> Checkpoints.all(session, id));
  }

  @Override
  public void note(List<HandlerOutput> notes) {
    Halving.run(
        notes, this::write, some -> write(some.stream().map(HandlerOutput::linesOnly).toList()));
  }

  /**
   * Lines need no lock on the job's row; progress of jobs that others have locked follows later.
   */
  private int write(List<HandlerOutput> notes) {
    return database.write(
        ConnectionUse.DUTIES,
        tx -> {
          Set<JobId> free =
              dialect.holdFree(tx, notes.stream().map(said -> said.lease().job()).toList());
          for (HandlerOutput said : notes) {
            eventWriter.writeWithinLimit(
                tx, free.contains(said.lease().job()) ? said : said.linesOnly());
          }
          return notes.size();
        });
  }

  /** Looks before it writes: most of the time nothing is due. */
  @Override
  public Promotion promote(int limit) {
    clockSteps.countAgain();
    Optional<Long> due = database.read(ConnectionUse.DUTIES, Promotions::nextDue);
    long now = database.now();
    Optional<Duration> adoptAgain = adoptions.adopt(limit);
    if (due.isEmpty() || due.get() > now) {
      return new Promotion(0, due.map(at -> Promotions.untilDue(at, now))).atLatest(adoptAgain);
    }
    return database
        .write(ConnectionUse.DUTIES, tx -> promotions.promote(tx, limit))
        .atLatest(adoptAgain);
  }

  @Override
  public List<Changed> cancel(List<JobId> ids, String by, Scope counted) {
    Cause cause = new Cause(by, counted);
    return operators.change(ids, (tx, free) -> operatorActions.cancel(tx, free, cause));
  }

  @Override
  public List<Changed> retry(List<JobId> ids, String by) {
    return operators.change(ids, (tx, free) -> operatorActions.retry(tx, free, by));
  }

  @Override
  public List<Changed> resume(List<JobId> ids, String by) {
    return operators.change(ids, (tx, free) -> operatorActions.resume(tx, free, by));
  }

  @Override
  public List<Changed> move(List<JobId> ids, String queue) {
    return operators.change(ids, (tx, free) -> operatorActions.move(tx, free, queue));
  }

  @Override
  public Signalled signal(JobId id, String name, String payload, String by) {
    return database.write(ConnectionUse.CALLERS, tx -> signals.send(tx, id, name, payload, by));
  }

  @Override
  public Optional<String> signal(JobId id, String name) {
    return database
        .read(ConnectionUse.CALLERS, session -> JobSignals.find(session, id, name))
        .flatMap(JobRecord.Signal::payload);
  }

  @Override
  public Changed amend(JobId id, EncodedUpdate amendment, String by) {
    return database.write(ConnectionUse.CALLERS, tx -> jobUpdates.amend(tx, id, amendment, by));
  }

  @Override
  public List<Changed> delete(List<JobId> ids, String by, Scope counted) {
    Cause cause = new Cause(by, counted);
    return operators.delete(ids, (tx, free) -> operatorActions.delete(tx, free, cause));
  }

  @Override
  public Optional<Job> find(JobId id) {
    return database.read(ConnectionUse.CALLERS, session -> Reads.find(session, id));
  }

  @Override
  public Page<Job> search(JobFilter filter, PageRequest page) {
    filter.checkOrder();
    JobFilter dated = filter.at(Micros.toInstant(database.now()));
    return database.read(ConnectionUse.CALLERS, session -> JobSearch.page(session, dated, page));
  }

  @Override
  public List<JobEvent> events(JobId id) {
    return database.read(ConnectionUse.CALLERS, session -> Reads.events(session, id));
  }

  @Override
  public List<LogLine> logs(LogFilter filter) {
    return database.read(ConnectionUse.CALLERS, session -> Reads.logs(session, filter));
  }

  @Override
  public JobLookup lookup() {
    return lookup;
  }

  @Override
  public StepStore steps() {
    return steps;
  }

  @Override
  public Insights insights() {
    return insights;
  }

  @Override
  public ScheduleStore schedules() {
    return schedules;
  }

  @Override
  public QueueStore queues() {
    return queues;
  }

  @Override
  public NodeStore nodes() {
    return nodes;
  }

  @Override
  public RecoveryStore recovery() {
    return recovery;
  }

  @Override
  public BulkStore bulkOperations() {
    return bulkOperations;
  }

  @Override
  public MaintenanceStore maintenance() {
    return maintenance;
  }

  @Override
  public ServerStores server() {
    return server;
  }

  @Override
  public Subscription listen(Consumer<Signal> listener) {
    return database.listen(
        signal -> {
          if (signal == Signal.QUEUES) {
            view.forget();
          }
          listener.accept(signal);
        });
  }

  @Override
  public void close() {
    database.close();
  }
}
