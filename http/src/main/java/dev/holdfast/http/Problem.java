package dev.holdfast.http;

import dev.holdfast.HoldfastException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Why a request failed, by RFC 9457.
 *
 * @param type what kind of problem it is
 * @param detail what was wrong, what was expected, what to do
 * @param id under which the server has logged it; only of {@link ProblemType#INTERNAL}
 */
public record Problem(ProblemType type, String detail, Optional<String> id) {
  /** Its media type. */
  public static final String MEDIA_TYPE = "application/problem+json";

  /** A problem of this type. */
  public static Problem of(ProblemType type, String detail) {
    return new Problem(type, detail, Optional.empty());
  }

  /** What {@code failure} tells. */
  public static Problem of(HoldfastException failure) {
    return of(ProblemType.of(failure.code()), String.valueOf(failure.getMessage()));
  }

  /** The wire form. */
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
