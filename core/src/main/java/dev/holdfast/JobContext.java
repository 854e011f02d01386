package dev.holdfast;

import dev.holdfast.check.Limits;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.error.StaleLeaseException;
import dev.holdfast.step.JobSuspended;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/**
 * The view that one attempt has of its job, and its means to report. Safe from any thread; reports
 * made after the attempt has ended are discarded.
 */
public interface JobContext {

  /** Returns the job's id. */
  JobId id();

  /** Returns the queue that the job came from. */
  String queue();

  /** Returns the job's type. */
  String type();

  /** Returns the number of this attempt, from 1. */
  int attempt();

  /**
   * Returns the fencing token of this attempt's lease: larger than that of every earlier attempt.
   * Pass it to external systems that can reject smaller ones.
   */
  long token();

  /** Returns how many times the job's process died while it ran, before this attempt. */
  int crashes();

  /**
   * Saves a state under a name, replacing the one before; durable when the call returns. After a
   * crash, a retry or a resume the next attempt reads it and continues from there. Writes to the
   * database: do not call it in a hot loop.
   *
   * @param name 1 to {@link Limits#NAME_CHARS_MAX} characters; at most {@link
   *     Limits#CHECKPOINTS_MAX} names a job
   * @param state anything that the payload codec can write as JSON, at most {@link
   *     Limits#CHECKPOINT_BYTES_MAX} bytes of it; {@code null} removes the state, but the compiler
   *     takes a literal {@code null} for a call of {@link #checkpoint(String, Class)}: see {@link
   *     #removeCheckpoint}
   * @throws StaleLeaseException if the lease has ended; nothing was saved, and the handler should
   *     return: another attempt may run
   * @throws InvalidRequestException if the state is too large or cannot be written
   */
  void checkpoint(String name, @Nullable Object state);

  /**
   * Removes the state that was saved under this name, if there is one; durable when the call
   * returns.
   *
   * @throws StaleLeaseException if the lease has ended; nothing was removed
   */
  default void removeCheckpoint(String name) {
    @Nullable Object none = null;
    checkpoint(name, none);
  }

  /**
   * Returns the state that this attempt or an earlier one saved under this name.
   *
   * @throws InvalidRequestException if it does not fit {@code type}
   */
  <T> Optional<T> checkpoint(String name, Class<T> type);

  /**
   * Returns the jobs that this one has waited for, in the order in which they were named. Reads the
   * store in portions while the stream is consumed; deleted jobs are missing.
   */
  Stream<Predecessor> predecessors();

  /**
   * Returns the results of those {@link #predecessors} that completed with one, in their order.
   *
   * @throws InvalidRequestException when the stream reaches one that does not fit {@code type}
   */
  <T> Stream<T> results(Class<T> type);

  /**
   * Returns the payload of the signal with this name, as JSON text; empty if none was sent. Reads
   * from the database: do not call it in a hot loop.
   */
  Optional<String> signal(String name);

  /**
   * Completes the job as a part of the handler's own database transaction: the handler's writes and
   * the job's completion are committed together, or neither. The handler commits after this call
   * and returns; its return value is ignored.
   *
   * <p>If the transaction is not committed by the time the handler returns, the attempt has failed
   * and the type's policy decides on a retry.
   *
   * @param transaction the handler's, on the queue's own database: for example {@code
   *     JdbcTransaction.of(connection)}
   * @param result stored as JSON; {@code null} for none
   * @throws StaleLeaseException if the lease has ended: roll back, another attempt may run
   * @throws InvalidRequestException if the transaction belongs to another database
   */
  void completeIn(Transaction transaction, @Nullable Object result);

  /**
   * Runs {@code work} once, however often the job runs, and remembers what it returned: if this
   * step has finished before, its stored result is returned and {@code work} does not run. Durable
   * when the call returns. A process that dies between the work and its record runs the work again;
   * {@link #stepIn} excludes that for work in the queue's own database.
   *
   * <p>A step whose work throws is not recorded and runs again in the next attempt. Steps do not
   * contain steps, sleeps or waits.
   *
   * @param name 1 to {@link Limits#NAME_CHARS_MAX} characters, unique in the job: one that has run
   *     in this attempt is refused; at most {@link Limits#STEPS_MAX} names a job
   * @param type the type of the result, which is written as JSON, at most {@link
   *     Limits#STEP_BYTES_MAX} bytes of it, and read again
   * @return the result, as it was read from JSON
   * @throws Exception what the work throws
   * @throws StaleLeaseException if the lease has ended; nothing was recorded, and the handler
   *     should return: another attempt may run
   * @throws InvalidRequestException if the name was used, or is that of another kind of step, or if
   *     the result is too large or does not fit {@code type}; or in a transaction of a framework
   *     such as Spring: use {@link #stepIn} there
   * @throws JobSuspended if the job was suspended before
   */
  <T extends @Nullable Object> T step(String name, Class<T> type, Callable<? extends T> work)
      throws Exception;

