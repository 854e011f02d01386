package dev.holdfast.torture.sampler;

import dev.holdfast.JobId;
import java.util.List;
import java.util.stream.Stream;

/**
 * The state of the store at one moment.
 *
 * @param fronts the next job to be claimed in each queue
 * @param held the running jobs, according to the store
 * @param overdue jobs that have been due for a while and are not pending
 * @param released blocked jobs whose predecessors have all finished
 */
record Look(List<Front> fronts, List<Held> held, List<JobId> overdue, List<JobId> released) {

  private static final int JOBS_MAX = 100;

  /** Returns the first of all these jobs. */
  List<JobId> jobs() {
    return Stream.of(
            held.stream().map(Held::job),
            fronts.stream().map(Front::job),
            overdue.stream(),
            released.stream())
        .flatMap(jobs -> jobs.limit(JOBS_MAX))
        .toList();
  }

  record Front(String queue, JobId job) {}

  /**
   * A running job.
   *
   * @param isLimited whether it may have been claimed ahead, to wait for a permit
   */
  record Held(JobId job, long token, String node, boolean isLimited) {}
}
