package dev.holdfast.server.route;

import java.util.Optional;
import java.util.function.Function;

/**
 * The head of a request, before its body is read.
 *
 * @param method the method as sent
 * @param rawPath the path, not decoded
 * @param rawQuery the part after the question mark, not decoded; may be empty
 * @param bodyBytes the length of the body; -1 if unknown, 0 if there is none
 * @param isLocal whether the connection comes from this host
 * @param headers the values of headers by name
 */
public record Head(
    String method,
    String rawPath,
    String rawQuery,
    long bodyBytes,
    boolean isLocal,
    Function<String, Optional<String>> headers) {
  Optional<String> header(String name) {
    return headers.apply(name);
  }
}
