package dev.holdfast;

import java.util.List;

/**
 * What became of {@link JobQueue#runNext}.
 *
 * @param started whether a job was let go: it runs with the next free worker
 * @param jobIds that job, which may be another one if an earlier one arrives before a worker looks;
 *     if none was let go, those that run
 * @param pending how many jobs of the queue wait, with that one
 * @param message the same for people
 */
public record RunNext(boolean started, List<JobId> jobIds, long pending, String message) {
  /** Copies the list. */
  public RunNext {
    jobIds = List.copyOf(jobIds);
  }
}
