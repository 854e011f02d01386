package dev.holdfast.engine;

import dev.holdfast.InvalidRequestException;
import dev.holdfast.spi.PayloadCodec;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

/**
 * JSON by Jackson: records, java.time and unknown fields are fine, type names from data are not.
 */
public final class JacksonCodec implements PayloadCodec {
  private final ObjectMapper mapper = JsonMapper.builder().build();

  @Override
  public String encode(Object value) {
    try {
      return mapper.writeValueAsString(value);
    } catch (JacksonException failure) {
      throw new InvalidRequestException(
          "a %s cannot be written as JSON: %s"
              .formatted(value.getClass().getName(), failure.getOriginalMessage()),
          failure);
    }
  }

  @Override
  public <T> T decode(String json, Class<T> type) {
    try {
      return mapper.readValue(json, type);
    } catch (JacksonException failure) {
      throw new InvalidRequestException(
          "the JSON does not fit %s: %s".formatted(type.getName(), failure.getOriginalMessage()),
          failure);
    }
  }
}
