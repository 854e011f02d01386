package dev.holdfast.jdbc.store;

import dev.holdfast.RecoveryPolicy;
import java.util.List;
import java.util.Map;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The little JSON that a store reads and writes itself. */
final class Json {
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final TypeReference<List<String>> TEXTS = new TypeReference<>() {};
  private static final TypeReference<Map<String, RecoveryPolicy>> POLICIES =
      new TypeReference<>() {};

  private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};

  private Json() {}

  static List<String> texts(String json) {
    return MAPPER.readValue(json, TEXTS);
  }

  static Map<String, Object> object(String json) {
    return MAPPER.readValue(json, OBJECT);
  }

  static Map<String, RecoveryPolicy> policies(String json) {
    return MAPPER.readValue(json, POLICIES);
  }

  static <T> T read(String json, Class<T> type) {
    return MAPPER.readValue(json, type);
  }

  static String write(Object value) {
    return MAPPER.writeValueAsString(value);
  }
}
