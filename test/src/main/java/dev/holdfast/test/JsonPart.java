package dev.holdfast.test;

import dev.holdfast.engine.JacksonCodec;
import dev.holdfast.spi.PayloadCodec;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A part of a payload, as JSON. */
final class JsonPart {
  private static final PayloadCodec CODEC = new JacksonCodec();

  private final String json;

  private JsonPart(String json) {
    this.json = json;
  }

  static JsonPart of(Object part) {
    return new JsonPart(CODEC.encode(part));
  }

  boolean isIn(String payload) {
    return contains(CODEC.decode(payload, Object.class), CODEC.decode(json, Object.class));
  }

  private static boolean contains(@Nullable Object whole, @Nullable Object part) {
    if (whole instanceof Map<?, ?> fields && part instanceof Map<?, ?> wanted) {
      return wanted.entrySet().stream()
          .allMatch(
              field ->
                  fields.containsKey(field.getKey())
                      && contains(fields.get(field.getKey()), field.getValue()));
    }
    return Objects.equals(whole, part);
  }

  @Override
  public String toString() {
    return json;
  }
}
