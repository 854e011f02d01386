package dev.holdfast.torture.sampler;

import dev.holdfast.JobId;
import java.util.OptionalLong;

/** One worker's process, as seen in its effects log. */
public interface Hands {

  /** Returns the name of its node. */
  String name();

  /** Returns whether it could claim a job: it is running, not stopping, and reaches the store. */
  boolean canWork();

  /** Returns whether it is suspended or cut off. */
  boolean isAway();

  /** Returns since when, by the monotonic clock, a slot has been free; empty if none is. */
  OptionalLong freeSince();

  /** Returns whether a handler began with this token, and its end is not acknowledged. */
  boolean hasBegun(JobId job, long token);

  /** Returns whether a handler has locked the job's row in its own transaction. */
  boolean holdsRow(JobId job);
}
