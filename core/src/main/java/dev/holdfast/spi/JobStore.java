package dev.holdfast.spi;

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
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * The only door to a database. {@code JobStoreContract} in the test kit is its specification.
 *
 * <p>Every write is one transaction, durable when the call returns. A call that throws {@link
 * dev.holdfast.StoreUnavailableException} or {@link dev.holdfast.StorageException} may have
 * happened all the same; enqueues, exchanges and rescues may therefore be repeated, with no effect
 * if they had happened.
 *
 * <p>Safe for use by several threads.
 */
public interface JobStore extends AutoCloseable {

  /**
   * Writes new jobs, all or none; an id that is there already was written by an earlier try.
   *
   * @param jobs one that waits for another of them stands behind it
   * @throws dev.holdfast.InvalidRequestException if one waits for a job that does not exist
   */
  List<Enqueued> enqueue(List<JobDraft> jobs);

  /**
   * The same, as a part of the caller's transaction.
   *
   * @throws dev.holdfast.InvalidRequestException if the transaction is of another kind
   */
  List<Enqueued> enqueue(Transaction transaction, List<JobDraft> jobs);

  /**
   * Ends attempts and begins others, in one transaction. An acknowledgement whose lease has ended
   * changes nothing and is reported; one that had been accepted before is accepted again.
   */
  Exchange exchange(List<Acknowledgement> acknowledgements, Claim claim);

  /**
   * Completes a job as a part of the caller's transaction. If that is rolled back, nothing has
   * happened.
   *
   * @param result JSON, or empty
   * @param ran how long the handler ran
   * @throws dev.holdfast.StaleLeaseException if the lease has ended
   * @throws dev.holdfast.InvalidRequestException if the transaction is of another kind
   */
  void complete(Transaction transaction, Lease lease, Optional<String> result, Duration ran);

  /**
   * Saves a named state of a running job; durable when the call returns.
   *
   * @param state JSON; empty to remove it
   * @throws dev.holdfast.StaleLeaseException if the lease has ended; nothing was saved
   */
  void checkpoint(Lease lease, String name, Optional<String> state);

  /** The saved states of a job by name, JSON; empty if there is no such job. */
  Map<String, String> checkpoints(JobId id);

  /** Stores what running handlers said. */
  void note(List<Notes> notes);

  /**
   * Moves at most {@code limit} due jobs from SCHEDULED to PENDING; and ends the waiting of at most
   * as many for whose signal the time is over.
   */
  Promotion promote(int limit);

  /** Makes a node known and visible, with a lease of this length. */
  Presence register(NodeInfo node, Serves serves, Duration lease);

  /**
   * Makes a node known that runs elsewhere and speaks through this process. The life of this
   * process says nothing about it: only its silence, for the whole of its lease, tells that it is
   * dead, and all that it holds then counts as running.
   */
  void registerRemote(NodeInfo node, Serves serves, Duration lease);

  /**
   * Renews a node's lease. A node that was taken for dead lives again, without its old jobs.
   *
   * @return what the node was told to do
   * @throws dev.holdfast.ConflictException if the node's row is gone
   */
  NodeOrder heartbeat(NodeId node, Duration lease, NodePhase phase, Vitals vitals);

  /** See {@link dev.holdfast.JobQueue#order}. */
  List<NodeId> order(NodeOrder order, List<NodeId> nodes);

  /** The node has ended in order. */
  void bury(NodeId node);

  /** All jobs of the dead node were rescued; nothing is done if it has come back. */
  void bury(Death death);

  /** The nodes that have not ended. */
  List<NodeSeen> nodes();

  /** Nodes that are proven dead, without waiting for their lease; cheap enough to ask often. */
  List<Death> deaths();

  /** RUNNING jobs of dead nodes, at most {@code limit}. */
  List<Orphan> orphans(Collection<Death> deaths, int limit);

  /** RUNNING jobs of nodes that do not exist or have ended, at most {@code limit}. */
  List<Orphan> strays(int limit);

  /** Ends attempts over their holders' heads. @return those of the leases that had not ended yet */
  List<Lease> rescue(List<Rescue> rescues, String by);

  /**
   * RUNNING jobs that match, whose attempt began at least this long ago, at most {@code limit}.
   *
   * @param filter its states are disregarded
   */
  List<RunningJob> running(Duration atLeast, JobFilter filter, int limit);

  /** The leases that a node holds. */
  List<Lease> held(NodeId node);

  /**
   * Those of the leases that a node holds that are on one of these jobs; cheap, however many jobs
   * the node has held before.
   */
  default List<Lease> held(NodeId node, Collection<JobId> jobs) {
    return held(node).stream().filter(lease -> jobs.contains(lease.job())).toList();
  }

  /** See {@link dev.holdfast.JobQueue#cancel}. */
  List<Changed> cancel(List<JobId> ids, String by);

