package dev.holdfast.jdbc.store;

import java.util.List;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The little JSON that a store reads itself. */
final class Json {
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final TypeReference<List<String>> TEXTS = new TypeReference<>() {};

  private Json() {}

  static List<String> texts(String json) {
    return MAPPER.readValue(json, TEXTS);
  }
}
