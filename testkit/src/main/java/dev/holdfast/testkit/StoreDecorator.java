package dev.holdfast.testkit;

import dev.holdfast.Enqueued;
import dev.holdfast.Finding;
import dev.holdfast.Job;
import dev.holdfast.JobEvent;
import dev.holdfast.JobFilter;
import dev.holdfast.JobId;
import dev.holdfast.JobQueue.Changed;
import dev.holdfast.LogFilter;
import dev.holdfast.LogLine;
import dev.holdfast.NodeCommand;
import dev.holdfast.NodeId;
import dev.holdfast.NodePhase;
import dev.holdfast.Page;
import dev.holdfast.PageRequest;
import dev.holdfast.Predecessor;
import dev.holdfast.QueueStatus;
import dev.holdfast.RecoveryRecord;
import dev.holdfast.Retention;
import dev.holdfast.Transaction;
import dev.holdfast.Vitals;
import dev.holdfast.search.Scope;
import dev.holdfast.spi.Acknowledgement;
import dev.holdfast.spi.AttemptEnd;
import dev.holdfast.spi.BulkStore;
import dev.holdfast.spi.Claim;
import dev.holdfast.spi.Death;
import dev.holdfast.spi.Exchange;
import dev.holdfast.spi.HandlerOutput;
import dev.holdfast.spi.Insights;
import dev.holdfast.spi.JobLookup;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.Lapse;
import dev.holdfast.spi.Lease;
import dev.holdfast.spi.MaintenanceStore;
import dev.holdfast.spi.NodeInfo;
import dev.holdfast.spi.NodeSeen;
import dev.holdfast.spi.NodeStore;
import dev.holdfast.spi.Orphan;
import dev.holdfast.spi.Presence;
import dev.holdfast.spi.Promotion;
import dev.holdfast.spi.QueueStore;
import dev.holdfast.spi.RecoveryStore;
import dev.holdfast.spi.Registration;
import dev.holdfast.spi.Rescue;
import dev.holdfast.spi.RunningJob;
import dev.holdfast.spi.ScheduleStore;
import dev.holdfast.spi.ServedWork;
import dev.holdfast.spi.Signal;
import dev.holdfast.spi.StepStore;
import dev.holdfast.spi.Sweep;
import dev.holdfast.spi.Upkeep;
import dev.holdfast.spi.record.Archive;
import dev.holdfast.spi.record.EncodedUpdate;
import dev.holdfast.spi.record.JobDraft;
import dev.holdfast.spi.server.ServerStores;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A store in front of another one. Every call goes through {@link #call}; a subclass changes that,
 * or single methods.
 */
class StoreDecorator implements JobStore, JobLookup, NodeStore, RecoveryStore, MaintenanceStore {
  final JobStore behind;

  StoreDecorator(JobStore behind) {
    this.behind = behind;
  }

  /** Makes one call to the store behind. */
  <T> T call(String operation, Supplier<T> call) {
    return call.get();
  }

  private void run(String operation, Runnable call) {
    call(
        operation,
        () -> {
          call.run();
          return true;
        });
  }

  @Override
  public List<Enqueued> enqueue(List<JobDraft> jobs) {
    return call("enqueue", () -> behind.enqueue(jobs));
  }

  @Override
  public List<Enqueued> enqueue(Transaction transaction, List<JobDraft> jobs) {
    return call("enqueue", () -> behind.enqueue(transaction, jobs));
  }

  @Override
  public Exchange exchange(List<Acknowledgement> acknowledgements, Claim claim) {
    return call("exchange", () -> behind.exchange(acknowledgements, claim));
  }

  @Override
  public void note(List<HandlerOutput> notes) {
    run("note", () -> behind.note(notes));
  }

  @Override
  public Promotion promote(int limit) {
    return call("promote", () -> behind.promote(limit));
  }

  @Override
  public void registerRemote(NodeInfo node, ServedWork serves, Duration lease) {
    run("registerRemote", () -> behind.nodes().registerRemote(node, serves, lease));
  }

  @Override
  public Presence register(NodeInfo node, ServedWork serves, Duration lease) {
    return call("register", () -> behind.nodes().register(node, serves, lease));
  }

  @Override
  public NodeCommand heartbeat(NodeId node, Duration lease, NodePhase phase, Vitals vitals) {
    return call("heartbeat", () -> behind.nodes().heartbeat(node, lease, phase, vitals));
  }

  @Override
  public List<NodeId> command(NodeCommand command, List<NodeId> nodes) {
    return call("order", () -> behind.nodes().command(command, nodes));
  }

  @Override
  public void complete(
      Transaction transaction, Lease lease, Optional<String> result, Duration ran) {
    run("complete", () -> behind.complete(transaction, lease, result, ran));
  }

  @Override
  public void checkpoint(Lease lease, String name, Optional<String> state) {
    run("checkpoint", () -> behind.checkpoint(lease, name, state));
  }

  @Override
  public Map<String, String> checkpoints(JobId id) {
    return call("checkpoints", () -> behind.checkpoints(id));
  }

  @Override
  public List<RunningJob> running(Duration atLeast, JobFilter filter, int limit) {
    return call("running", () -> behind.recovery().running(atLeast, filter, limit));
  }

  @Override
  public List<Changed> resume(List<JobId> ids, String by) {
    return call("resume", () -> behind.resume(ids, by));
  }

  @Override
  public Sweep sweep(Retention retention, Optional<JobId> from, int limit) {
    return call("sweep", () -> behind.maintenance().sweep(retention, from, limit));
  }

  @Override
  public List<Predecessor> predecessors(JobId id, int from, int limit) {
    return call("predecessors", () -> behind.lookup().predecessors(id, from, limit));
  }

  @Override
  public List<Job> dependents(JobId id, PageRequest page) {
    return call("dependents", () -> behind.lookup().dependents(id, page));
  }

  @Override
  public List<Finding> examine() {
    return call("examine", behind.maintenance()::examine);
  }

  @Override
  public void deregister(NodeId node) {
    run("deregister", () -> behind.nodes().deregister(node));
  }

  @Override
  public void deregister(Death death) {
    run("deregister", () -> behind.recovery().deregister(death));
  }

  @Override
  public List<NodeSeen> seen() {
    return call("nodes", () -> behind.nodes().seen());
  }

  @Override
  public List<Death> deaths() {
    return call("deaths", () -> behind.recovery().deaths());
  }

  @Override
  public List<Orphan> orphans(Collection<Death> deaths, Optional<JobId> after, int limit) {
    return call("orphans", () -> behind.recovery().orphans(deaths, after, limit));
  }

  @Override
  public List<Orphan> strays(Optional<JobId> after, int limit) {
    return call("strays", () -> behind.recovery().strays(after, limit));
  }

  @Override
  public List<RecoveryRecord> recoveries(Optional<Long> before, int limit) {
    return behind.recovery().recoveries(before, limit);
  }

  @Override
  public List<Lapse> lapses(Optional<Lease> after, int limit) {
    return call("lapses", () -> behind.recovery().lapses(after, limit));
  }

  @Override
  public List<Lapse> settle(List<Lapse> lapses) {
    return call("settle", () -> behind.recovery().settle(lapses));
  }

  @Override
  public List<Lease> rescue(List<Rescue> rescues, String by) {
    return call("rescue", () -> behind.recovery().rescue(rescues, by));
  }

  @Override
  public void checkReady() {
    boolean unused =
        call(
            "checkReady",
            () -> {
              behind.maintenance().checkReady();
              return true;
            });
  }

  @Override
  public boolean hasUnsettled() {
    return call("hasUnsettled", behind.recovery()::hasUnsettled);
  }

  @Override
  public List<Lease> held(NodeId node) {
    return call("held", () -> behind.nodes().held(node));
  }

  @Override
  public List<Changed> cancel(List<JobId> ids, String by, Scope counted) {
    return call("cancel", () -> behind.cancel(ids, by, counted));
  }

  @Override
  public List<Changed> retry(List<JobId> ids, String by) {
    return call("retry", () -> behind.retry(ids, by));
  }

  @Override
  public List<Changed> move(List<JobId> ids, String queue) {
    return call("move", () -> behind.move(ids, queue));
  }

  @Override
  public Signalled signal(JobId id, String name, String payload, String by) {
    return call("signal", () -> behind.signal(id, name, payload, by));
  }

  @Override
  public Optional<String> signal(JobId id, String name) {
    return call("signal", () -> behind.signal(id, name));
  }

  @Override
  public Changed amend(JobId id, EncodedUpdate amendment, String by) {
    return call("amend", () -> behind.amend(id, amendment, by));
  }

  @Override
  public Optional<JobId> keyOwner(Optional<String> group, String type, String key) {
    return call("keyOwner", () -> behind.lookup().keyOwner(group, type, key));
  }

  @Override
  public List<Changed> delete(List<JobId> ids, String by, Scope counted) {
    return call("delete", () -> behind.delete(ids, by, counted));
  }

  @Override
  public Optional<Job> find(JobId id) {
    return call("find", () -> behind.find(id));
  }

  @Override
  public Page<Job> search(JobFilter filter, PageRequest page) {
    return call("list", () -> behind.search(filter, page));
  }

  @Override
  public List<JobEvent> events(JobId id) {
    return call("events", () -> behind.events(id));
  }

  @Override
  public List<LogLine> logs(LogFilter filter) {
    return call("logs", () -> behind.logs(filter));
  }

  @Override
  public Optional<String> lastGroup(String prefix) {
    return call("lastGroup", () -> behind.lookup().lastGroup(prefix));
  }

  @Override
  public Optional<AttemptEnd> endOf(Lease lease) {
    return behind.lookup().endOf(lease);
  }

  @Override
  public Optional<Registration> registration(NodeId node) {
    return behind.nodes().registration(node);
  }

  @Override
  public Upkeep upkeep() {
    return behind.maintenance().upkeep();
  }

  @Override
  public StepStore steps() {
    return facet(StepStore.class, behind.steps());
  }

  @Override
  public ScheduleStore schedules() {
    return facet(ScheduleStore.class, behind.schedules());
  }

  @Override
  public Archive archive() {
    return behind.maintenance().archive();
  }

  @Override
  public Subscription listen(Consumer<Signal> listener) {
    return behind.listen(listener);
  }

  @Override
  public void close() {
    behind.close();
  }

  @Override
  public List<QueueStatus.Node> list() {
    return call("nodes", () -> behind.nodes().list());
  }

  @Override
  public JobLookup lookup() {
    return this;
  }

  @Override
  public NodeStore nodes() {
    return this;
  }

  @Override
  public RecoveryStore recovery() {
    return this;
  }

  @Override
  public BulkStore bulkOperations() {
    return facet(BulkStore.class, behind.bulkOperations());
  }

  @Override
  public MaintenanceStore maintenance() {
    return this;
  }

  @Override
  public QueueStore queues() {
    return facet(QueueStore.class, behind.queues());
  }

  @Override
  public Insights insights() {
    return facet(Insights.class, behind.insights());
  }

  @Override
  public ServerStores server() {
    return behind.server();
  }

  /** Returns a part of the store behind, each call to which goes through {@link #call}. */
  private <F> F facet(Class<F> type, F part) {
    InvocationHandler calls =
        (proxy, method, arguments) -> call(method.getName(), () -> invoke(part, method, arguments));
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, calls));
  }

  private static @Nullable Object invoke(
      Object part, Method method, @Nullable Object @Nullable [] arguments) {
    try {
      return method.invoke(part, arguments);
    } catch (InvocationTargetException thrown) {
      if (thrown.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw (Error) thrown.getCause();
    } catch (IllegalAccessException closed) {
      throw new IllegalStateException("a method of a store is not public: a bug", closed);
    }
  }
}
