package dev.holdfast.http.wire;

import java.util.Optional;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.annotation.JsonDeserialize;
import tools.jackson.databind.annotation.JsonSerialize;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.ser.std.StdSerializer;

/**
 * JSON of users, such as a payload, which is written as it is.
 *
 * @param text the JSON
 */
@JsonSerialize(using = RawJson.Writer.class)
@JsonDeserialize(using = RawJson.Reader.class)
record RawJson(String text) {

  static Optional<RawJson> of(Optional<String> json) {
    return json.map(RawJson::new);
  }

  static Optional<String> text(Optional<RawJson> json) {
    return json.map(RawJson::text);
  }

  static final class Writer extends StdSerializer<RawJson> {
    Writer() {
      super(RawJson.class);
    }

    @Override
    public void serialize(RawJson json, JsonGenerator generator, SerializationContext context) {
      generator.writeRawValue(json.text());
    }
  }

  static final class Reader extends StdDeserializer<RawJson> {
    Reader() {
      super(RawJson.class);
    }

    @Override
    public RawJson deserialize(JsonParser parser, DeserializationContext context) {
      return new RawJson(context.readTree(parser).toString());
    }
  }
}
