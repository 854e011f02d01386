package dev.holdfast;

import dev.holdfast.check.Limits;
import dev.holdfast.error.ConflictException;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.error.NotFoundException;
import dev.holdfast.step.Step;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The queue: enqueues jobs, reads them and acts on them. Every method may throw {@link
 * dev.holdfast.error.BusyException}, {@link dev.holdfast.error.StoreUnavailableException} or {@link
 * dev.holdfast.error.StorageException}, after which nothing was changed unless the exception says
 * that the outcome is unknown.
 */
public interface JobQueue {

  /**
   * Enqueues one job. When the call returns, the job is durable.
   *
   * @throws InvalidRequestException if the payload cannot be written as JSON or is over {@link
   *     Limits#PAYLOAD_BYTES_MAX} bytes
   */
  default Enqueued enqueue(NewJob job) {
    return enqueue(List.of(job)).get(0);
  }

  /**
   * Enqueues all of {@code jobs} atomically: all or none. The results are in the order of the jobs.
   *
   * @throws InvalidRequestException if there are more than {@link Limits#ENQUEUE_BATCH_MAX}, or one
   *     of them is invalid: for example, if it waits for a job that does not exist, or for itself
   *     through others
   */
  List<Enqueued> enqueue(List<NewJob> jobs);

  /** Enqueues all jobs of {@code plan} atomically; see {@link #enqueue(List)}. */
  default List<Enqueued> enqueue(JobGraph plan) {
    return enqueue(plan.jobs(this::newId));
  }

  /** Creates an id for {@link NewJob#withId}, greater than those created here before. */
  JobId newId();

  /**
   * Returns a view of this queue that writes within the caller's own transaction: jobs become
   * visible and durable with the caller's commit, and vanish with its rollback. It can only
   * enqueue.
   */
  JobQueue in(Transaction transaction);

  /** Returns the job with this id. */
  Optional<Job> find(JobId id);

  /**
   * Returns the jobs that match {@code filter}, in its order, one page at a time. A search examines
   * at most about {@link Limits#SEARCHED_MAX} jobs for a page; if it stopped there, the page is not
   * {@linkplain Page#complete() complete}, and the next one continues.
   *
   * @throws InvalidRequestException if no index has the filter's order
   */
  Page<Job> list(JobFilter filter, PageRequest page);

  /** Returns the history of a job in chronological order; empty if there is no such job. */
  List<JobEvent> events(JobId id);

  /** Returns the newest log lines in chronological order. */
  List<LogLine> logs(LogFilter filter);

  /** Returns the health of the queue. */
  QueueStatus status();

  /**
   * Returns the alphabetically last group that starts with {@code prefix}; the newest one if names
   * end in a time.
   */
  Optional<String> lastGroup(String prefix);

  /**
   * Returns a future of the job that completes when it {@linkplain JobState#isFinished has
   * finished}. It fails with a {@link java.util.concurrent.TimeoutException} after {@code timeout},
   * and with {@link NotFoundException} if there is no such job.
   */
  default CompletableFuture<Job> await(JobId id, Duration timeout) {
    return await(List.of(id), timeout).thenApply(jobs -> jobs.get(0));
  }

  /**
   * Returns a future of the job's decoded result, empty if its handler returned none. It fails as
   * that of {@link #await(JobId, Duration)} does, with {@link ConflictException} if the job ends
   * without completing, and with {@link InvalidRequestException} if the result does not fit.
   *
   * @param type the type of the job
   */
  default <R> CompletableFuture<Optional<R>> await(JobId id, JobType<?, R> type, Duration timeout) {
    return await(id, timeout)
        .thenApply(
            job -> {
              if (job.state() != JobState.COMPLETED) {
                throw new ConflictException(
                    "job %s is %s%s: it has no result"
                        .formatted(
                            id,
                            job.state(),
                            job.failure().map(f -> ", " + f.message()).orElse("")));
              }
              return job.result(type.result());
            });
  }

  /**
   * Waits for several jobs like {@link #await(JobId, Duration)}; the results are in the order of
   * the ids.
   */
  CompletableFuture<List<Job>> await(Collection<JobId> ids, Duration timeout);

  /**
   * Cancels jobs that have not finished, and those that wait for them with {@link
   * OnPredecessorFailure#CANCEL}. A running handler is notified at once; the cancellation or the
   * handler's end wins, whichever is durable first.
   *
   * @param ids the jobs
   * @param by who asks, for the history
   * @return what became of each, in the order of the ids
   */
  List<Changed> cancel(List<JobId> ids, String by);

  /**
   * Puts {@link JobState#FAILED}, {@link JobState#CANCELLED} and {@link JobState#INTERRUPTED} jobs
   * back into the queue with a full number of attempts. They no longer wait for other jobs, and
   * jobs that had waited for them do not wait again.
   *
   * @param ids the jobs
   * @param by who asks, for the history
   * @return what became of each, in the order of the ids
   */
  List<Changed> retry(List<JobId> ids, String by);

