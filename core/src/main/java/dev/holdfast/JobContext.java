package dev.holdfast;

import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/**
 * What one attempt can see of its job, and say about it. Safe from any thread; after the attempt
 * has ended, what is said is discarded.
 */
public interface JobContext {

  /** The job. */
  JobId id();

  /** The queue it came from. */
  String queue();

  /** Its type. */
  String type();

  /** Which attempt this is, from 1. */
  int attempt();

  /**
   * The fencing token of this attempt's lease: larger than that of every attempt before. Hand it to
   * outside systems that can refuse a smaller one.
   */
  long token();

  /** How often the job's process died while it ran, before this attempt. */
  int crashes();

  /**
   * Saves a state under a name, in place of what stood there; durable when the call returns. After
   * a crash, a retry or a resume the next attempt reads it and goes on from there. A write to the
   * database: not for a hot loop.
   *
   * @param name 1 to {@link Limits#NAME_CHARS_MAX} characters; at most {@link
   *     Limits#CHECKPOINTS_MAX} names a job
   * @param state anything that the payload codec can write as JSON, at most {@link
   *     Limits#CHECKPOINT_BYTES_MAX} bytes of it; {@code null} removes what stood there, but a
   *     literal one is read by the compiler as a call of {@link #checkpoint(String, Class)}: see
   *     {@link #removeCheckpoint}
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
   * The state that was saved under this name, by this attempt or one before.
   *
   * @throws InvalidRequestException if it does not fit {@code type}
   */
  <T> Optional<T> checkpoint(String name, Class<T> type);

  /**
   * The jobs that this one has waited for, in the order in which they were named. Read from the
   * store a part at a time, as far as the stream is followed; those that were deleted are missing.
   */
  Stream<Predecessor> predecessors();

  /**
   * What those of the {@link #predecessors} returned that completed and returned something, in
   * their order.
   *
   * @throws InvalidRequestException when the stream comes to one that does not fit {@code type}
   */
  <T> Stream<T> results(Class<T> type);

  /**
   * What was sent to the job as the signal of this name, as JSON text; empty if there was none. A
   * read of the database: not for a hot loop.
   */
  Optional<String> signal(String name);

  /**
   * Completes the job as a part of the handler's own database transaction: what the handler writes
   * in it and the job's completion are committed together, or neither. The handler commits after
   * this call and returns; what it returns is disregarded.
   *
   * <p>If the transaction is not committed by the time the handler returns, the attempt has failed
   * and the type's policy decides on a retry.
   *
   * @param transaction the handler's, on the queue's own database; such as {@code
   *     JdbcTransaction.of(connection)}
   * @param result stored as JSON; {@code null} for none
   * @throws StaleLeaseException if the lease has ended: roll back, another attempt may run
   * @throws InvalidRequestException if the transaction is one of another database
   */
  void completeIn(Transaction transaction, @Nullable Object result);

  /**
   * Reports progress, visible to others within about 100 ms. Cheap enough for a hot loop: reports
   * in between are dropped in favour of the newest.
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
   * Adds a line to the job's log; it is durable within about 100 ms, and at the latest with the
   * attempt's end. At most {@link Limits#LOG_LINES_MAX} lines an attempt are kept.
   *
   * @param level how grave it is
   * @param message the text
   * @param details more facts, kept as JSON
   */
  void log(Level level, String message, Map<String, ?> details);

  /**
   * Whether the attempt should end: the job was cancelled, is over its time-out, its node stops, or
   * its lease was lost. The handler's thread is interrupted as well.
   */
  boolean isCancelled();

  /**
   * Where in a trace this attempt stands: to be sent with what it calls. Of a job that was enqueued
   * without one, empty, unless the program's own tracing has begun one.
   */
  default Optional<TraceContext> trace() {
    return Optional.empty();
  }

  /**
   * Runs {@code callback} once when {@link #isCancelled} becomes true, at once if it is; on a
   * thread that is not the handler's. It must not block for long.
   */
  void onCancel(Runnable callback);
}
