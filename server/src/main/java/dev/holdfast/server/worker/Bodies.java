package dev.holdfast.server.worker;

import static dev.holdfast.server.access.Permission.WORK;
import static dev.holdfast.server.route.Method.POST;

import dev.holdfast.NodeId;
import dev.holdfast.check.Limits;
import dev.holdfast.check.Printable;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.http.Fields;
import dev.holdfast.http.Json;
import dev.holdfast.http.NewJobJson;
import dev.holdfast.server.route.Call;
import dev.holdfast.server.route.Handler;
import dev.holdfast.server.route.Route;
import dev.holdfast.spi.ServedWork;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/** Reads the bodies of the worker protocol. */
final class Bodies {
  static final String PATH = "/api/v1/worker/";

  /** The size limit of bodies without results. */
  static final int SMALL_BYTES_MAX = 256 << 10;

  /** The size limit of one result, one checkpoint, or log lines. */
  static final int ONE_BYTES_MAX = Limits.RESULT_BYTES_MAX + SMALL_BYTES_MAX;

  private static final int TYPES_MAX = 1_000;

  private Bodies() {}

  static Route route(String path, Handler handler, int bytesMax) {
    return Route.of(POST, path, handler).needs(WORK).body(bytesMax);
  }

  /** Returns the names in alphabetical order, for messages. */
  static Set<String> names(String... names) {
    return new TreeSet<>(Set.of(names));
  }

  /** Returns the fields of the body; unknown ones are refused. */
  static Fields read(Call call, Set<String> known) {
    Fields fields = call.object();
    NewJobJson.checkFields("the body", fields.node(), known);
    return fields;
  }

  static NodeId worker(Fields body) {
    String text = body.text("worker");
    try {
      return new NodeId(UUID.fromString(text));
    } catch (IllegalArgumentException malformed) {
      throw new InvalidRequestException(
          "field 'worker' is %s, expected the value that 'register' returned"
              .formatted(Printable.quoted(text)));
    }
  }

  /** Reads the types; all types if none is named. */
  static Set<String> types(Fields body) {
    if (body.isNull("types")) {
      return Set.of(ServedWork.ANY_TYPE);
    }
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
}
