package dev.holdfast.server.events;

import dev.holdfast.Scope;
import dev.holdfast.spi.Insights.Change;
import java.util.Optional;

/**
 * What a reader wants to be told of, and may be.
 *
 * @param queue of this queue only
 * @param type of this type only
 * @param group of this group only
 * @param scope inside of this scope
 */
public record EventFilter(
    Optional<String> queue, Optional<String> type, Optional<String> group, Scope scope) {

  boolean takes(Change change) {
    return queue.map(change.queue()::equals).orElse(true)
        && type.map(change.type()::equals).orElse(true)
        && (group.isEmpty() || group.equals(change.group()))
        && scope.covers(change.group());
  }

  /** How a queue is served concerns all groups: who sees one of them alone is not told. */
  boolean takesQueue(String name) {
    return queue.map(name::equals).orElse(true)
        && type.isEmpty()
        && group.isEmpty()
        && scope.isAll();
  }
}
