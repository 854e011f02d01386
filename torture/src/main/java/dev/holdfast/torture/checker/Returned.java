package dev.holdfast.torture.checker;

import dev.holdfast.Holdfast;
import dev.holdfast.Job;
import dev.holdfast.JobEvent;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Dead letters that were put back into the queue, judged by their histories.
 *
 * @param never jobs that did not return to the queue
 * @param twice jobs that returned more than once
 * @param byOthers jobs that returned by somebody else than who was told so
 * @param running jobs that were changed while they ran, by one who retries
 * @param unfinished jobs that have not completed since
 */
public record Returned(int never, int twice, int byOthers, int running, int unfinished) {

  /**
   * Reads the histories.
   *
   * @param byHand the jobs that were retried by hand, as its callers were told
   * @param bulk the name of the operation
   * @param hand the name of those who retry by hand
   */
  public static Returned of(
      Holdfast holdfast, List<JobId> dead, Set<JobId> byHand, String bulk, String hand) {
    int never = 0;
    int twice = 0;
    int byOthers = 0;
    int running = 0;
    int unfinished = 0;
    for (JobId id : dead) {
      List<JobEvent> events = holdfast.queue().events(id);
      List<JobEvent> returns = events.stream().filter(Returned::isReturn).toList();
      String expected = byHand.contains(id) ? hand : bulk;
      never += returns.isEmpty() ? 1 : 0;
      twice += returns.size() > 1 ? 1 : 0;
      byOthers += returns.stream().allMatch(event -> event.by().equals(expected)) ? 0 : 1;
      running += events.stream().anyMatch(event -> isTakenBy(event, Set.of(bulk, hand))) ? 1 : 0;
      Optional<Job> job = holdfast.find(id);
      unfinished += job.filter(now -> now.state() == JobState.COMPLETED).isPresent() ? 0 : 1;
    }
    return new Returned(never, twice, byOthers, running, unfinished);
  }

  private static boolean isReturn(JobEvent event) {
    return event.from().filter(JobState.FAILED::equals).isPresent();
  }

  private static boolean isTakenBy(JobEvent event, Set<String> names) {
    return event.from().filter(JobState.RUNNING::equals).isPresent() && names.contains(event.by());
  }

  /** Returns whether each returned exactly once, and has completed. */
  public boolean isRight() {
    return equals(new Returned(0, 0, 0, 0, 0));
  }
}
