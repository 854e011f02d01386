package dev.holdfast.http;

import dev.holdfast.BulkRequest;
import dev.holdfast.JobFilter;
import dev.holdfast.spi.FilterParameters;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Converts requests for bulk operations to JSON. */
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

  /** Returns a filter as the parameters of a search. */
  public static Map<String, List<String>> filter(JobFilter filter) {
    JobFilter inGroups = filter.reachableGroups().map(filter::groups).orElse(filter);
    return FilterParameters.write(inGroups);
  }
}
