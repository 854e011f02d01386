package dev.holdfast.jdbc.store;

import dev.holdfast.Enqueued;
import dev.holdfast.Finding;
import dev.holdfast.Finding.Gravity;
import dev.holdfast.Job;
import dev.holdfast.JobEvent;
import dev.holdfast.JobFilter;
import dev.holdfast.JobId;
import dev.holdfast.JobQueue.Changed;
import dev.holdfast.Lease;
import dev.holdfast.LogFilter;
import dev.holdfast.LogLine;
import dev.holdfast.NodeId;
import dev.holdfast.NodeOrder;
import dev.holdfast.NodePhase;
import dev.holdfast.PageRequest;
import dev.holdfast.Predecessor;
import dev.holdfast.QueueSettings;
import dev.holdfast.QueueStatus;
import dev.holdfast.QueueSummary;
import dev.holdfast.Retention;
import dev.holdfast.RunNext;
import dev.holdfast.StaleLeaseException;
import dev.holdfast.StorageException;
import dev.holdfast.Transaction;
import dev.holdfast.Transition;
import dev.holdfast.Vitals;
import dev.holdfast.spi.Acknowledgement;
import dev.holdfast.spi.AlertStore;
import dev.holdfast.spi.Amendment;
import dev.holdfast.spi.Archive;
import dev.holdfast.spi.AuditLog;
import dev.holdfast.spi.Claim;
import dev.holdfast.spi.Death;
import dev.holdfast.spi.Exchange;
import dev.holdfast.spi.Insights;
import dev.holdfast.spi.JobDraft;
import dev.holdfast.spi.JobRecord;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.NodeInfo;
import dev.holdfast.spi.NodeSeen;
import dev.holdfast.spi.Notes;
import dev.holdfast.spi.Orphan;
import dev.holdfast.spi.Presence;
import dev.holdfast.spi.Promotion;
import dev.holdfast.spi.Rescue;
import dev.holdfast.spi.RunningJob;
import dev.holdfast.spi.ScheduleStore;
import dev.holdfast.spi.Serves;
import dev.holdfast.spi.Signal;
import dev.holdfast.spi.Situation;
import dev.holdfast.spi.Sweep;
import dev.holdfast.spi.TokenStore;
import dev.holdfast.spi.Upkeep;
import dev.holdfast.spi.WebhookStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import java.util.function.UnaryOperator;

/** The store over JDBC: each operation is one transaction, and its work stands in its own room. */
public final class SqlJobStore implements JobStore {
  private final Database database;
  private final Liveness liveness;
  private final Notebook notebook = new Notebook();
  private final Endings endings;
  private final QueueView view = new QueueView();
  private final JobLanes lanes = new JobLanes(view);
  private final ByHand byHand;
  private final Ranks ranks;
  private final Orders orders;
  private final Completions completions;
  private final JobSignals signals;
  private final Enqueues enqueues;
  private final EnqueueGroups enqueueGroups;
  private final ExchangeTransactions exchanges;
  private final Controls controls;
  private final Amendments amendments;
  private final Sweeps sweeps;
  private final Promotions promotions;
  private final Dialect dialect;
  private final SqlArchive archive;
  private final SqlSchedules schedules;
  private final SqlTokens tokens;
  private final SqlAudit audit;
  private final SqlWebhooks webhooks;
  private final SqlAlerts alerts;
  private final SqlInsights insights;

