package dev.holdfast.http.client;

import dev.holdfast.JobId;
import dev.holdfast.http.Json;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A request to a server. Immutable; each method below returns a changed copy.
 *
 * @param method the method
 * @param path the path below {@code /api/v1}, with its query
 * @param body JSON, or none
 * @param repeat whether it may be sent again
 * @param extra the additional time for it
 */
record Request(String method, String path, Optional<String> body, Repeat repeat, Duration extra) {

  /** The condition for sending a request again. */
  enum Repeat {
    /** Always, as the request is idempotent. */
    ALWAYS,
    /** Only if the request certainly had no effect. */
    IF_UNTOUCHED
  }

  /** The additional time of operations on the whole queue. */
  private static final Duration SLOW = Duration.ofMinutes(10);

  /** Creates a read request. */
  static Request get(String path) {
    return new Request("GET", path, Optional.empty(), Repeat.ALWAYS, Duration.ZERO);
  }

  /** Creates a request for these jobs; at most as many as fit into a URL. */
  static Request jobs(List<JobId> ids) {
    String listed = ids.stream().map(JobId::toString).collect(Collectors.joining(","));
    return get("/jobs").query("ids", listed).query("include", "payload").query("limit", ids.size());
  }

  /** Creates a request that is not idempotent. */
  static Request post(String path) {
    return new Request("POST", path, Optional.empty(), Repeat.IF_UNTOUCHED, Duration.ZERO);
  }

  /** Creates a request that replaces something. */
  static Request put(String path, Object json) {
    return new Request("PUT", path, Optional.empty(), Repeat.ALWAYS, Duration.ZERO).json(json);
  }

  /** Creates a request that changes something. */
  static Request patch(String path, Object json) {
    return new Request("PATCH", path, Optional.empty(), Repeat.IF_UNTOUCHED, Duration.ZERO)
        .json(json);
  }

  /** Creates a request that removes something. */
  static Request delete(String path) {
    return new Request("DELETE", path, Optional.empty(), Repeat.IF_UNTOUCHED, Duration.ZERO);
  }

  /** Returns a copy with this body. */
  Request json(Object json) {
    return new Request(method, path, Optional.of(Json.write(json)), repeat, extra);
  }

  /** Returns a copy that is marked as idempotent. */
  Request harmless() {
    return new Request(method, path, body, Repeat.ALWAYS, extra);
  }

  /** Returns a copy with this additional time. */
  Request extra(Duration newExtra) {
    return new Request(method, path, body, repeat, newExtra);
  }

  /** Returns a copy with the time for an operation on the whole queue. */
  Request slow() {
    return extra(SLOW);
  }

  /** Returns a copy with a query parameter, unless the value is null. */
  Request query(String name, @Nullable Object value) {
    if (value == null) {
      return this;
    }
    String added = path + (path.contains("?") ? "&" : "?") + name + "=" + encoded(value.toString());
    return new Request(method, added, body, repeat, extra);
  }

  /** Returns a copy with a query parameter, if there is a value. */
  Request query(String name, Optional<?> value) {
    return query(name, (Object) value.orElse(null));
  }

  /** Encodes a text for a URL. */
  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
