package dev.holdfast.testkit;

import dev.holdfast.Enqueued;
import dev.holdfast.Finding;
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
import dev.holdfast.Transaction;
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
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * A store in front of another one. Every call goes through {@link #call}; a subclass changes that,
 * or single methods.
 */
class StoreDecorator implements JobStore {
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
  public void note(List<Notes> notes) {
    run("note", () -> behind.note(notes));
  }

  @Override
  public Promotion promote(int limit) {
    return call("promote", () -> behind.promote(limit));
  }

  @Override
  public void registerRemote(NodeInfo node, Serves serves, Duration lease) {
    run("registerRemote", () -> behind.registerRemote(node, serves, lease));
  }

  @Override
  public Presence register(NodeInfo node, Serves serves, Duration lease) {
    return call("register", () -> behind.register(node, serves, lease));
  }

  @Override
  public NodeOrder heartbeat(NodeId node, Duration lease, NodePhase phase, Vitals vitals) {
    return call("heartbeat", () -> behind.heartbeat(node, lease, phase, vitals));
  }

  @Override
  public List<NodeId> order(NodeOrder order, List<NodeId> nodes) {
    return call("order", () -> behind.order(order, nodes));
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
    return call("running", () -> behind.running(atLeast, filter, limit));
  }

  @Override
  public List<Changed> resume(List<JobId> ids, String by) {
    return call("resume", () -> behind.resume(ids, by));
  }

  @Override
  public Sweep sweep(Retention retention, Optional<JobId> from, int limit) {
    return call("sweep", () -> behind.sweep(retention, from, limit));
  }

  @Override
  public QueueSettings settings(String queue) {
    return call("settings", () -> behind.settings(queue));
  }

  @Override
  public QueueSettings configure(String queue, UnaryOperator<QueueSettings> change) {
    return call("configure", () -> behind.configure(queue, change));
  }

  @Override
  public int reorder(int limit) {
    return call("reorder", () -> behind.reorder(limit));
  }

  @Override
  public boolean pauseQueue(String queue, String by) {
    return call("pauseQueue", () -> behind.pauseQueue(queue, by));
  }

  @Override
  public boolean resumeQueue(String queue) {
    return call("resumeQueue", () -> behind.resumeQueue(queue));
  }

  @Override
  public List<QueueSummary> queues() {
    return call("queues", behind::queues);
  }

  @Override
  public void limitType(String type, Optional<Integer> concurrency) {
    run("limitType", () -> behind.limitType(type, concurrency));
  }

  @Override
  public RunNext runNext(String queue, String by) {
    return call("runNext", () -> behind.runNext(queue, by));
  }

  @Override
  public Map<String, Integer> typeLimits() {
    return call("typeLimits", behind::typeLimits);
  }

  @Override
  public Optional<Situation> situation(JobId id) {
    return call("situation", () -> behind.situation(id));
  }

  @Override
  public List<Predecessor> predecessors(JobId id, int from, int limit) {
    return call("predecessors", () -> behind.predecessors(id, from, limit));
  }

  @Override
  public List<Job> dependents(JobId id, PageRequest page) {
    return call("dependents", () -> behind.dependents(id, page));
  }

  @Override
  public List<Finding> examine() {
    return call("examine", behind::examine);
  }

  @Override
  public void bury(NodeId node) {
    run("bury", () -> behind.bury(node));
  }

  @Override
  public void bury(Death death) {
    run("bury", () -> behind.bury(death));
  }

  @Override
  public List<NodeSeen> nodes() {
    return call("nodes", () -> behind.nodes());
  }

  @Override
  public List<Death> deaths() {
    return call("deaths", () -> behind.deaths());
  }

  @Override
  public List<Orphan> orphans(Collection<Death> deaths, int limit) {
    return call("orphans", () -> behind.orphans(deaths, limit));
  }

  @Override
  public List<Orphan> strays(int limit) {
    return call("strays", () -> behind.strays(limit));
  }

  @Override
  public List<Lease> rescue(List<Rescue> rescues, String by) {
    return call("rescue", () -> behind.rescue(rescues, by));
  }

  @Override
  public List<Lease> held(NodeId node) {
    return call("held", () -> behind.held(node));
  }

  @Override
  public List<Changed> cancel(List<JobId> ids, String by) {
    return call("cancel", () -> behind.cancel(ids, by));
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
  public Changed amend(JobId id, Amendment amendment, String by) {
    return call("amend", () -> behind.amend(id, amendment, by));
  }

  @Override
  public Optional<JobId> keyOwner(Optional<String> group, String type, String key) {
    return call("keyOwner", () -> behind.keyOwner(group, type, key));
  }

  @Override
  public List<Changed> delete(List<JobId> ids) {
    return call("delete", () -> behind.delete(ids));
  }

  @Override
  public Optional<Job> find(JobId id) {
    return call("find", () -> behind.find(id));
  }

  @Override
  public List<Job> list(JobFilter filter, PageRequest page) {
    return call("list", () -> behind.list(filter, page));
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
    return call("lastGroup", () -> behind.lastGroup(prefix));
  }

  @Override
  public QueueStatus status() {
    return call("status", () -> behind.status());
  }

  @Override
  public TokenStore tokens() {
    return behind.tokens();
  }

  @Override
  public Insights insights() {
    return behind.insights();
  }

  @Override
  public Upkeep upkeep() {
    return behind.upkeep();
  }

  @Override
  public AuditLog audit() {
    return behind.audit();
  }

  @Override
  public WebhookStore webhooks() {
    return behind.webhooks();
  }

  @Override
  public AlertStore alerts() {
    return behind.alerts();
  }

  @Override
  public ScheduleStore schedules() {
    return new ScheduleStoreDecorator(this);
  }

  @Override
  public Archive archive() {
    return behind.archive();
  }

  @Override
  public Subscription listen(Consumer<Signal> listener) {
    return behind.listen(listener);
  }

  @Override
  public void close() {
    behind.close();
  }
}
