package dev.holdfast.spi;

import dev.holdfast.Job;
import dev.holdfast.JobId;
import dev.holdfast.PageRequest;
import dev.holdfast.Predecessor;
import java.util.List;
import java.util.Optional;

/** Looks jobs up by what they are related to: a lease, a key, other jobs, a group. */
public interface JobLookup {

  /** Returns how the holder of a lease ended it; empty if it did not, or another did before. */
  Optional<AttemptEnd> endOf(Lease lease);

  /**
   * Returns the job whose idempotency key this is, as long as the key is remembered and the job is
   * there.
   */
  Optional<JobId> keyOwner(Optional<String> group, String type, String key);

  /**
   * See {@link dev.holdfast.JobQueue#predecessors}.
   *
   * @param from from {@link StepWait#POSITIONS_FROM} on, a position of a job of a step: then the
   *     answer has jobs of this step only
   */
  List<Predecessor> predecessors(JobId id, int from, int limit);

  /** See {@link dev.holdfast.JobQueue#dependents}. */
  List<Job> dependents(JobId id, PageRequest page);

  /** See {@link dev.holdfast.JobQueue#lastGroup}. */
  Optional<String> lastGroup(String prefix);
}
