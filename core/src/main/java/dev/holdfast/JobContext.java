package dev.holdfast;

import dev.holdfast.check.Limits;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.error.StaleLeaseException;
import java.util.Map;
import java.util.Optional;
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
