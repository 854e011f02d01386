package dev.holdfast.http.client;

import dev.holdfast.InvalidRequestException;
import dev.holdfast.StorageException;
import dev.holdfast.http.Fields;
import dev.holdfast.http.Json;
import java.util.List;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/**
 * What a server answered, other than a problem.
 *
 * @param body JSON; empty where there is nothing to tell
 */
record Reply(String body) {

  /**
   * What {@code reader} makes of it.
   *
   * @throws StorageException if it is not what the API describes
   */
  <T> T read(Function<Fields, T> reader) {
    return understood(node -> reader.apply(new Fields(node)));
  }

  /** What {@code reader} makes of each object of an array. */
  <T> List<T> readEach(Function<Fields, T> reader) {
    return understood(array -> array.values().stream().map(Fields::new).map(reader).toList());
  }

  /** What {@code reader} makes of each object of an array that stands in a field. */
  <T> List<T> list(String field, Function<Fields, T> reader) {
    return read(fields -> fields.list(field, reader));
  }

  private <T> T understood(Function<JsonNode, T> reader) {
    try {
      return reader.apply(Json.read("the server's answer", body));
    } catch (InvalidRequestException foreign) {
      throw new StorageException(
          "the server's answer is not understood, it may be of another version: "
              + foreign.getMessage(),
          foreign);
    }
  }
}