  /** See {@link dev.holdfast.JobQueue#retry}. */
  List<Changed> retry(List<JobId> ids, String by);

  /** See {@link dev.holdfast.JobQueue#resume}. */
  List<Changed> resume(List<JobId> ids, String by);

  /** See {@link dev.holdfast.JobQueue#move}. */
  List<Changed> move(List<JobId> ids, String queue);

  /**
   * Sends a job a signal; one of a name that it had before changes nothing.
   *
   * @param payload JSON
   */
  Signalled signal(JobId id, String name, String payload, String by);

  /** What was sent to the job under this name; empty if nothing was. */
  Optional<String> signal(JobId id, String name);

  /** What became of a signal. */
  enum Signalled {
    /** The job has it. */
    TAKEN,
    /** The job had one of this name. */
    KNOWN,
    /** The job has ended. */
    TOO_LATE,
    /** There is no such job. */
    NO_JOB
  }

  /** Changes a job that is SCHEDULED, BLOCKED or PENDING. @return what became of it */
  Changed amend(JobId id, Amendment amendment, String by);

  /** The job whose idempotency key this is, as long as the key is remembered. */
  Optional<JobId> keyOwner(Optional<String> group, String type, String key);

  /** See {@link dev.holdfast.JobQueue#delete}. */
  List<Changed> delete(List<JobId> ids);

  /**
   * One step of removing what is old: looks at no more than {@code limit} jobs in the order in
   * which they were enqueued, and removes those of them that {@code retention} no longer keeps; and
   * at most as many of each other thing that has expired.
   *
   * @param from where to begin: empty for the first step, then what the step before answered
   */
  Sweep sweep(Retention retention, Optional<JobId> from, int limit);

  /** See {@link dev.holdfast.JobQueue#settings}. */
  QueueSettings settings(String queue);

  /** See {@link dev.holdfast.JobQueue#configure}. */
  QueueSettings configure(String queue, UnaryOperator<QueueSettings> change);

  /**
   * Gives PENDING jobs that an earlier order of their queue placed, or a node that did not know of
   * the new one, their place in the present order; at most {@code limit}.
   *
   * @return how many
   */
  int reorder(int limit);

  /** See {@link dev.holdfast.JobQueue#pauseQueue}. */
  boolean pauseQueue(String queue, String by);

  /** See {@link dev.holdfast.JobQueue#resumeQueue}. */
  boolean resumeQueue(String queue);

  /** See {@link dev.holdfast.JobQueue#queues}. */
  List<QueueSummary> queues();

  /** See {@link dev.holdfast.JobQueue#limitType}. */
  void limitType(String type, Optional<Integer> concurrency);

  /** See {@link dev.holdfast.JobQueue#runNext}. */
  RunNext runNext(String queue, String by);

  /** See {@link dev.holdfast.JobQueue#typeLimits}. */
  Map<String, Integer> typeLimits();

  /** What it takes to explain a job; empty if there is no such job. */
  Optional<Situation> situation(JobId id);

  /** See {@link dev.holdfast.JobQueue#predecessors}. */
  List<Predecessor> predecessors(JobId id, int from, int limit);

  /** See {@link dev.holdfast.JobQueue#dependents}. */
  List<Job> dependents(JobId id, PageRequest page);

  /** See {@link dev.holdfast.JobQueue#examine}. */
  List<Finding> examine();

  /** The job with this id. */
  Optional<Job> find(JobId id);

  /** The jobs that match, newest first. */
  List<Job> list(JobFilter filter, PageRequest page);

  /** A job's history in the order of time; empty if there is no such job. */
  List<JobEvent> events(JobId id);

  /** The newest log lines in the order of time. */
  List<LogLine> logs(LogFilter filter);

  /** See {@link dev.holdfast.JobQueue#lastGroup}. */
  Optional<String> lastGroup(String prefix);

  /** The health of the queue. */
  QueueStatus status();

  /** The schedules. */
  ScheduleStore schedules();

  /** The tokens by which a server knows its callers. */
  TokenStore tokens();

  /** Who did what through a server. */
  AuditLog audit();

  /** Webhooks, and what they are to be told. */
  WebhookStore webhooks();

  /** What is watched. */
  AlertStore alerts();

  /** How the queue does. */
  Insights insights();

  /** What keeps the database itself in order. */
  Upkeep upkeep();

  /** The store as a whole, for what takes it elsewhere. */
  Archive archive();

  /**
   * Calls {@code listener} when something may be worth looking at, from this process or another.
   *
   * @param listener must return quickly
   * @return closes the subscription
   */
  Subscription listen(Consumer<Signal> listener);

  /** Closes all connections. */
  @Override
  void close();

  /** What {@link #listen} answers. */
  interface Subscription extends AutoCloseable {
    @Override
    void close();
  }
}
