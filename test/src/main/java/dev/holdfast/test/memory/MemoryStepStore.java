package dev.holdfast.test.memory;

import dev.holdfast.JobId;
import dev.holdfast.JobQueue.Changed;
import dev.holdfast.Transaction;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.spi.Lease;
import dev.holdfast.spi.StepStore;
import dev.holdfast.spi.StepWait;
import dev.holdfast.step.Step;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The steps of a memory store. */
final class MemoryStepStore implements StepStore {
  private final MemoryJobStore store;
  private final MemoryTables tables;

  MemoryStepStore(MemoryJobStore store, MemoryTables tables) {
    this.store = store;
    this.tables = tables;
  }

  @Override
  public Recorded of(JobId job) {
    return store.locked((now, signals) -> new Recorded(tables.steps.of(job), now));
  }

  @Override
  public void finish(Lease lease, Finished step) {
    store.changing(
        (now, signals) -> {
          @Nullable MemoryRow row = tables.rows.get(lease.job());
          if (row == null || !row.isHeldUnder(lease)) {
            throw lease.stale();
          }
          tables.steps.finish(lease.job(), lease.attempt(), step, now);
          row.noted();
          return true;
        });
  }

  @Override
  public void finish(Transaction transaction, Lease lease, Finished step) {
    throw new InvalidRequestException(
        "the memory store cannot join a transaction, got a " + transaction.getClass().getName());
  }

  @Override
  public Changed retryFrom(JobId job, String step, String by) {
    return store.changing(
        (now, signals) -> {
          Optional<Step> first = tables.steps.find(job, step);
          if (first.isEmpty() && tables.rows.containsKey(job)) {
            List<String> names = tables.steps.of(job).stream().map(Step::name).toList();
            throw StepStore.noStep(job, step, names);
          }
          Changed changed = store.retryFrom(job, step, by);
          if (changed.done() && first.isPresent()) {
            String keys = StepWait.keys(job);
            tables
                .keys
                .entrySet()
                .removeIf(
                    key ->
                        key.getKey().key().startsWith(keys)
                            && isOf(job, key.getValue().job(), first.get()));
            tables.waits.forget(job, StepWait.firstPosition(first.get().position()));
            tables.steps.forget(job, first.get().position());
          }
          return changed;
        });
  }

  private boolean isOf(JobId job, JobId owner, Step first) {
    int position = StepWait.firstPosition(first.position());
    return tables.waits.predecessors(job).stream()
        .anyMatch(wait -> wait.position() >= position && wait.id().equals(owner));
  }
}
