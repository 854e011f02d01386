package dev.holdfast;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;

/**
 * Putting jobs in, looking at them, and steering them. Every method may throw {@link
 * BusyException}, {@link StoreUnavailableException} or {@link StorageException}, after which
 * nothing was changed unless the exception says that the outcome is unknown.
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
   * Enqueues all of {@code jobs} atomically: all or none. The answers stand in the order of the
   * jobs.
   *
   * @throws InvalidRequestException if there are more than {@link Limits#ENQUEUE_BATCH_MAX}, or one
   *     of them is not acceptable: such as one that waits for a job that does not exist, or for
   *     itself by way of others
   */
  List<Enqueued> enqueue(List<NewJob> jobs);

  /**
   * The same queue, writing within the caller's own transaction: what is enqueued there becomes
   * visible and durable with the caller's commit, and is gone with its rollback. Only enqueuing is
   * possible through it.
   */
  JobQueue in(Transaction transaction);

  /** The job with this id. */
  Optional<Job> find(JobId id);

  /** The jobs that match {@code filter}, newest first, a page at a time. */
  Page<Job> list(JobFilter filter, PageRequest page);

  /** What happened to a job, in the order of time; empty if there is no such job. */
  List<JobEvent> events(JobId id);

  /** The newest log lines, in the order of time. */
  List<LogLine> logs(LogFilter filter);

  /** The health of the queue. */
  QueueStatus status();

  /**
   * The alphabetically last group that starts with {@code prefix}; with names that end in a time,
   * the newest.
   */
  Optional<String> lastGroup(String prefix);

  /**
   * A future of the job once it {@linkplain JobState#isFinished has finished}. It fails with a
   * {@link java.util.concurrent.TimeoutException} after {@code timeout}, with {@link
   * NotFoundException} if there is no such job.
   */
  default CompletableFuture<Job> await(JobId id, Duration timeout) {
    return await(List.of(id), timeout).thenApply(jobs -> jobs.get(0));
  }

  /** Like {@link #await(JobId, Duration)} for a set; the answers stand in the order of the ids. */
  CompletableFuture<List<Job>> await(Collection<JobId> ids, Duration timeout);

  /**
   * Cancels jobs that have not finished, and those that wait for them with {@link IfFailed#CANCEL}.
   * A running handler is told at once; whichever is durable first, the cancellation or the
   * handler's end, wins.
   *
   * @param ids the jobs
   * @param by who asks, for the history
   * @return what became of each, in the order of the ids
   */
  List<Changed> cancel(List<JobId> ids, String by);

  /**
   * Puts {@link JobState#FAILED}, {@link JobState#CANCELLED} and {@link JobState#INTERRUPTED} jobs
   * back into the queue, with all their attempts before them. They no longer wait for other jobs,
   * and jobs that had waited for them do not wait again.
   *
   * @param ids the jobs
   * @param by who asks, for the history
   * @return what became of each, in the order of the ids
   */
  List<Changed> retry(List<JobId> ids, String by);

  /**
   * Lets {@link JobState#INTERRUPTED} jobs go on: they return to their place in the queue and find
   * their checkpoints; the attempt that was interrupted is given back, crashes stay counted.
   *
   * @param ids the jobs
   * @param by who asks, for the history
   * @return what became of each, in the order of the ids
   */
  List<Changed> resume(List<JobId> ids, String by);

  /**
   * Takes running jobs from their nodes, whether those live or not. A handler that still runs one
   * is told, and what it answers is refused.
   *
   * @param longerThan whose attempt began at least this long ago
   * @param filter of these; its states are disregarded
   * @param action what becomes of them
   * @param limit at most so many
   * @param by who asks, for the history
   * @return those that were taken
   */
  List<JobId> recoverStuck(
      Duration longerThan, JobFilter filter, MonitorConfig.Action action, int limit, String by);

  /**
   * Recovers at once what dead nodes left running: nodes whose process is proven dead, and those
   * whose lease has run out by the store's clock. A living node of any process does the same by
   * itself within moments.
   *
   * @param policy what becomes of all of them, whatever their types say, however often they crashed
   *     before and whether they had begun or not; {@link RecoveryPolicy#RESUME} then charges no
   *     crash. Empty for the policy of each type
   * @param by who asks, for the history
   * @return the jobs that were recovered
   */
  List<JobId> recoverDead(Optional<RecoveryPolicy> policy, String by);

  /**
   * Removes finished jobs that are older than {@code retention} keeps them, with all that belongs
   * to them, in small transactions.
   *
   * @return the jobs that were removed
   */
  List<JobId> removeOld(Retention retention);

  /**
   * Tells nodes what to do. They do it within a heartbeat, mostly at once; a node that starts later
   * is not concerned.
   *
   * @param order what to do
   * @param nodes which; empty for all that have not ended
   * @return those that were told
   */
  List<NodeId> order(NodeOrder order, List<NodeId> nodes);

  /**
   * Says in words why a job does not run, or what has become of it.
   *
   * @throws NotFoundException if there is no such job
   */
  Explanation explain(JobId id);

  /**
   * The jobs that a job waits for or has waited for, in the order in which they were named; without
   * those that were deleted. Empty if there is no such job, or it never waited for another.
   *
   * @param id the job
   * @param from the first {@linkplain Predecessor#position position} to answer, 0 for the first
   *     part
   * @param limit at most so many, 1 to {@link Limits#PAGE_MAX}
   */
  List<Predecessor> predecessors(JobId id, int from, int limit);

  /** The jobs that wait for this one or have waited for it, newest first, a page at a time. */
  Page<Job> dependents(JobId id, PageRequest page);

  /** The saved states of a job by name, as JSON texts; empty if there is no such job. */
  Map<String, String> checkpoints(JobId id);

  /**
   * Proves that every row is runnable, waits for something that can be named, is held under a live
   * lease, or is finished; and that the database is sound. Reads everything: takes its time on a
   * large queue.
   *
   * @return what is wrong, the gravest first; empty when all is well
   */
  List<Finding> examine();

  /**
   * Moves jobs that have not started into another queue.
   *
   * @param ids the jobs
   * @param queue the queue
   * @return what became of each, in the order of the ids
   */
  List<Changed> move(List<JobId> ids, String queue);

  /**
   * Deletes jobs in any state but {@link JobState#RUNNING}, with their history and log. For those
   * that wait for one of them, it was cancelled.
   *
   * @param ids the jobs
   * @return what became of each, in the order of the ids
   */
  List<Changed> delete(List<JobId> ids);

  /** The recurring jobs. */
  Schedules schedules();

  /**
   * How a queue is served: what it was told by {@link #configure}, else the defaults.
   *
   * @throws InvalidRequestException if no queue can be called that
   */
  QueueSettings settings(String queue);

  /**
   * Changes how a queue is served, on all nodes, while it runs. Nodes go by it within a second, by
   * limits at once. A new {@linkplain QueueSettings#order() order} is in force when the call
   * returns: it has given every runnable job its new place. If the caller dies before, nodes do the
   * rest; until then some jobs stand in the old order, before or behind the others.
   *
   * <p>The queue need not exist; it is configured for the jobs that come.
   *
   * @param change what it is to be, from what it is; may be called several times
   * @return what it is now
   * @throws InvalidRequestException if no queue can be called that
   */
  QueueSettings configure(String queue, UnaryOperator<QueueSettings> change);

  /**
   * Lets no more jobs of a queue begin. No claim that begins after the return, on whatever node,
   * takes one; one that was under way may. What runs goes on, and new jobs are enqueued.
   *
   * @param by who asks
   * @return false if it was paused before; then that pause stays
   * @throws InvalidRequestException if no queue can be called that
   */
  boolean pauseQueue(String queue, String by);

  /**
   * Ends the pause of a queue, and wakes its nodes.
   *
   * @return false if it was not paused
   * @throws InvalidRequestException if no queue can be called that
   */
  boolean resumeQueue(String queue);

  /**
   * Limits how many jobs of a type run at once on all nodes together, whatever their queues. The
   * limit is kept through crashes: a job counts as long as its row says that it runs. Jobs that run
   * when the limit is set count as well and go on; claims that are under way may add to them.
   *
   * @param concurrency 1 to {@link Limits#QUEUE_CONCURRENCY_MAX}; empty for no limit
   * @throws InvalidRequestException naming the value and what was expected
   */
  void limitType(String type, Optional<Integer> concurrency);

  /**
   * Lets the next job of a queue in {@linkplain QueueSettings#manual() manual mode} run, unless one
   * runs there or was let go before. Does not wait for a worker: the job runs with the next one
   * that is free.
   *
   * @param by who asks
   * @throws ConflictException if the queue is not in manual mode
   * @throws InvalidRequestException if no queue can be called that
   */
  RunNext runNext(String queue, String by);

  /** The types that have a limit, each with it. */
  Map<String, Integer> typeLimits();

  /**
   * The queues that have settings, jobs that have not ended, or a node that names them, by their
   * names. Reads the index on runnable jobs and all scheduled jobs: for people, not for loops.
   */
  List<QueueSummary> queues();

  /**
   * What became of one job that something was asked of.
   *
   * @param id the job
   * @param before its state before; empty if there is no such job
   * @param done whether what was asked was done; if not, its state forbids it or it does not exist
   */
  record Changed(JobId id, Optional<JobState> before, boolean done) {}
}
