package dev.holdfast.server.api;

import dev.holdfast.BulkAction;
import dev.holdfast.BulkRequest;
import dev.holdfast.JobFilter;
import dev.holdfast.check.Printable;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.http.Fields;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Reads requests for bulk actions. */
final class BulkRequests {
  private BulkRequests() {}

  /** Reads a request for the jobs of a filter: its action, queue and priority. */
  static BulkRequest of(Fields fields, JobFilter filter) {
    BulkRequest request = BulkRequest.of(action(fields), filter);
    if (!fields.isNull("queue")) {
      request = request.queue(fields.text("queue"));
    }
    if (!fields.isNull("priority")) {
      request = request.priority(fields.count("priority"));
    }
    request.check();
    return request;
  }

  private static BulkAction action(Fields fields) {
    String given = fields.text("action");
    List<String> known = Arrays.stream(BulkAction.values()).map(BulkRequests::word).toList();
    if (!known.contains(given)) {
      throw new InvalidRequestException(
          "field 'action' must be one of %s, was '%s'"
              .formatted(String.join(", ", known), Printable.of(given)));
    }
    return BulkAction.valueOf(given.toUpperCase(Locale.ROOT));
  }

  private static String word(BulkAction action) {
    return action.name().toLowerCase(Locale.ROOT);
  }
}
