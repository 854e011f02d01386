package dev.holdfast.engine.queue;

import dev.holdfast.BulkOperation;
import dev.holdfast.BulkOperations;
import dev.holdfast.BulkRequest;
import dev.holdfast.JobId;
import dev.holdfast.JobQueue.Changed;
import dev.holdfast.check.Limits;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.error.NotFoundException;
import dev.holdfast.spi.BulkStore;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;

/** Bulk operations of a store. */
final class StoreBulkOperations implements BulkOperations {
  private final BulkStore store;
  private final Supplier<UUID> ids;

  StoreBulkOperations(BulkStore store, Supplier<UUID> ids) {
    this.store = store;
    this.ids = ids;
  }

  @Override
  public List<Changed> change(BulkRequest request, List<JobId> jobs, String by) {
    request.check();
    if (jobs.size() > CHANGED_MAX) {
      throw new InvalidRequestException(
          "at most %,d jobs are changed at once, were %,d".formatted(CHANGED_MAX, jobs.size()));
    }
    return jobs.isEmpty() ? List.of() : store.change(request, jobs, by);
  }

  @Override
  public BulkOperation start(BulkRequest request, String by) {
    request.check();
    return store.start(ids.get(), request, by);
  }

  @Override
  public List<BulkOperation> list() {
    return store.list(Limits.PAGE_MAX);
  }

  @Override
  public BulkOperation get(UUID id) {
    return store
        .find(id)
        .orElseThrow(() -> new NotFoundException("there is no bulk operation %s".formatted(id)));
  }

  @Override
  public BulkOperation cancel(UUID id) {
    store.cancel(id);
    return get(id);
  }
}
