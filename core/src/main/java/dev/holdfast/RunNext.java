package dev.holdfast;

import java.util.List;

/**
 * The result of {@link Queues#runNext}.
 *
 * @param started whether a job was allowed to start: the next free worker runs it
 * @param jobIds that job, which may be another one if an earlier one arrives before a worker looks;
 *     if none was allowed, those that run
 * @param pending how many jobs of the queue wait, with that one; not counted beyond {@link
 *     #PENDING_MAX}
 * @param message the same for people
 */
public record RunNext(boolean started, List<JobId> jobIds, long pending, String message) {
  /** Maximum number of waiting jobs that are counted. */
  public static final int PENDING_MAX = 10_000;

  /** Copies the list. */
  public RunNext {
    jobIds = List.copyOf(jobIds);
  }
}
