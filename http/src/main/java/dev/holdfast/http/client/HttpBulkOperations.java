package dev.holdfast.http.client;

import dev.holdfast.BulkAction;
import dev.holdfast.BulkOperation;
import dev.holdfast.BulkOperations;
import dev.holdfast.BulkRequest;
import dev.holdfast.JobFilter;
import dev.holdfast.JobId;
import dev.holdfast.JobQueue.Changed;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.http.BulkJson;
import dev.holdfast.http.Fields;
import dev.holdfast.http.wire.ChangedJson;
import dev.holdfast.spi.FilterParameters;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

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
        .read(HttpBulkOperations::operation);
  }

  @Override
  public List<BulkOperation> list() {
    return transport.call(Request.get(PATH)).list("operations", HttpBulkOperations::operation);
  }

  @Override
  public BulkOperation get(UUID id) {
    return transport.call(Request.get(PATH + "/" + id)).read(HttpBulkOperations::operation);
  }

  @Override
  public BulkOperation cancel(UUID id) {
    return transport
        .call(Request.post(PATH + "/" + id + "/cancel").harmless())
        .read(HttpBulkOperations::operation);
  }

  private static BulkOperation operation(Fields fields) {
    BulkRequest request = BulkRequest.of(action(fields), filter(fields.object("filter")));
    Optional<String> queue = fields.maybeText("queue");
    request = queue.isPresent() ? request.queue(queue.get()) : request;
    Optional<Long> priority = fields.maybeNumber("priority");
    request = priority.isPresent() ? request.priority(priority.get().intValue()) : request;
    return new BulkOperation(
        UUID.fromString(fields.text("id")),
        request,
        fields.text("by"),
        fields.word("state", BulkOperation.State.class),
        fields.number("done"),
        fields.number("left_alone"),
        fields.number("searched"),
        fields.instant("created_at"),
        fields.instant("updated_at"),
        fields.maybeInstant("finished_at"));
  }

  private static BulkAction action(Fields fields) {
    return BulkAction.valueOf(fields.text("action").toUpperCase(Locale.ROOT));
  }

  private static JobFilter filter(Fields filter) {
    Map<String, List<String>> texts = new LinkedHashMap<>();
    filter
        .node()
        .properties()
        .forEach(
            field ->
                texts.put(
                    field.getKey(),
                    field.getValue().values().stream().map(JsonNode::asString).toList()));
    return FilterParameters.read(texts, Set.of());
  }
}
