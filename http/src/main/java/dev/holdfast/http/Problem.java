package dev.holdfast.http;

import dev.holdfast.error.HoldfastException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A problem response by RFC 9457.
 *
 * @param type the kind of problem
 * @param detail what was wrong, what was expected, what to do
 * @param id the id of the server's log entry; only for status 500
 */
public record Problem(ProblemType type, String detail, Optional<String> id) {
  /** Its media type. */
  public static final String MEDIA_TYPE = "application/problem+json";

  /** Creates a problem of this type. */
  public static Problem of(ProblemType type, String detail) {
    return new Problem(type, detail, Optional.empty());
  }

  /** Creates the problem for {@code failure}. */
  public static Problem of(HoldfastException failure) {
    return of(ProblemType.of(failure.code()), String.valueOf(failure.getMessage()));
  }

  /**
   * Creates the problem for {@code failure} as callers without a token may see it: a failure of the
   * database without its details, such as paths.
   */
  public static Problem withoutDetails(HoldfastException failure) {
    Problem problem = of(failure);
    return problem.type().status() < 500
        ? problem
        : of(
            problem.type(),
            "the database cannot be used at the moment; the log of the server has the reason");
  }

  /** Returns the wire form. */
  public Map<String, @Nullable Object> json() {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("type", type.uri());
    fields.put("title", type.title());
    fields.put("status", type.status());
    fields.put("detail", detail);
    fields.put("code", type.code());
    id.ifPresent(logged -> fields.put("id", logged));
    return fields;
  }
}
