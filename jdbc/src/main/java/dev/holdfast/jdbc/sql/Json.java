package dev.holdfast.jdbc.sql;

import dev.holdfast.RecoveryPolicy;
import dev.holdfast.spi.LeaseRules;
import java.util.List;
import java.util.Map;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The little JSON that a store reads and writes itself. */
public final class Json {
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final TypeReference<List<String>> TEXTS = new TypeReference<>() {};
  private static final TypeReference<Map<String, List<String>>> TEXT_LISTS =
      new TypeReference<>() {};

  private static final TypeReference<Map<String, RecoveryPolicy>> POLICIES =
      new TypeReference<>() {};

  private static final TypeReference<Map<String, LeaseRules>> LEASE_RULES =
      new TypeReference<>() {};

  private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};

  private Json() {}

  public static List<String> texts(String json) {
    return MAPPER.readValue(json, TEXTS);
  }

  public static Map<String, List<String>> textLists(String json) {
    return MAPPER.readValue(json, TEXT_LISTS);
  }

  public static Map<String, Object> object(String json) {
    return MAPPER.readValue(json, OBJECT);
  }

  public static Map<String, RecoveryPolicy> policies(String json) {
    return MAPPER.readValue(json, POLICIES);
  }

  public static Map<String, LeaseRules> leaseRules(String json) {
    return MAPPER.readValue(json, LEASE_RULES);
  }

  public static <T> T read(String json, Class<T> type) {
    return MAPPER.readValue(json, type);
  }

  public static String write(Object value) {
    return MAPPER.writeValueAsString(value);
  }
}
