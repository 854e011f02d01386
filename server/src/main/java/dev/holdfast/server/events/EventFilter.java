package dev.holdfast.server.events;

import dev.holdfast.search.Scope;
import dev.holdfast.spi.Insights.Change;
import java.util.Optional;

/**
 * The events that a reader wants and may receive.
 *
 * @param queue only of this queue
 * @param type only of this type
 * @param group only of this group
 * @param scope only within this scope
 */
public record EventFilter(
    Optional<String> queue, Optional<String> type, Optional<String> group, Scope scope) {

  boolean takes(Change change) {
    return queue.map(change.queue()::equals).orElse(true)
        && type.map(change.type()::equals).orElse(true)
        && (group.isEmpty() || group.equals(change.group()))
        && scope.covers(change.group());
  }

  /**
   * Returns whether to send changes of a queue, which concern all groups and are not for readers of
   * single groups.
   */
  boolean takesQueue(String name) {
    return queue.map(name::equals).orElse(true)
        && type.isEmpty()
        && group.isEmpty()
        && scope.isAll();
  }
}
