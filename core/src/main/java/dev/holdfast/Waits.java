package dev.holdfast;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a job waits for before it may run. It is {@link JobState#BLOCKED} until all of it has come.
 *
 * @param jobs its predecessors, each once, in the order in which they were named; at most {@link
 *     Limits#DEPENDENCIES_MAX}
 * @param signal a signal from outside, or empty
 */
public record Waits(List<Dependency> jobs, Optional<SignalWait> signal) {
  private static final Waits NONE = new Waits(List.of(), Optional.empty());

  /**
   * Checks that there are not too many. A predecessor that is named twice counts once, with the
   * later word.
   *
   * @throws InvalidRequestException if there are
   */
  public Waits {
    Map<JobId, Dependency> byJob = new LinkedHashMap<>();
    jobs.forEach(dependency -> byJob.put(dependency.on(), dependency));
    jobs = List.copyOf(byJob.values());
    Check.that(
        jobs.size() <= Limits.DEPENDENCIES_MAX,
        "a job waits for at most %,d others, got %,d: let some wait in between",
        Limits.DEPENDENCIES_MAX,
        jobs.size());
  }

  /** For nothing. */
  public static Waits none() {
    return NONE;
  }

  /** Whether there is nothing to wait for. */
  public boolean isNone() {
    return jobs.isEmpty() && signal.isEmpty();
  }

  /** For these jobs as well. */
  public Waits and(IfFailed ifFailed, Collection<JobId> others) {
    return and(others.stream().map(on -> new Dependency(on, ifFailed)).toList());
  }

  /** For these jobs as well. */
  public Waits and(List<Dependency> others) {
    List<Dependency> all = new ArrayList<>(jobs);
    all.addAll(others);
    return new Waits(all, signal);
  }

  /** For this signal as well, in place of another. */
  public Waits and(SignalWait newSignal) {
    return new Waits(jobs, Optional.of(newSignal));
  }
}
