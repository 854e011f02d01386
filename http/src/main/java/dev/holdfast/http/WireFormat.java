package dev.holdfast.http;

import dev.holdfast.BulkAction;
import dev.holdfast.Finding;
import dev.holdfast.Fingerprint;
import dev.holdfast.JobId;
import dev.holdfast.NodeCommand;
import dev.holdfast.NodeId;
import dev.holdfast.NodePhase;
import dev.holdfast.PageCursor;
import dev.holdfast.QueueSettings.Rate;
import dev.holdfast.QueueStatus.Liveness;
import dev.holdfast.search.JobField;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.Version;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.deser.std.FromStringDeserializer;
import tools.jackson.databind.introspect.AnnotatedMember;
import tools.jackson.databind.introspect.JacksonAnnotationIntrospector;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdSerializer;

/**
 * Defines how values become JSON: components of records in their order and in snake_case, enums by
 * name, and as texts what is one.
 */
final class WireFormat {
  private WireFormat() {}

  static JsonMapper mapper() {
    return JsonMapper.builder()
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
        .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
        .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
        .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
        .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
        .disable(EnumFeature.WRITE_ENUMS_USING_TO_STRING)
        .disable(EnumFeature.READ_ENUMS_USING_TO_STRING)
        .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
        .annotationIntrospector(new RequiredUnlessOptional())
        .addModule(texts())
        .build();
  }

  private static SimpleModule texts() {
    SimpleModule module = new SimpleModule("texts", Version.unknownVersion());
    text(module, Instant.class, Instant::toString, Instant::parse);
    text(module, JobId.class, JobId::toString, JobId::parse);
    text(module, NodeId.class, NodeId::toString, id -> new NodeId(UUID.fromString(id)));
    text(module, PageCursor.class, PageCursor::toString, PageCursor::parse);
    text(module, Fingerprint.class, Fingerprint::toString, Fingerprint::parse);
    text(module, JobField.class, JobField::toString, JobField::parse);
    text(module, Rate.class, Rates::write, Rates::parse);
    word(module, NodePhase.class);
    word(module, NodeCommand.class);
    word(module, Liveness.class);
    word(module, Finding.Gravity.class);
    word(module, BulkAction.class);
    return module;
  }

  /** Adds an enum whose constants are in lower case. */
  private static <E extends Enum<E>> void word(SimpleModule module, Class<E> type) {
    text(
        module,
        type,
        constant -> constant.name().toLowerCase(Locale.ROOT),
        text -> Enum.valueOf(type, text.toUpperCase(Locale.ROOT)));
  }

  private static <T> void text(
      SimpleModule module, Class<T> type, Function<T, String> write, Function<String, T> parse) {
    module.addSerializer(
        type,
        new StdSerializer<T>(type) {
          @Override
          public void serialize(T value, JsonGenerator generator, SerializationContext context) {
            generator.writeString(write.apply(value));
          }
        });
    module.addDeserializer(type, new FromText<>(type, parse));
  }

  private static final class FromText<T> extends FromStringDeserializer<T> {
    private final Class<T> type;
    private final transient Function<String, T> parse;

    private FromText(Class<T> type, Function<String, T> parse) {
      super(type);
      this.type = type;
      this.parse = parse;
    }

    @Override
    protected T _deserialize(String text, DeserializationContext context) {
      try {
        return parse.apply(text);
      } catch (RuntimeException malformed) { // whatever the type throws
        throw context.weirdStringException(text, type, "malformed");
      }
    }
  }

  /** Requires each component that is not optional, primitive ones included. */
  private static final class RequiredUnlessOptional extends JacksonAnnotationIntrospector {
    @Override
    public Boolean hasRequiredMarker(MapperConfig<?> config, AnnotatedMember member) {
      return member.getRawType() != Optional.class;
    }
  }
}
