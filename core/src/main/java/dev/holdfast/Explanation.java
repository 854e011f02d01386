package dev.holdfast;

import java.util.List;

/**
 * An explanation of a job's state.
 *
 * @param job the job at that moment
 * @param reasons most important first; never empty
 */
public record Explanation(Job job, List<Reason> reasons) {

  /** Copies the list. */
  public Explanation {
    reasons = List.copyOf(reasons);
  }

  /**
   * One reason.
   *
   * @param code its stable name
   * @param text a sentence with its facts
   * @param advice what someone who does not like it can do, or empty
   */
  public record Reason(Code code, String text, String advice) {}

  /** The kinds of reasons. */
  public enum Code {
    /** Its time has not come: it was enqueued for later, or snoozed. */
    WAITS_FOR_TIME,
    /** Its last attempt failed; it waits for its next retry. */
    WAITS_FOR_RETRY,
    /** Its time has come; it is about to be moved into the queue. */
    DUE,
    /** Its queue is paused. */
    QUEUE_PAUSED,
    /** It waits for other jobs to end. */
    WAITS_FOR_JOBS,
    /** It waits for a signal from outside. */
    WAITS_FOR_SIGNAL,
    /** Its queue was restored from a backup, and nobody has decided about it since. */
    UNCERTAIN_AFTER_RESTORE,
    /** No node is alive. */
    NO_NODE,
    /** Nodes live, but none of them serves its queue. */
    NO_NODE_FOR_QUEUE,
    /** Nodes serve its queue, but none of them has a handler for its type. */
    NO_HANDLER_FOR_TYPE,
    /** Nodes have a handler for it, but none of them has what it requires. */
    NO_CAPABILITY,
    /** A concurrency limit is reached. */
    LIMIT_REACHED,
    /** The rate limit of its queue is reached. */
    RATE_LIMITED,
    /** Nodes that would run it are draining. */
    NODES_DRAIN,
    /** Nodes that would run it run as many as they can. */
    NODES_BUSY,
    /** One more crash would fail it, and each node runs one such job at a time. */
    WAITS_FOR_LAST_CHANCE,
    /** Other jobs of its queue come first. */
    OTHERS_FIRST,
    /** Nothing blocks it: the next free worker claims it. */
    RUNNABLE,
    /** A living node runs it. */
    RUNS,
    /** Its node claimed it to share a permit with other jobs: they run one after another. */
    SHARES_PLACE,
    /** It has been running for longer than the limit for stuck jobs. */
    RUNS_LONG,
    /** Its node is dead; it is about to be recovered. */
    HOLDER_DEAD,
    /** It was set aside for review. */
    WAITS_FOR_REVIEW,
    /** It has completed. */
    COMPLETED,
    /** It has failed; see the kind of its failure. */
    FAILED,
    /** It was cancelled. */
    CANCELLED,
    /** It was interrupted before and started again. */
    HAS_CRASHED,
    /** A node that ran it before missed its heartbeats. */
    HAS_LAPSED
  }
}
