package dev.holdfast.http.wire;

import dev.holdfast.BulkAction;
import dev.holdfast.BulkOperation;
import dev.holdfast.BulkRequest;
import dev.holdfast.http.BulkJson;
import dev.holdfast.spi.FilterParameters;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Wire form of a {@link BulkOperation}.
 *
 * @param filter the parameters of a search for its jobs
 */
public record BulkOperationJson(
    UUID id,
    BulkAction action,
    Map<String, List<String>> filter,
    Optional<String> queue,
    Optional<Integer> priority,
    String by,
    BulkOperation.State state,
    long done,
    long leftAlone,
    long searched,
    Instant createdAt,
    Instant updatedAt,
    Optional<Instant> finishedAt) {

  /** Returns an operation. */
  public static BulkOperationJson of(BulkOperation operation) {
    BulkRequest request = operation.request();
    return new BulkOperationJson(
        operation.id(),
        request.action(),
        BulkJson.filter(request.filter()),
        request.queue(),
        request.priority(),
        operation.by(),
        operation.state(),
        operation.done(),
        operation.leftAlone(),
        operation.searched(),
        operation.createdAt(),
        operation.updatedAt(),
        operation.finishedAt());
  }

  /** Returns the operation. */
  public BulkOperation operation() {
    BulkRequest request = BulkRequest.of(action, FilterParameters.read(filter, Set.of()));
    request = queue.isPresent() ? request.queue(queue.get()) : request;
    request = priority.isPresent() ? request.priority(priority.get()) : request;
    return new BulkOperation(
        id, request, by, state, done, leftAlone, searched, createdAt, updatedAt, finishedAt);
  }
}
