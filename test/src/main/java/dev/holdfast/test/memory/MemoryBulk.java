package dev.holdfast.test.memory;

import dev.holdfast.BulkOperation;
import dev.holdfast.BulkOperation.State;
import dev.holdfast.BulkRequest;
import dev.holdfast.Job;
import dev.holdfast.JobFilter;
import dev.holdfast.JobId;
import dev.holdfast.JobQueue.Changed;
import dev.holdfast.Page;
import dev.holdfast.PageCursor;
import dev.holdfast.PageRequest;
import dev.holdfast.search.Scope;
import dev.holdfast.spi.BulkStore;
import dev.holdfast.spi.record.EncodedUpdate;
import dev.holdfast.spi.server.TokenRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** The bulk operations of a {@link MemoryJobStore}. */
final class MemoryBulk implements BulkStore {
  private final MemoryJobStore store;
  private final MemoryTables tables;

  MemoryBulk(MemoryJobStore store, MemoryTables tables) {
    this.store = store;
    this.tables = tables;
  }

  @Override
  public List<Changed> change(BulkRequest request, List<JobId> ids, String by) {
    return store.changing((now, signals) -> changed(request, ids, by, now));
  }

  private List<Changed> changed(BulkRequest request, List<JobId> ids, String by, Instant now) {
    Optional<JobFilter> wanted = request.affected().map(filter -> filter.at(now));
    Map<JobId, Changed> answers = new HashMap<>();
    List<JobId> matching = new ArrayList<>();
    for (JobId id : ids) {
      Optional<Job> job = Optional.ofNullable(tables.rows.get(id)).map(tables::job);
      answers.put(id, new Changed(id, job.map(Job::state), false));
      if (job.isPresent() && wanted.filter(filter -> filter.matches(job.get())).isPresent()) {
        matching.add(id);
      }
    }
    apply(request, matching, by).forEach(changed -> answers.put(changed.id(), changed));
    return ids.stream().map(answers::get).toList();
  }

  private List<Changed> apply(BulkRequest request, List<JobId> ids, String by) {
    Scope counted = request.filter().scope();
    return switch (request.action()) {
      case CANCEL, DISCARD -> store.cancel(ids, by, counted);
      case RETRY -> store.retry(ids, by);
      case RESUME -> store.resume(ids, by);
      case DELETE -> store.delete(ids, by, counted);
      case MOVE -> store.move(ids, request.queue().orElseThrow());
      case REPRIORITIZE -> ids.stream().map(id -> store.amend(id, update(request), by)).toList();
    };
  }

  private static EncodedUpdate update(BulkRequest request) {
    return new EncodedUpdate(
        Optional.empty(), 1, request.priority(), Optional.empty(), Optional.empty());
  }

  @Override
  public BulkOperation start(UUID id, BulkRequest request, String by) {
    return store.changing(
        (now, signals) -> {
          BulkStore.checkCapacity(
              tables.bulkOperations.values().stream()
                  .filter(operation -> operation.state() == State.RUNNING)
                  .count());
          BulkRequest dated = request.filter(request.filter().at(now));
          BulkOperation operation =
              new BulkOperation(id, dated, by, State.RUNNING, 0, 0, 0, now, now, Optional.empty());
          tables.bulkOperations.put(id, operation);
          return operation;
        });
  }

  @Override
  public List<BulkOperation> list(int limit) {
    return store.locked(
        (now, signals) ->
            tables.bulkOperations.values().stream()
                .sorted(Comparator.comparing(BulkOperation::createdAt).reversed())
                .limit(limit)
                .toList());
  }

  @Override
  public Optional<BulkOperation> find(UUID id) {
    return store.locked((now, signals) -> Optional.ofNullable(tables.bulkOperations.get(id)));
  }

  @Override
  public void cancel(UUID id) {
    store.changing(
        (now, signals) ->
            tables.bulkOperations.computeIfPresent(
                id,
                (same, operation) ->
                    operation.state() == State.RUNNING
                        ? after(operation, State.CANCELLED, 0, 0, 0, now)
                        : operation));
  }

  private static BulkOperation after(
      BulkOperation before, State state, long done, long leftAlone, long searched, Instant now) {
    return new BulkOperation(
        before.id(),
        before.request(),
        before.by(),
        state,
        before.done() + done,
        before.leftAlone() + leftAlone,
        before.searched() + searched,
        before.createdAt(),
        now,
        state == State.RUNNING ? Optional.empty() : Optional.of(now));
  }

  @Override
  public boolean advance(int limit) {
    return store.changing(
        (now, signals) -> {
          Optional<BulkOperation> running =
              tables.bulkOperations.values().stream()
                  .filter(operation -> operation.state() == State.RUNNING)
                  .min(Comparator.comparing(BulkOperation::createdAt));
          running.ifPresent(operation -> advance(operation, limit, now));
          return running.isPresent();
        });
  }

  /** Searches here read all jobs: there is no index. */
  @Override
  public boolean indexFields(int limit) {
    return false;
  }

  private boolean isRevoked(BulkOperation operation) {
    return Optional.ofNullable(tables.tokens.get(operation.by()))
        .filter(token -> !token.createdAt().isAfter(operation.createdAt()))
        .flatMap(TokenRecord::revokedAt)
        .filter(revoked -> !revoked.isBefore(operation.createdAt()))
        .isPresent();
  }

  private void advance(BulkOperation operation, int limit, Instant now) {
    if (isRevoked(operation)) {
      tables.bulkOperations.put(operation.id(), after(operation, State.CANCELLED, 0, 0, 0, now));
      return;
    }
    Optional<PageCursor> position = Optional.ofNullable(tables.bulkPositions.get(operation.id()));
    Page<Job> page =
        operation
            .request()
            .affected()
            .map(filter -> new MemorySearch(filter).page(tables, new PageRequest(limit, position)))
            .orElseGet(() -> new Page<>(List.of(), Optional.empty()));
    List<JobId> ids = page.items().stream().map(Job::id).toList();
    long done =
        changed(operation.request(), ids, operation.by(), now).stream()
            .filter(Changed::done)
            .count();
    page.next().ifPresent(next -> tables.bulkPositions.put(operation.id(), next));
    State state = page.next().isPresent() ? State.RUNNING : State.DONE;
    tables.bulkOperations.put(
        operation.id(), after(operation, state, done, ids.size() - done, page.searched(), now));
  }
}
