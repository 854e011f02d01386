package dev.holdfast.spi;

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
import dev.holdfast.search.Scope;
import dev.holdfast.spi.record.EncodedUpdate;
import dev.holdfast.spi.record.JobDraft;
import dev.holdfast.spi.server.ServerStores;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The only door to a database. {@code JobStoreContract} in the test kit is its specification.
 *
 * <p>Every write is one transaction, durable when the call returns. A call that throws {@link
 * dev.holdfast.error.StoreUnavailableException} or {@link dev.holdfast.error.StorageException} may
 * still have happened; enqueues, exchanges and rescues may therefore be repeated, with no effect if
 * they had happened.
 *
 * <p>Safe for use by several threads.
 */
public interface JobStore extends AutoCloseable {

  /**
   * Writes new jobs, all or none; an id that is there already was written by an earlier try.
   *
   * @param jobs one that waits for another of them stands behind it
   * @throws dev.holdfast.error.InvalidRequestException if one waits for a job that does not exist
   */
  List<Enqueued> enqueue(List<JobDraft> jobs);

  /**
   * Enqueues jobs as a part of the caller's transaction.
   *
   * @throws dev.holdfast.error.InvalidRequestException if the transaction is of another kind
   */
  List<Enqueued> enqueue(Transaction transaction, List<JobDraft> jobs);

  /**
   * Ends attempts and begins others, in one transaction. An acknowledgement whose lease has ended
   * changes nothing and is reported; one that had been accepted before is accepted again, unless it
   * says something else now.
   */
  Exchange exchange(List<Acknowledgement> acknowledgements, Claim claim);

  /**
   * Completes a job as a part of the caller's transaction. If that is rolled back, nothing has
   * happened.
   *
   * @param result JSON, or empty
   * @param ran how long the handler ran
   * @throws dev.holdfast.error.StaleLeaseException if the lease has ended
   * @throws dev.holdfast.error.InvalidRequestException if the transaction is of another kind
   */
  void complete(Transaction transaction, Lease lease, Optional<String> result, Duration ran);

  /**
   * Saves a named state of a running job; durable when the call returns.
   *
   * @param state JSON; empty to remove it
   * @throws dev.holdfast.error.StaleLeaseException if the lease has ended; nothing was saved
   */
  void checkpoint(Lease lease, String name, Optional<String> state);

  /** The saved states of a job by name, JSON; empty if there is no such job. */
  Map<String, String> checkpoints(JobId id);

  /**
   * Stores the output of running handlers. At most {@link dev.holdfast.check.Limits#LOG_LINES_MAX}
   * lines per attempt are kept; a last one marks that there were more.
   */
  void note(List<HandlerOutput> notes);

  /**
   * Moves at most {@code limit} due jobs from SCHEDULED to PENDING; and ends the waiting of at most
   * as many for whose signal the time is over.
   */
  Promotion promote(int limit);

  /** See {@link dev.holdfast.JobQueue#cancel}. */
  default List<Changed> cancel(List<JobId> ids, String by) {
    return cancel(ids, by, Scope.all());
  }

  /**
   * See {@link dev.holdfast.JobQueue#cancel}.
   *
   * @param counted the dependents that the result counts; others are cancelled, too
   */
  List<Changed> cancel(List<JobId> ids, String by, Scope counted);

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

  /** Returns the signal sent to the job under this name; empty if there is none. */
  Optional<String> signal(JobId id, String name);

  /** The result of sending a signal. */
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
  Changed amend(JobId id, EncodedUpdate amendment, String by);

  /** See {@link dev.holdfast.JobQueue#delete}. */
  default List<Changed> delete(List<JobId> ids) {
    return delete(ids, "", Scope.all());
  }

  /**
   * See {@link dev.holdfast.JobQueue#delete}.
   *
   * @param by the actor, for the histories of dependents
   * @param counted the dependents that the result counts; others are cancelled, too
   */
  List<Changed> delete(List<JobId> ids, String by, Scope counted);

  /** The job with this id. */
  Optional<Job> find(JobId id);

  /**
   * Searches for jobs in the order of the filter. Examines at most about {@link
   * dev.holdfast.check.Limits#SEARCHED_MAX} jobs; the answer says if it stopped there.
   *
   * @throws dev.holdfast.error.InvalidRequestException if no index has the filter's order
   */
  Page<Job> search(JobFilter filter, PageRequest page);

  /** Returns the jobs of one page of {@link #search}. */
  default List<Job> list(JobFilter filter, PageRequest page) {
    return search(filter, page).items();
  }

  /** Returns a job's history in chronological order; empty if there is no such job. */
  List<JobEvent> events(JobId id);

  /** Returns the newest log lines in chronological order. */
  List<LogLine> logs(LogFilter filter);

  /** Returns what is known of jobs by their relations: keys, leases, predecessors, groups. */
  JobLookup lookup();

  /** Returns the steps of jobs. */
  StepStore steps();

  /** Returns the settings, pauses and limits of queues. */
  QueueStore queues();

  /** Returns the nodes, their heartbeats and their leases. */
  NodeStore nodes();

  /** Returns what recovery needs: dead nodes, their jobs, and those that run too long. */
  RecoveryStore recovery();

  /** Returns the schedules. */
  ScheduleStore schedules();

  /** Returns the health and statistics of the queue. */
  Insights insights();

  /** Returns checks, retention, and the maintenance of the database. */
  MaintenanceStore maintenance();

  /** Returns the operations on many jobs by a filter. */
  BulkStore bulkOperations();

  /** Returns what a server keeps: tokens, keys, audit log, webhooks, alerts. */
  ServerStores server();

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

  /** A listener's registration, returned by {@link #listen}. */
  interface Subscription extends AutoCloseable {
    @Override
    void close();
  }
}
