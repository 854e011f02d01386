package dev.holdfast.engine;

import dev.holdfast.check.UnicodeText;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.spi.PayloadCodec;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

/**
 * A JSON codec by Jackson. Supports records and java.time, ignores unknown fields, and never
 * instantiates types named in the data.
 */
public final class JacksonCodec implements PayloadCodec {
  private final ObjectMapper mapper = JsonMapper.builder().build();

  @Override
  public String encode(Object value) {
    try {
      String json = mapper.writeValueAsString(value);
      UnicodeText.check("a " + value.getClass().getName(), json);
      return json;
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
