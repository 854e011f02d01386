package dev.holdfast;

import dev.holdfast.check.Check;
import dev.holdfast.check.Limits;
import dev.holdfast.error.InvalidRequestException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The conditions that a job waits for before it may run. It is {@link JobState#BLOCKED} until all
 * of them are met.
 *
 * @param jobs its predecessors, each once, in the order in which they were named; at most {@link
 *     Limits#DEPENDENCIES_MAX}
 * @param signal a signal from outside, or empty
 */
public record Waits(List<Dependency> jobs, Optional<SignalWait> signal) {
  private static final Waits NONE = new Waits(List.of(), Optional.empty());

  /**
   * Checks that there are not too many. A predecessor that is named twice counts once, with the
   * later {@link OnPredecessorFailure}.
   *
   * @throws InvalidRequestException if there are too many
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

  /** Waits for nothing. */
  public static Waits none() {
    return NONE;
  }

  /** Returns whether there is nothing to wait for. */
  public boolean isNone() {
    return jobs.isEmpty() && signal.isEmpty();
  }

  /** Waits for these jobs as well. */
  public Waits and(OnPredecessorFailure ifFailed, Collection<JobId> others) {
    return and(others.stream().map(on -> new Dependency(on, ifFailed)).toList());
  }

  /** Waits for these jobs as well. */
  public Waits and(List<Dependency> others) {
    List<Dependency> all = new ArrayList<>(jobs);
    all.addAll(others);
    return new Waits(all, signal);
  }

  /** Waits for this signal as well, replacing another. */
  public Waits and(SignalWait newSignal) {
    return new Waits(jobs, Optional.of(newSignal));
  }
}
