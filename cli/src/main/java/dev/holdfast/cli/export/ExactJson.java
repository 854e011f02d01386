package dev.holdfast.cli.export;

import dev.holdfast.cli.terminal.Text;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.http.Fields;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamWriteConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * JSON texts inside JSON lines that round-trip exactly. If parsing would change a text (spaces,
 * escapes, a number's form, invalid JSON), it is also written as a string, in a field whose name
 * ends in {@code _text}; the parsed field is then only for readers.
 */
final class ExactJson {
  private static final String TEXT = "_text";
  private static final int DEPTH_MAX = 10_000; // more than any text that a queue accepts

  private static final ObjectMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(DEPTH_MAX)
                          .maxNumberLength(Integer.MAX_VALUE)
                          .maxStringLength(Integer.MAX_VALUE)
                          .build())
                  .streamWriteConstraints(
                      StreamWriteConstraints.builder().maxNestingDepth(DEPTH_MAX).build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private ExactJson() {}

  static String write(Object value) {
    return MAPPER.writeValueAsString(value);
  }

  /**
   * Parses a line.
   *
   * @throws InvalidRequestException if it is not a JSON object
   */
  static JsonNode read(String line) {
    JsonNode node;
    try {
      node = MAPPER.readTree(line);
    } catch (JacksonException malformed) {
      throw new InvalidRequestException(
          "is not valid JSON: " + Text.brief(malformed.getOriginalMessage(), 200), malformed);
    }
    if (!node.isObject()) {
      throw new InvalidRequestException("is not a JSON object");
    }
    return node;
  }

  /** Writes a JSON text. */
  static void put(Map<String, @Nullable Object> fields, String name, String text) {
    Optional<JsonNode> node = parsed(text);
    fields.put(name, node.orElse(null));
    if (node.isEmpty() || !write(node.get()).equals(text)) {
      fields.put(name + TEXT, text);
    }
  }

  /** Writes a JSON text, or null. */
  static void put(Map<String, @Nullable Object> fields, String name, Optional<String> text) {
    fields.put(name, null);
    text.ifPresent(there -> put(fields, name, there));
  }

  private static Optional<JsonNode> parsed(String text) {
    try {
      return Optional.of(MAPPER.readTree(text)).filter(node -> !node.isMissingNode());
    } catch (JacksonException malformed) {
      return Optional.empty();
    }
  }

  /** Reads a JSON text. */
  static String get(Fields fields, String name) {
    return fields.maybeText(name + TEXT).orElseGet(() -> write(fields.any(name)));
  }

  /** Reads a JSON text; a stored {@code null} has its own text. */
  static Optional<String> maybe(Fields fields, String name) {
    Optional<String> text = fields.maybeText(name + TEXT);
    return text.isPresent() || fields.isNull(name) ? text : Optional.of(write(fields.any(name)));
  }
}
