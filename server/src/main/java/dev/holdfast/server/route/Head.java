package dev.holdfast.server.route;

import java.util.Optional;
import java.util.function.Function;

/**
 * A request before its body is read.
 *
 * @param method as it came
 * @param rawPath the path, not decoded
 * @param rawQuery what stands behind the question mark, not decoded; empty if nothing does
 * @param bodyBytes the length of the body; -1 if that is not said, 0 if there is none
 * @param headers the values of headers by name
 */
public record Head(
    String method,
    String rawPath,
    String rawQuery,
    long bodyBytes,
    Function<String, Optional<String>> headers) {
  Optional<String> header(String name) {
    return headers.apply(name);
  }
}
