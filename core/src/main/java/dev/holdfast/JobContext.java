package dev.holdfast;

import java.util.Map;
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
   * Runs {@code callback} once when {@link #isCancelled} becomes true, at once if it is; on a
   * thread that is not the handler's. It must not block for long.
   */
  void onCancel(Runnable callback);
}
