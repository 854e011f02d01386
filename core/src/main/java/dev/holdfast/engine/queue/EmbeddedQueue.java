package dev.holdfast.engine.queue;

import dev.holdfast.Explanation;
import dev.holdfast.JobId;
import dev.holdfast.JobQueue;
import dev.holdfast.JobQueue.Changed;
import dev.holdfast.Transaction;
import dev.holdfast.engine.Handlers;
import dev.holdfast.search.Scope;
import dev.holdfast.spi.Embedding;
import dev.holdfast.spi.EngineRuntime;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.Scheduler;
import dev.holdfast.spi.TimeSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The inside of a queue of this process. */
public record EmbeddedQueue(
    JobStore store, StoreQueue queue, EngineRuntime runtime, Handlers handlers)
    implements Embedding {

  @Override
  public TimeSource time() {
    return runtime.time();
  }

  @Override
  public Scheduler newScheduler(String name) {
    return runtime.scheduler(name);
  }

  @Override
  public JobQueue joining(Supplier<Optional<Transaction>> current) {
    return queue.joining(current);
  }

  @Override
  public void refuseStepsIn(Supplier<Optional<String>> transaction) {
    handlers.refuseStepsIn(transaction);
  }

  @Override
  public Explanation explain(JobId id, Scope scope) {
    return queue.explain(id, scope);
  }

  @Override
  public List<Changed> cancel(List<JobId> ids, String by, Scope scope) {
    return queue.cancel(ids, by, scope);
  }

  @Override
  public List<Changed> delete(List<JobId> ids, String by, Scope scope) {
    return queue.delete(ids, by, scope);
  }
}