  /** Runs work without a result once, like {@link #step(String, Class, Callable)}. */
  default void step(String name, Work work) throws Exception {
    Void unused =
        this.<@Nullable Void>step(
            name,
            Void.class,
            () -> {
              work.run();
              return null;
            });
  }

  /** The work of a step without a result. */
  @FunctionalInterface
  interface Work {
    /** Does the work; any exception fails the step. */
    void run() throws Exception;
  }

  /**
   * Runs {@code work} once like {@link #step(String, Class, Callable)}, and records it as a part of
   * the handler's own database transaction: what the work writes there and the record are committed
   * together, or neither. The handler commits after this call. Until then no other call of this
   * context may write to the queue, except in the same transaction; after a rollback, the handler
   * should throw.
   *
   * @param transaction the handler's, on the queue's own database: for example {@code
   *     JdbcTransaction.of(connection)}
   */
  <T extends @Nullable Object> T stepIn(
      Transaction transaction, String name, Class<T> type, Callable<? extends T> work)
      throws Exception;

  /**
   * Sleeps durably, without a slot, a thread or a process: the attempt ends here, and the job runs
   * again, from the start of the handler, when {@code length} has passed since the first call. Then
   * this call returns. No attempt is used up.
   *
   * <p>Refused within a step, on another thread than the handler's, and while a transaction of
   * {@link #stepIn} or {@link #completeIn} is open, or one of a framework such as Spring.
   *
   * @param name the name of the step, as in {@link #step(String, Class, Callable)}
   * @param length 0 to {@link Limits#DELAY_DAYS_MAX} days
   * @throws JobSuspended to unwind the handler; its {@code finally} blocks run. Do not catch it:
   *     the attempt ends as suspended anyway, and every further call of this context that does
   *     something throws it again; only {@link #log(String) log} and plain facts remain
   * @throws InvalidRequestException if it was refused; nothing was recorded
   */
  void sleep(String name, Duration length);

  /**
   * Waits for a signal durably, as {@link #sleep} waits for a time.
   *
   * @param name the name of the signal, and of the step
   * @param timeout how long to wait, counted from the first call; 1 ms to {@link
   *     Limits#DELAY_DAYS_MAX} days
   * @return the payload of the signal; empty if it was not sent in time, or has none
   * @throws JobSuspended as {@link #sleep} does, unless the signal has been sent
   */
  <T> Optional<T> awaitSignal(String name, Class<T> type, Duration timeout);

  /**
   * Enqueues jobs and waits durably, as {@link #sleep} waits for a time, until all of them have
   * ended in any way. They are enqueued once, however often the job runs: those without an
   * idempotency key get one of this job and this step.
   *
   * @param name the name of the step
   * @param jobs at most {@link Limits#STEP_JOBS_MAX}; not used once they were enqueued
   * @return the jobs with their states and results, in their order, without deleted ones
   * @throws JobSuspended as {@link #sleep} does, unless all have ended
   */
  List<Predecessor> await(String name, List<NewJob> jobs);

  /**
   * Reports progress, visible to others within about 100 ms. Cheap enough for a hot loop: only the
   * newest report is stored.
   *
   * @param percent 0 to 100
   * @param message one line for people, or empty
   * @throws InvalidRequestException if {@code percent} is out of range
   */
  void progress(int percent, String message);

  /** Adds a line at level INFO to the job's log. */
  default void log(String message) {
    log(Level.INFO, message, Map.of());
  }

  /**
   * Adds a line to the job's log; it is durable within about 100 ms, at the latest with the
   * attempt's end. At most {@link Limits#LOG_LINES_MAX} lines per attempt are kept.
   *
   * @param level its severity
   * @param message the text
   * @param details more facts, kept as JSON
   */
  void log(Level level, String message, Map<String, ?> details);

  /**
   * Returns whether the attempt should end: the job was cancelled or timed out, its node is
   * stopping, or its lease was lost. The handler's thread is interrupted as well.
   */
  boolean isCancelled();

  /**
   * Returns the trace context of this attempt, to pass on to the services it calls. Empty for a job
   * that was enqueued without one, unless the program's own tracing has begun one.
   */
  default Optional<TraceContext> trace() {
    return Optional.empty();
  }

  /**
   * Runs {@code callback} once when {@link #isCancelled} becomes true, immediately if it already
   * is; not on the handler's thread. The callback must not block for long.
   */
  void onCancel(Runnable callback);
}
