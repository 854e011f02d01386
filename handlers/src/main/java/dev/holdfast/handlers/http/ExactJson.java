package dev.holdfast.handlers.http;

import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.json.JsonMapper;

/** Reads any JSON such that writing it again changes no number. */
final class ExactJson extends ValueDeserializer<Object> {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS) // the rest of the payload
          .build();

  @Override
  public Object deserialize(JsonParser parser, DeserializationContext context) {
    JsonNode value = MAPPER.readTree(parser);
    return value.isString() ? value.stringValue() : value;
  }

  /** Returns the text to send for a body. */
  static String write(Object body) {
    return MAPPER.writeValueAsString(body);
  }
}
