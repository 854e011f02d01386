package dev.holdfast.spi;

import dev.holdfast.Explanation;
import dev.holdfast.JobId;
import dev.holdfast.JobQueue;
import dev.holdfast.JobQueue.Changed;
import dev.holdfast.Transaction;
import dev.holdfast.error.ConflictException;
import dev.holdfast.search.Scope;
import dev.holdfast.spi.record.Archive;
import dev.holdfast.spi.server.ServerStores;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The inside of an open queue, for programs that serve it to others or build on it. */
public interface Embedding {

  /**
   * Returns the store below the queue. Callers bypass the engine and must present the lease with
   * every acknowledgement.
   */
  JobStore store();

  /** Returns the tokens, keys, audit log, webhooks and alerts of the store. */
  default ServerStores server() {
    return store().server();
  }

  /** Returns the queue as a whole, to export it, import it or copy it elsewhere. */
  default Archive archive() {
    return store().maintenance().archive();
  }

  /** Returns the maintenance operations of the database. */
  default Upkeep upkeep() {
    return store().maintenance().upkeep();
  }

  /** Returns the jobs of a restored queue that wait for a review. */
  default ReviewStore reviews() {
    return store().maintenance().reviews();
  }

  /** Returns the clocks of the queue. */
  TimeSource time();

  /**
   * Creates a thread for background work; the caller closes it.
   *
   * @param name the thread's name, after {@code holdfast-}
   */
  Scheduler newScheduler(String name);

  /**
   * Returns the same queue, which enqueues within the caller's own transaction wherever {@code
   * current} finds one, as {@link JobQueue#in} does. Everything else that it writes is independent
   * of that transaction.
   *
   * @param current finds the calling thread's transaction; empty if there is none. What it throws
   *     reaches the caller of {@code enqueue}, and nothing is enqueued
   */
  JobQueue joining(Supplier<Optional<Transaction>> current);

  /**
   * Refuses steps and waits of this process's handlers from now on, while a transaction of the
   * program is open on the calling thread: {@code step}, {@code sleep}, {@code awaitSignal} and
   * {@code await} of {@link dev.holdfast.JobContext}. They record something of their own, which its
   * rollback would not take back.
   *
   * @param transaction describes the calling thread's transaction for the message, such as {@code a
   *     transaction of Spring}; empty if there is none. Called by many threads at once
   * @throws ConflictException if this is not the queue of a process that can run handlers
   */
  default void refuseStepsIn(Supplier<Optional<String>> transaction) {
    throw new ConflictException("this queue runs no handlers: use that of Holdfast.open");
  }

  /**
   * Explains a job like {@link JobQueue#explain}, to a client that may see only the jobs in {@code
   * scope}.
   */
  Explanation explain(JobId id, Scope scope);

  /**
   * Cancels jobs for a client that may see only the jobs in {@code scope}: the result counts the
   * cancelled dependents in it alone.
   */
  List<Changed> cancel(List<JobId> ids, String by, Scope scope);

  /**
   * Deletes jobs for a client that may see only the jobs in {@code scope}: the result counts the
   * cancelled dependents in it alone.
   *
   * @param by the actor, for the histories of dependents
   */
  List<Changed> delete(List<JobId> ids, String by, Scope scope);
}
