package dev.holdfast.engine.queue;

import dev.holdfast.NewJob;
import dev.holdfast.QueueSettings;
import dev.holdfast.QueueSummary;
import dev.holdfast.Queues;
import dev.holdfast.RunNext;
import dev.holdfast.check.DidYouMean;
import dev.holdfast.error.NotFoundException;
import dev.holdfast.spi.QueueStore;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The queues of a store; checks the names and values that callers give. */
final class StoreQueues implements Queues {
  private final QueueStore store;
  private final Predicate<String> hasJobs;

  /**
   * @param hasJobs whether a queue has jobs, in any state
   */
  StoreQueues(QueueStore store, Predicate<String> hasJobs) {
    this.store = store;
    this.hasJobs = hasJobs;
  }

  @Override
  public List<QueueSummary> list() {
    return store.list();
  }

  @Override
  public QueueSettings settings(String queue) {
    return store.settings(checked(queue));
  }

  @Override
  public QueueSettings configure(String queue, UnaryOperator<QueueSettings> change) {
    return store.configure(checked(queue), change);
  }

  @Override
  public boolean pause(String queue, String by) {
    return store.pause(known(queue), by);
  }

  @Override
  public boolean resume(String queue) {
    return store.resume(known(queue));
  }

  @Override
  public RunNext runNext(String queue, String by) {
    return store.runNext(known(queue), by);
  }

  /** Rejects a name that the queue of a job cannot have. */
  private static String checked(String queue) {
    return NewJob.of("any", null).on(queue).queue();
  }

  /**
   * Rejects a queue that does not exist, as a misspelt name would do nothing unnoticed. The cheap
   * checks come first.
   */
  private String known(String name) {
    String queue = checked(name);
    boolean isKnown =
        queue.equals(NewJob.DEFAULT_QUEUE)
            || !store.settings(queue).equals(QueueSettings.defaults())
            || hasJobs.test(queue);
    List<String> names =
        isKnown ? List.of(queue) : store.list().stream().map(QueueSummary::name).toList();
    if (!names.contains(queue)) {
      throw new NotFoundException(
          DidYouMean.nearest(names, queue)
              .map(near -> "there is no queue '%s'; did you mean %s?".formatted(queue, near))
              .orElse(
                  "there is no queue '%s': its first job creates it, or its first setting (queues set)"
                      .formatted(queue)));
    }
    return queue;
  }

  @Override
  public void limitType(String type, @Nullable Integer concurrency) {
    QueueSettings checked = QueueSettings.defaults().concurrency(concurrency);
    store.limitType(NewJob.of(type, null).type(), checked.concurrency().orElse(null));
  }

  @Override
  public Map<String, Integer> typeLimits() {
    return store.typeLimits();
  }
}
