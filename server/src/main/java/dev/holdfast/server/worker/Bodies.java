package dev.holdfast.server.worker;

import static dev.holdfast.server.access.Permission.WORK;
import static dev.holdfast.server.route.Method.POST;

import dev.holdfast.InvalidRequestException;
import dev.holdfast.JobId;
import dev.holdfast.Limits;
import dev.holdfast.NodeId;
import dev.holdfast.Printable;
import dev.holdfast.http.Fields;
import dev.holdfast.http.Json;
import dev.holdfast.http.NewJobJson;
import dev.holdfast.server.route.Exchange;
import dev.holdfast.server.route.Handler;
import dev.holdfast.server.route.Route;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/** What the bodies of the worker protocol have in common. */
final class Bodies {
  static final String PATH = "/api/v1/worker/";

  /** For all but jobs and their results. */
  static final int SMALL_BYTES_MAX = 256 << 10;

  /** For one result, one checkpoint, or the lines of a log. */
  static final int ONE_BYTES_MAX = Limits.RESULT_BYTES_MAX + SMALL_BYTES_MAX;

  private static final int TYPES_MAX = 1_000;

  private Bodies() {}

  static Route route(String path, Handler handler, int bytesMax) {
    return Route.of(POST, path, handler).needs(WORK).body(bytesMax);
  }

  /** In the order of the alphabet, for messages. */
  static Set<String> names(String... names) {
    return new TreeSet<>(Set.of(names));
  }

  /** The fields of the body, which has no others than these. */
  static Fields read(Exchange exchange, Set<String> known) {
    Fields fields = exchange.object();
    NewJobJson.checkFields("the body", fields.node(), known);
    return fields;
  }

  static NodeId worker(Fields body) {
    String text = body.text("worker");
    try {
      return new NodeId(UUID.fromString(text));
    } catch (IllegalArgumentException malformed) {
      throw new InvalidRequestException(
          "field 'worker' is %s, expected what 'register' has answered"
              .formatted(Printable.quoted(text)));
    }
  }

  static Set<String> types(Fields body) {
    Set<String> types = new HashSet<>(body.texts("types"));
    boolean areNames =
        types.stream().noneMatch(type -> type.isBlank() || type.length() > Limits.NAME_CHARS_MAX);
    if (types.isEmpty() || types.size() > TYPES_MAX || !areNames) {
      throw new InvalidRequestException(
          "field 'types' has %d names, expected 1 to %d of 1 to %d characters"
              .formatted(types.size(), TYPES_MAX, Limits.NAME_CHARS_MAX));
    }
    return types;
  }

  static List<String> queues(Fields body) {
    return body.isNull("queues") ? List.of() : body.texts("queues");
  }

  static Map<String, Object> capabilities(Fields body) {
    return body.isNull("capabilities")
        ? Map.of()
        : Json.object("capabilities", body.any("capabilities"));
  }

  static LeaseText lease(JobId job, Fields fields) {
    return LeaseText.parse(job, fields.text("lease"));
  }
}
