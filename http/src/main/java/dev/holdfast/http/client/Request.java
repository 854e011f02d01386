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
 * What is asked of a server. Immutable; each method below answers a changed copy.
 *
 * @param method the method
 * @param path the path below {@code /api/v1}, with its query
 * @param body JSON, or none
 * @param repeat when it may be sent again
 * @param extra how much more time than others it has
 */
record Request(String method, String path, Optional<String> body, Repeat repeat, Duration extra) {

  /** When a request may be sent again. */
  enum Repeat {
    /** Whenever it got no answer: done twice, it has done the same. */
    ALWAYS,
    /** When it is certain that nothing was done. */
    IF_UNTOUCHED
  }

  /** What reads or changes the whole queue takes its time. */
  private static final Duration SLOW = Duration.ofMinutes(10);

  /** Looks. */
  static Request get(String path) {
    return new Request("GET", path, Optional.empty(), Repeat.ALWAYS, Duration.ZERO);
  }

  /** Looks at these jobs; as many as fit into an address. */
  static Request jobs(List<JobId> ids) {
    String listed = ids.stream().map(JobId::toString).collect(Collectors.joining(","));
    return get("/jobs").query("ids", listed).query("limit", ids.size());
  }

  /** Does something that is not to be done twice. */
  static Request post(String path) {
    return new Request("POST", path, Optional.empty(), Repeat.IF_UNTOUCHED, Duration.ZERO);
  }

  /** Lets something be as it is told, whatever it was. */
  static Request put(String path, Object json) {
    return new Request("PUT", path, Optional.empty(), Repeat.ALWAYS, Duration.ZERO).json(json);
  }

  /** Changes something. */
  static Request patch(String path, Object json) {
    return new Request("PATCH", path, Optional.empty(), Repeat.IF_UNTOUCHED, Duration.ZERO)
        .json(json);
  }

  /** Removes something. */
  static Request delete(String path) {
    return new Request("DELETE", path, Optional.empty(), Repeat.IF_UNTOUCHED, Duration.ZERO);
  }

  /** With this body. */
  Request json(Object json) {
    return new Request(method, path, Optional.of(Json.write(json)), repeat, extra);
  }

  /** Done twice, it has done the same. */
  Request harmless() {
    return new Request(method, path, body, Repeat.ALWAYS, extra);
  }

  /** With so much more time. */
  Request extra(Duration newExtra) {
    return new Request(method, path, body, repeat, newExtra);
  }

  /** With the time that the whole queue takes. */
  Request slow() {
    return extra(SLOW);
  }

  /** With a query parameter, unless there is no value for it. */
  Request query(String name, @Nullable Object value) {
    if (value == null) {
      return this;
    }
    String added = path + (path.contains("?") ? "&" : "?") + name + "=" + encoded(value.toString());
    return new Request(method, added, body, repeat, extra);
  }

  /** With a query parameter, if there is a value for it. */
  Request query(String name, Optional<?> value) {
    return query(name, (Object) value.orElse(null));
  }

  /** A name, or any text, within an address. */
  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
