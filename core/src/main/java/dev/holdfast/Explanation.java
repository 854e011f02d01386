package dev.holdfast;

import java.util.List;

/**
 * Why a job is where it is.
 *
 * @param job the job as it was seen
 * @param reasons in the order of their weight; never empty
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

  /** Every reason there is. */
  public enum Code {
    /** Its time has not come: it was enqueued for later, or snoozed. */
    WAITS_FOR_TIME,
    /** Its last attempt failed; it waits out the back-off. */
    WAITS_FOR_RETRY,
    /** Its time has come; the next look moves it into the queue. */
    DUE,
    /** Its queue is paused. */
    QUEUE_PAUSED,
    /** It waits for other jobs to end. */
    WAITS_FOR_JOBS,
    /** No node lives at all. */
    NO_NODE,
    /** Nodes live, but none of them serves its queue. */
    NO_NODE_FOR_QUEUE,
    /** Nodes serve its queue, but none of them has a handler for its type. */
    NO_HANDLER_FOR_TYPE,
    /** Nodes have a handler for it, but none of them has what it requires. */
    NO_CAPABILITY,
    /** As many jobs like it run as may run at once. */
    LIMIT_REACHED,
    /** As many jobs of its queue have started as may start within a period. */
    RATE_LIMITED,
    /** Nodes that would run it were told to drain. */
    NODES_DRAIN,
    /** Nodes that would run it run as many as they can. */
    NODES_BUSY,
    /** Other jobs of its queue come first. */
    OTHERS_FIRST,
    /** Nothing is in its way: the next free worker takes it. */
    RUNNABLE,
    /** A living node runs it. */
    RUNS,
    /** It runs for longer than jobs usually may. */
    RUNS_LONG,
    /** Its node does not live; it is about to be recovered. */
    HOLDER_DEAD,
    /** It was set aside for review. */
    WAITS_FOR_REVIEW,
    /** It has completed. */
    COMPLETED,
    /** It has failed; the kind of its failure says why. */
    FAILED,
    /** Somebody cancelled it. */
    CANCELLED,
    /** It was interrupted before, and began again. */
    HAS_CRASHED
  }
}
