package dev.holdfast.http.client;

import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.error.StorageException;
import dev.holdfast.http.Fields;
import dev.holdfast.http.Json;
import java.util.List;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/**
 * A response of a server other than a problem.
 *
 * @param body the JSON; may be empty
 */
record Reply(String body) {

  /**
   * Parses the body with {@code reader}.
   *
   * @throws StorageException if it does not match the API
   */
  <T> T read(Function<Fields, T> reader) {
    return understood(node -> reader.apply(new Fields(node)));
  }

  /** Parses each object of an array with {@code reader}. */
  <T> List<T> readEach(Function<Fields, T> reader) {
    return understood(array -> array.values().stream().map(Fields::new).map(reader).toList());
  }

  /** Parses each object of an array in a field with {@code reader}. */
  <T> List<T> list(String field, Function<Fields, T> reader) {
    return read(fields -> fields.list(field, reader));
  }

  private <T> T understood(Function<JsonNode, T> reader) {
    try {
      return reader.apply(Json.read("the server's response", body));
    } catch (InvalidRequestException foreign) {
      throw new StorageException(
          "the server's response is not understood, it may be of another version: "
              + foreign.getMessage(),
          foreign);
    }
  }
}
