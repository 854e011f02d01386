package dev.holdfast;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which jobs are meant: those that satisfy every part that is given.
 *
 * @param states in one of these states; empty for any
 * @param queue in this queue
 * @param type of this type
 * @param group of this group
 * @param ids one of these; empty for any
 * @param scope inside of this scope
 */
public record JobFilter(
    Set<JobState> states,
    Optional<String> queue,
    Optional<String> type,
    Optional<String> group,
    List<JobId> ids,
    Scope scope) {

  /** Copies the collections. */
  public JobFilter {
    states = Set.copyOf(states);
    ids = List.copyOf(ids);
  }

  /** Every job. */
  public static JobFilter all() {
    return ids(List.of());
  }

  /** These jobs. */
  public static JobFilter ids(List<JobId> ids) {
    return new JobFilter(
        Set.of(), Optional.empty(), Optional.empty(), Optional.empty(), ids, Scope.all());
  }

  /** Jobs in one of these states. */
  public static JobFilter in(JobState first, JobState... others) {
    return all().states(EnumSet.of(first, others));
  }

  /** In one of these states only. */
  public JobFilter states(Set<JobState> newStates) {
    return new JobFilter(newStates, queue, type, group, ids, scope);
  }

  /** In this queue only. */
  public JobFilter queue(String newQueue) {
    return new JobFilter(states, Optional.of(newQueue), type, group, ids, scope);
  }

  /** Of this type only. */
  public JobFilter type(String newType) {
    return new JobFilter(states, queue, Optional.of(newType), group, ids, scope);
  }

  /** Of this group only. */
  public JobFilter group(String newGroup) {
    return new JobFilter(states, queue, type, Optional.of(newGroup), ids, scope);
  }

  /** Inside of this scope only. */
  public JobFilter within(Scope newScope) {
    return new JobFilter(states, queue, type, group, ids, newScope);
  }
}
