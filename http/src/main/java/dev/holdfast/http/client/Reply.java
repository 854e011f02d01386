package dev.holdfast.http.client;

import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.error.StorageException;
import dev.holdfast.http.Fields;
import dev.holdfast.http.Json;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/**
 * A response of a server other than a problem.
 *
 * @param body the JSON; may be empty
 */
record Reply(String body) {
  private static final String WHAT = "the server's response";

  /**
   * Parses the body with {@code reader}.
   *
   * @throws StorageException if it does not match the API
   */
  <T> T read(Function<Fields, T> reader) {
    return understood(() -> reader.apply(new Fields(Json.read(WHAT, body))));
  }

  /** Parses the body as a wire record, and converts it. */
  <R, T> T read(Class<R> record, Function<R, T> reader) {
    return understood(() -> reader.apply(Json.read(WHAT, body, record)));
  }

  /** Parses each object of an array as a wire record, and converts it. */
  <R, T> List<T> readEach(Class<R> record, Function<R, T> reader) {
    return understood(() -> each(Json.read(WHAT, body), record, reader));
  }

  /** Parses each object of an array in a field as a wire record, and converts it. */
  <R, T> List<T> list(String field, Class<R> record, Function<R, T> reader) {
    return understood(() -> each(new Fields(Json.read(WHAT, body)).array(field), record, reader));
  }

  private static <R, T> List<T> each(JsonNode array, Class<R> record, Function<R, T> reader) {
    return array.values().stream().map(node -> reader.apply(Json.read(node, record))).toList();
  }

  private static <T> T understood(Supplier<T> reading) {
    try {
      return reading.get();
    } catch (InvalidRequestException foreign) {
      throw new StorageException(
          "the server's response is not understood, it may be of another version: "
              + foreign.getMessage(),
          foreign);
    }
  }
}
