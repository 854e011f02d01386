package dev.holdfast;

import dev.holdfast.check.Check;
import dev.holdfast.check.Names;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.search.JobOrder;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * An action and the jobs that it applies to. Immutable.
 *
 * <pre>{@code
 * BulkRequest.of(BulkAction.RETRY, JobFilter.in(JobState.FAILED).type("mail"))
 * }</pre>
 */
public final class BulkRequest {
  private final BulkAction action;
  private final JobFilter filter;
  private final Optional<String> queue;
  private final Optional<Integer> priority;

  private BulkRequest(
      BulkAction action, JobFilter filter, Optional<String> queue, Optional<Integer> priority) {
    this.action = action;
    this.filter = filter;
    this.queue = queue;
    this.priority = priority;
  }

  /**
   * Creates a request; jobs in states that the action does not apply to are left alone.
   *
   * @throws InvalidRequestException if the filter has another order than that of ids
   */
  public static BulkRequest of(BulkAction action, JobFilter filter) {
    Check.that(
        filter.order() == JobOrder.CREATED,
        "a bulk operation goes from the newest job to the oldest: leave the order out");
    return new BulkRequest(action, filter, Optional.empty(), Optional.empty());
  }

  /** Returns the same action for other jobs. */
  public BulkRequest filter(JobFilter newFilter) {
    return new BulkRequest(action, newFilter, queue, priority);
  }

  /** Sets the queue for {@link BulkAction#MOVE}. */
  public BulkRequest queue(String name) {
    Names.check("queue", name);
    return new BulkRequest(action, filter, Optional.of(name), priority);
  }

  /** Sets the priority for {@link BulkAction#REPRIORITIZE}. */
  public BulkRequest priority(int number) {
    return new BulkRequest(action, filter, queue, Optional.of(number));
  }

  /** Returns the action. */
  public BulkAction action() {
    return action;
  }

  /** Returns the filter as it was given. */
  public JobFilter filter() {
    return filter;
  }

  /** Returns the queue that jobs are moved to. */
  public Optional<String> queue() {
    return queue;
  }

  /** Returns the priority that jobs get. */
  public Optional<Integer> priority() {
    return priority;
  }

  /**
   * Checks that everything is there that the action needs, and nothing else.
   *
   * @throws InvalidRequestException if something is missing or has no effect
   */
  public void check() {
    Check.that(
        queue.isPresent() == (action == BulkAction.MOVE),
        "a queue belongs to the action move, and that action needs one");
    Check.that(
        priority.isPresent() == (action == BulkAction.REPRIORITIZE),
        "a priority belongs to the action reprioritize, and that action needs one");
  }

  /**
   * Returns the jobs that the action would change: those of the filter that are in one of its
   * states; empty if there can be none.
   */
  public Optional<JobFilter> affected() {
    Set<JobState> states = EnumSet.copyOf(action.states());
    if (!filter.states().isEmpty()) {
      states.retainAll(filter.states());
    }
    return states.isEmpty() ? Optional.empty() : Optional.of(filter.states(states));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof BulkRequest request
        && action == request.action
        && filter.equals(request.filter)
        && queue.equals(request.queue)
        && priority.equals(request.priority);
  }

  @Override
  public int hashCode() {
    return Objects.hash(action, filter, queue, priority);
  }

  @Override
  public String toString() {
    return "%s of %s".formatted(action, filter);
  }
}
