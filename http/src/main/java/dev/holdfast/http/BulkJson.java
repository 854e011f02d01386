package dev.holdfast.http;

import dev.holdfast.BulkOperation;
import dev.holdfast.BulkRequest;
import dev.holdfast.JobFilter;
import dev.holdfast.spi.FilterParameters;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Converts bulk operations to JSON. */
public final class BulkJson {
  private BulkJson() {}

  /** Returns a request, with its filter as the parameters of a search. */
  public static Map<String, @Nullable Object> of(BulkRequest request) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("action", request.action().name().toLowerCase(Locale.ROOT));
    fields.put("filter", filter(request.filter()));
    fields.put("queue", request.queue().orElse(null));
    fields.put("priority", request.priority().orElse(null));
    return fields;
  }

  private static Map<String, List<String>> filter(JobFilter filter) {
    JobFilter inGroups = filter.reachableGroups().map(filter::groups).orElse(filter);
    return FilterParameters.write(inGroups);
  }

  /** Returns an operation. */
  public static Map<String, @Nullable Object> of(BulkOperation operation) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("id", operation.id().toString());
    fields.putAll(of(operation.request()));
    fields.put("by", operation.by());
    fields.put("state", operation.state().name());
    fields.put("done", operation.done());
    fields.put("left_alone", operation.leftAlone());
    fields.put("searched", operation.searched());
    fields.put("created_at", operation.createdAt().toString());
    fields.put("updated_at", operation.updatedAt().toString());
    fields.put("finished_at", operation.finishedAt().map(Object::toString).orElse(null));
    return fields;
  }
}
