package dev.holdfast.http.client;

import dev.holdfast.BulkOperation;
import dev.holdfast.BulkOperations;
import dev.holdfast.BulkRequest;
import dev.holdfast.JobId;
import dev.holdfast.JobQueue.Changed;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.http.BulkJson;
import dev.holdfast.http.wire.BulkOperationJson;
import dev.holdfast.http.wire.ChangedJson;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Actions on many jobs through a server. */
final class HttpBulkOperations implements BulkOperations {
  private static final String PATH = "/bulk-operations";

  private final Transport transport;

  HttpBulkOperations(Transport transport) {
    this.transport = transport;
  }

  @Override
  public List<Changed> change(BulkRequest request, List<JobId> ids, String by) {
    request.check();
    if (ids.size() > CHANGED_MAX) {
      throw new InvalidRequestException(
          "at most %,d jobs are changed at once, were %,d".formatted(CHANGED_MAX, ids.size()));
    }
    if (ids.isEmpty()) {
      return List.of();
    }
    Map<String, @Nullable Object> fields = BulkJson.of(request);
    fields.put("ids", ids.stream().map(JobId::toString).toList());
    Map<JobId, Changed> changed = new HashMap<>();
    transport
        .call(Request.post("/jobs/bulk").json(fields))
        .list("results", ChangedJson.class, ChangedJson::changed)
        .forEach(one -> changed.put(one.id(), one));
    return ids.stream()
        .map(id -> changed.getOrDefault(id, new Changed(id, Optional.empty(), false)))
        .toList();
  }

  @Override
  public BulkOperation start(BulkRequest request, String by) {
    request.check();
    return transport
        .call(Request.post(PATH).json(BulkJson.of(request)))
        .read(BulkOperationJson.class, BulkOperationJson::operation);
  }

  @Override
  public List<BulkOperation> list() {
    return transport
        .call(Request.get(PATH))
        .list("operations", BulkOperationJson.class, BulkOperationJson::operation);
  }

  @Override
  public BulkOperation get(UUID id) {
    return transport
        .call(Request.get(PATH + "/" + id))
        .read(BulkOperationJson.class, BulkOperationJson::operation);
  }

  @Override
  public BulkOperation cancel(UUID id) {
    return transport
        .call(Request.post(PATH + "/" + id + "/cancel").harmless())
        .read(BulkOperationJson.class, BulkOperationJson::operation);
  }
}