  /** A store of this dialect. */
  public SqlJobStore(Database database, Dialect dialect, Liveness liveness) {
    this.database = database;
    this.liveness = liveness;
    this.dialect = dialect;
    this.ranks = new Ranks(dialect, view);
    this.orders = new Orders(database, dialect, ranks, view);
    Dependents dependents = new Dependents(dialect, ranks, notebook);
    this.signals = new JobSignals(dialect, dependents, notebook);
    this.endings = new Endings(dialect, dependents, signals, notebook);
    this.completions = new Completions(dialect, dependents);
    this.enqueues =
        new Enqueues(dialect, lanes, ranks, new Predecessors(dialect, lanes, dependents));
    this.enqueueGroups = new EnqueueGroups(database, enqueues);
    this.byHand = new ByHand(dialect);
    Claims claims = new Claims(dialect, lanes, view);
    this.exchanges =
        new ExchangeTransactions(
            database, new Exchanges(dialect, completions, endings, notebook, claims), claims);
    this.controls = new Controls(dialect, ranks, dependents, notebook);
    this.amendments = new Amendments(dialect, ranks, notebook);
    this.sweeps = new Sweeps(dialect);
    this.archive = new SqlArchive(database, dialect, endings, ranks, view, dependents, lanes);
    this.promotions = new Promotions(dialect, ranks, signals);
    this.tokens = new SqlTokens(database);
    this.audit = new SqlAudit(database);
    this.webhooks = new SqlWebhooks(database, dialect, enqueues);
    this.alerts = new SqlAlerts(database);
    this.insights = new SqlInsights(database);
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
      return database.writeIn(
          transaction, (session, now, news) -> enqueues.enqueue(session, jobs, now, news));
    }
    ToLongFunction<JobDraft> booked =
        database.writeBeside(transaction, (session, now, news) -> ranks.of(session, jobs, now));
    return database.writeIn(
        transaction,
        (session, now, news) -> enqueues.enqueueBooked(session, jobs, booked, now, news));
  }

  @Override
  public Exchange exchange(List<Acknowledgement> acknowledgements, Claim claim) {
    return exchanges.exchange(acknowledgements, claim);
  }

  @Override
  public void complete(
      Transaction transaction, Lease lease, Optional<String> result, Duration ran) {
    Acknowledgement end =
        new Acknowledgement(lease, new Transition.Complete(result), ran, Notes.none(lease));
    int refused =
        database.writeIn(
            transaction,
            (session, now, news) -> completions.complete(session, List.of(end), now, news).size());
    if (refused > 0) {
      throw new StaleLeaseException(lease);
    }
  }

  @Override
  public void checkpoint(Lease lease, String name, Optional<String> state) {
    database.write(
        ConnectionUse.CALLERS,
        (session, now, news) -> {
          dialect.hold(session, List.of(lease.job()));
          if (state.isPresent()) {
            Checkpoints.save(session, lease, name, state.get(), now);
          } else {
            Checkpoints.remove(session, lease, name);
          }
          return lease;
        });
  }

  @Override
  public Map<String, String> checkpoints(JobId id) {
    return database.read(ConnectionUse.CALLERS, session -> Checkpoints.all(session, id));
  }

  @Override
  public void note(List<Notes> notes) {
    database.write(
        ConnectionUse.WORK,
        (session, now, news) -> {
          dialect.hold(session, notes.stream().map(said -> said.lease().job()).toList());
          notes.forEach(said -> notebook.write(session, said, now));
          return notes.size();
        });
  }

  /** Looks before it writes: most of the time nothing is due. */
  @Override
  public Promotion promote(int limit) {
    Optional<Long> due = database.read(ConnectionUse.WORK, Promotions::nextDue);
    long now = database.now();
    if (due.isEmpty() || due.get() > now) {
      return new Promotion(0, due.map(at -> Promotions.untilDue(at, now)));
    }
    return database.write(
        ConnectionUse.WORK,
        (session, stamp, news) -> promotions.promote(session, limit, stamp, news));
  }

  @Override
  public Presence register(NodeInfo node, Serves serves, Duration lease) {
    Presence presence = liveness.announce(node);
    registerRemote(node, serves, lease);
    return presence;
  }

  @Override
  public void registerRemote(NodeInfo node, Serves serves, Duration lease) {
    database.write(
        ConnectionUse.HEARTBEAT,
        (session, now, news) -> {
          Nodes.register(session, node, serves, lease, now);
          return node;
        });
  }

  @Override
  public NodeOrder heartbeat(NodeId node, Duration lease, NodePhase phase, Vitals vitals) {
    return database.write(
        ConnectionUse.HEARTBEAT,
        (session, now, news) -> Nodes.heartbeat(session, node, lease, phase, vitals, now));
  }

  @Override
  public List<NodeId> order(NodeOrder order, List<NodeId> nodes) {
    return database.write(
        ConnectionUse.CALLERS,
        (session, now, news) -> {
          news.add(Signal.ORDERED);
          return Nodes.order(session, order, nodes);
        });
  }

  @Override
  public void bury(NodeId node) {
    database.write(
        ConnectionUse.HEARTBEAT,
        (session, now, news) -> {
          Nodes.bury(session, node, now);
          return node;
        });
    liveness.bury(node);
  }

  @Override
  public void bury(Death death) {
    boolean buried =
        database.write(
            ConnectionUse.HEARTBEAT,
            (session, now, news) -> {
              dialect.hold(session, death.node());
              boolean still = Nodes.isStill(session, death);
              if (still && Nodes.bury(session, death.node(), now)) {
                Deliveries.tellOfLost(session, death, now);
              }
              return still;
            });
    if (buried) {
      liveness.bury(death.node());
    }
  }

  @Override
  public List<NodeSeen> nodes() {
    long now = database.now();
    return database.read(ConnectionUse.WORK, session -> Nodes.living(session, now));
  }

  @Override
  public List<Death> deaths() {
    return liveness.deaths();
  }

  @Override
  public List<Orphan> orphans(Collection<Death> deaths, int limit) {
    return database.read(
        ConnectionUse.WORK, session -> Nodes.orphans(session, deaths, limit, liveness));
  }

  @Override
  public List<Orphan> strays(int limit) {
    return database.read(ConnectionUse.WORK, session -> Nodes.strays(session, limit));
  }

  @Override
  public List<Lease> rescue(List<Rescue> rescues, String by) {
    return database.write(
        ConnectionUse.WORK,
        (session, now, news) -> endings.byOther(session, rescues, by, now, news));
  }

  @Override
  public List<RunningJob> running(Duration atLeast, JobFilter filter, int limit) {
    long now = database.now();
    return database.read(
        ConnectionUse.CALLERS, session -> RunningJobs.find(session, atLeast, filter, limit, now));
  }

  @Override
  public List<Lease> held(NodeId node) {
    return database.read(ConnectionUse.WORK, session -> Nodes.held(session, node));
  }

  @Override
  public List<Lease> held(NodeId node, Collection<JobId> jobs) {
    return database.read(ConnectionUse.WORK, session -> dialect.held(session, node, jobs));
  }

  @Override
  public List<Changed> cancel(List<JobId> ids, String by) {
    return database.write(
        ConnectionUse.CALLERS,
        (session, now, news) -> controls.cancel(session, ids, by, now, news));
  }

  @Override
  public List<Changed> retry(List<JobId> ids, String by) {
    return database.write(
        ConnectionUse.CALLERS, (session, now, news) -> controls.retry(session, ids, by, now, news));
  }

  @Override
  public List<Changed> resume(List<JobId> ids, String by) {
    return database.write(
        ConnectionUse.CALLERS,
        (session, now, news) -> controls.resume(session, ids, by, now, news));
  }

  @Override
  public List<Changed> move(List<JobId> ids, String queue) {
    return database.write(
        ConnectionUse.CALLERS,
        (session, now, news) -> controls.move(session, ids, queue, now, news));
  }

  @Override
  public Signalled signal(JobId id, String name, String payload, String by) {
    return database.write(
        ConnectionUse.CALLERS,
        (session, now, news) -> signals.send(session, id, name, payload, by, now, news));
  }

  @Override
  public Optional<String> signal(JobId id, String name) {
    return database
        .read(ConnectionUse.CALLERS, session -> JobSignals.find(session, id, name))
        .flatMap(JobRecord.Signal::payload);
  }

  @Override
  public Changed amend(JobId id, Amendment amendment, String by) {
    return database.write(
        ConnectionUse.CALLERS,
        (session, now, news) -> amendments.amend(session, id, amendment, by, now, news));
  }

  @Override
  public Optional<JobId> keyOwner(Optional<String> group, String type, String key) {
    long now = database.now();
    return database.read(
        ConnectionUse.CALLERS, session -> Enqueues.keyOwner(session, group, type, key, now));
  }

  @Override
  public List<Changed> delete(List<JobId> ids) {
    return database.write(
        ConnectionUse.CALLERS, (session, now, news) -> controls.delete(session, ids, now, news));
  }

  @Override
  public Sweep sweep(Retention retention, Optional<JobId> from, int limit) {
    return database.write(
        ConnectionUse.CALLERS,
        (session, now, news) -> sweeps.sweep(session, retention, from, limit, now));
  }

  @Override
  public QueueSettings settings(String queue) {
    return database.read(
        ConnectionUse.CALLERS, session -> QueueRows.get(session, queue).settings());
  }

  @Override
  public QueueSettings configure(String queue, UnaryOperator<QueueSettings> change) {
    return orders.configure(queue, change);
  }

  @Override
  public int reorder(int limit) {
    return orders.reorder(limit);
  }

  @Override
  public void limitType(String type, Optional<Integer> concurrency) {
    database.write(
        ConnectionUse.CALLERS,
        (session, now, news) -> TypeLimits.put(session, type, concurrency, news));
    view.forget();
  }

  @Override
  public RunNext runNext(String queue, String by) {
    return database.write(
        ConnectionUse.CALLERS, (session, now, news) -> byHand.next(session, queue, now, news));
  }

  @Override
  public Map<String, Integer> typeLimits() {
    return database.read(ConnectionUse.CALLERS, TypeLimits::all);
  }

  @Override
  public boolean pauseQueue(String queue, String by) {
    return database.write(
        ConnectionUse.CALLERS,
        (session, now, news) -> QueueRows.pause(session, queue, by, now, news));
  }

  @Override
  public boolean resumeQueue(String queue) {
    return database.write(
        ConnectionUse.CALLERS, (session, now, news) -> QueueRows.resume(session, queue, now, news));
  }

  @Override
  public List<QueueSummary> queues() {
    long now = database.now();
    return database.read(ConnectionUse.CALLERS, session -> QueueSummaries.all(session, now));
  }

  @Override
  public Optional<Situation> situation(JobId id) {
    long now = database.now();
    return database.read(ConnectionUse.CALLERS, session -> Situations.of(session, id, now));
  }

  @Override
  public List<Predecessor> predecessors(JobId id, int from, int limit) {
    return database.read(
        ConnectionUse.CALLERS, session -> Predecessors.list(session, id, from, limit));
  }

  @Override
  public List<Job> dependents(JobId id, PageRequest page) {
    return database.read(ConnectionUse.CALLERS, session -> Reads.dependents(session, id, page));
  }

  @Override
  public List<Finding> examine() {
    long now = database.now();
    List<Finding> findings = new ArrayList<>(database.examine());
    try {
      findings.addAll(
          database.read(ConnectionUse.CALLERS, session -> Examination.of(session, now)));
    } catch (StorageException unreadable) {
      boolean isExplained = findings.stream().anyMatch(known -> known.gravity() == Gravity.ERROR);
      if (!isExplained) {
        throw unreadable;
      }
    }
    findings.sort(Comparator.comparing(Finding::gravity));
    return findings;
  }

  @Override
  public Optional<Job> find(JobId id) {
    return database.read(ConnectionUse.CALLERS, session -> Reads.find(session, id));
  }

  @Override
  public List<Job> list(JobFilter filter, PageRequest page) {
    return database.read(ConnectionUse.CALLERS, session -> Reads.list(session, filter, page));
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
  public Optional<String> lastGroup(String prefix) {
    return database.read(ConnectionUse.CALLERS, session -> Reads.lastGroup(session, prefix));
  }

  @Override
  public QueueStatus status() {
    QueueStatus.Database described = database.describe();
    long now = database.now();
    return database.read(ConnectionUse.CALLERS, session -> Health.status(session, now, described));
  }

  @Override
  public TokenStore tokens() {
    return tokens;
  }

  @Override
  public WebhookStore webhooks() {
    return webhooks;
  }

  @Override
  public AlertStore alerts() {
    return alerts;
  }

  @Override
  public AuditLog audit() {
    return audit;
  }

  @Override
  public Insights insights() {
    return insights;
  }

  @Override
  public Upkeep upkeep() {
    return database.upkeep();
  }

  @Override
  public ScheduleStore schedules() {
    return schedules;
  }

  @Override
  public Archive archive() {
    return archive;
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