  /**
   * Resumes {@link JobState#INTERRUPTED} jobs: they return to their place in the queue with their
   * checkpoints; the interrupted attempt is not charged, crashes stay counted.
   *
   * @param ids the jobs
   * @param by who asks, for the history
   * @return what became of each, in the order of the ids
   */
  List<Changed> resume(List<JobId> ids, String by);

  /**
   * Explains why a job does not run, or how it ended.
   *
   * @throws NotFoundException if there is no such job
   */
  Explanation explain(JobId id);

  /**
   * Returns the jobs that a job waits for or has waited for, in the order in which they were named,
   * without deleted ones. Empty if there is no such job, or it never waited for another.
   *
   * @param id the job
   * @param from the first {@linkplain Predecessor#position position} to return, 0 for the first
   *     page
   * @param limit the maximum number, 1 to {@link Limits#PAGE_MAX}
   */
  List<Predecessor> predecessors(JobId id, int from, int limit);

  /**
   * Returns the jobs that wait for this one or have waited for it, newest first, one page at a
   * time.
   */
  Page<Job> dependents(JobId id, PageRequest page);

  /** Returns the saved states of a job by name, as JSON texts; empty if there is no such job. */
  Map<String, String> checkpoints(JobId id);

  /**
   * Returns the steps of a job, in the order in which they were recorded; none if there is no such
   * job.
   */
  List<Step> steps(JobId id);

  /**
   * Retries a job like {@link #retry}, and forgets a step and all that were recorded after it: they
   * run again. Steps before it keep their results, and signals that were sent are kept.
   *
   * @param id the job
   * @param step the name of a step of the job
   * @param by who asks, for the history
   * @return what became of it
   * @throws NotFoundException if the job has no such step; nothing was changed
   */
  Changed retryFrom(JobId id, String step, String by);

  /**
   * Moves jobs that have not started into another queue.
   *
   * @param ids the jobs
   * @param queue the queue
   * @return what became of each, in the order of the ids
   */
  List<Changed> move(List<JobId> ids, String queue);

  /**
   * Sends a job a signal. If the job waits for it, the job continues; else the signal is kept with
   * the job, and its handler reads it with {@link JobContext#signal}. Only the first signal of a
   * name counts.
   *
   * @param id the job
   * @param name the signal's name; 1 to {@link Limits#NAME_CHARS_MAX} characters
   * @param payload anything that the payload codec can write as JSON, at most {@link
   *     Limits#PAYLOAD_BYTES_MAX} bytes of it
   * @param by the sender, for the history
   * @return false if the job already had a signal of this name
   * @throws NotFoundException if there is no such job
   * @throws ConflictException if the job has ended
   */
  boolean signal(JobId id, String name, @Nullable Object payload, String by);

  /**
   * Changes a job that has not started: its payload, its priority, its time. This change or a claim
   * wins, whichever is durable first. The history records the actor.
   *
   * @param id the job
   * @param replacement the changes
   * @param by the actor, for the history
   * @throws ConflictException if the job has started; the message names its state, and nothing was
   *     changed
   * @throws NotFoundException if there is no such job
   * @throws InvalidRequestException if there is no change, or the payload is invalid
   */
  void replace(JobId id, JobUpdate replacement, String by);

  /**
   * Returns the job that was enqueued with this idempotency key, as long as the key is remembered.
   *
   * @param group the group of the job; null for a job without one
   */
  Optional<JobId> findByKey(String type, String key, @Nullable String group);

  /**
   * Deletes jobs in any state but {@link JobState#RUNNING}, with their history and log. Dependents
   * treat a deleted job as cancelled.
   *
   * @param ids the jobs
   * @return what became of each, in the order of the ids
   */
  List<Changed> delete(List<JobId> ids);

  /** Returns the queues, their settings and limits. */
  Queues queues();

  /** Returns the nodes. */
  Nodes nodes();

  /** Returns the recurring jobs. */
  Schedules schedules();

  /** Returns the dead letters, grouped by the reason of their failure. */
  Failures failures();

  /** Returns the figures over time. */
  Metrics metrics();

  /** Returns actions on many jobs, selected by a filter. */
  BulkOperations bulkOperations();

  /** Returns checks and repairs. */
  Maintenance maintenance();

  /**
   * The outcome of an operation on one job.
   *
   * @param id the job
   * @param before its state before; empty if there is no such job
   * @param done whether the operation was done; if not, the job's state forbids it, the job does
   *     not exist, or others hold it
   * @param heldBy the holder that prevented the operation: try again; empty if that was not the
   *     reason
   * @param dependents how many direct and indirect dependents were cancelled with it
   */
  record Changed(
      JobId id, Optional<JobState> before, boolean done, Optional<String> heldBy, int dependents) {

    /** Creates the outcome for a job that nobody else held, without dependents. */
    public Changed(JobId id, Optional<JobState> before, boolean done) {
      this(id, before, done, Optional.empty(), 0);
    }
  }
}
