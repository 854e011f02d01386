package dev.holdfast.http;

import dev.holdfast.JobId;
import dev.holdfast.check.Printable;
import dev.holdfast.check.UnicodeText;
import dev.holdfast.error.InvalidRequestException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.util.RawValue;
import tools.jackson.databind.util.TokenBuffer;

/**
 * The wire form, which {@code --json} prints too: names in snake_case, instants as ISO 8601,
 * nothing left out.
 */
public final class Json {
  /** Reads trees, and writes values of programs as Jackson does by default. */
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  private static final ObjectReader EACH_NAME_ONCE =
      MAPPER.reader().with(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);

  private static final String NO_OBJECT = "it is no object of this kind";

  /** An escape of half a pair, whether the other half is there or not. */
  private static final Pattern SURROGATE = Pattern.compile("\\\\u[dD][89a-fA-F]");

  private Json() {}

  /** Made with the first answer, as a command that has none starts faster without. */
  private static final class Records {
    private static final JsonMapper MAPPER = WireFormat.mapper();
  }

  /** Writes wire records, maps, lists, texts, numbers and nodes. */
  public static String write(Object value) {
    return Records.MAPPER.writeValueAsString(value);
  }

  /**
   * Encodes a value of a program, such as a payload, for use within other JSON.
   *
   * @param what the name of the value in the exception's message
   * @throws InvalidRequestException if it cannot be encoded
   */
  public static RawValue raw(String what, @Nullable Object value) {
    try {
      return new RawValue(MAPPER.writeValueAsString(value));
    } catch (JacksonException failure) {
      throw new InvalidRequestException(
          "%s cannot be written as JSON: %s"
              .formatted(what, Printable.brief(failure.getOriginalMessage(), 200)),
          failure);
    }
  }

  /**
   * Reads JSON.
   *
   * @throws InvalidRequestException if {@code text} is none; it says what {@code what} is
   */
  public static JsonNode read(String what, String text) {
    return read(MAPPER.reader(), what, text);
  }

  /**
   * Reads JSON whose objects name each member once: which of two would be meant is for nobody to
   * guess; and whose texts have whole characters.
   *
   * @throws InvalidRequestException if {@code text} is none; it says what {@code what} is
   */
  public static JsonNode readStrictly(String what, String text) {
    JsonNode node = read(EACH_NAME_ONCE, what, text);
    if (SURROGATE.matcher(text).find()) {
      checkTexts(what, node);
    }
    return node;
  }

  private static void checkTexts(String what, JsonNode node) {
    if (node.isString()) {
      UnicodeText.check(what, node.stringValue());
    }
    node.propertyNames().forEach(name -> UnicodeText.check(what, name));
    node.values().forEach(value -> checkTexts(what, value));
  }

  private static JsonNode read(ObjectReader reader, String what, String text) {
    JsonNode node;
    try {
      node = reader.readTree(text);
    } catch (JacksonException malformed) {
      throw malformed(what, malformed);
    }
    if (node.isMissingNode()) {
      throw new InvalidRequestException(what + " is empty: expected JSON, such as {} or null");
    }
    return node;
  }

  /**
   * Reads a wire record.
   *
   * @throws InvalidRequestException if {@code text} is no JSON, or not that of such a record
   */
  public static <T> T read(String what, String text, Class<T> record) {
    try {
      return known(Records.MAPPER.readValue(text, record));
    } catch (DatabindException other) {
      throw unexpected(other);
    } catch (JacksonException malformed) {
      throw malformed(what, malformed);
    }
  }

  /**
   * Reads a wire record that is a part of other JSON.
   *
   * @throws InvalidRequestException if {@code node} is not the JSON of such a record
   */
  public static <T> T read(JsonNode node, Class<T> record) {
    try {
      return known(Records.MAPPER.treeToValue(node, record));
    } catch (JacksonException other) {
      throw unexpected(other);
    }
  }

  /** Returns the fields of a wire record in their order, for an object that has more. */
  public static Map<String, @Nullable Object> fields(Object record) {
    TokenBuffer tokens = TokenBuffer.forGeneration();
    Records.MAPPER.writeValue(tokens, record);
    return Records.MAPPER
        .readerFor(new TypeReference<Map<String, @Nullable Object>>() {})
        .without(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS) // numbers stay as they are
        .readValue(tokens.asParser());
  }

  private static <T> T known(@Nullable T record) {
    if (record == null) {
      throw new InvalidRequestException(NO_OBJECT);
    }
    return record;
  }

  private static InvalidRequestException malformed(String what, JacksonException malformed) {
    return new InvalidRequestException(
        "%s is no JSON: %s".formatted(what, Printable.brief(told(malformed), 200)), malformed);
  }

  private static InvalidRequestException unexpected(JacksonException other) {
    String path =
        other.getPath().stream()
            .map(
                step ->
                    step.getPropertyName() == null ? "" + step.getIndex() : step.getPropertyName())
            .collect(Collectors.joining("."));
    String problem =
        other instanceof InvalidFormatException format
            ? "has the value " + Printable.quoted(String.valueOf(format.getValue()))
            : "is missing, or of another type";
    return new InvalidRequestException(
        path.isEmpty() ? NO_OBJECT : "field '%s' %s".formatted(path, problem), other);
  }

  /** Returns the parser's message without the parser settings that it names in backquotes. */
  private static String told(JacksonException malformed) {
    return malformed
        .getOriginalMessage()
        .replaceAll(",? from `[^`]*`", "")
        .replaceAll(" \\([^()]*`[^`]*`[^()]*\\)", "")
        .replaceFirst("(?s):?( for| not allowed as per| not allowed when)? `.*", "");
  }

  /** The members of an object, which may be given as {@code what}. */
  public static Map<String, Object> object(String what, JsonNode node) {
    if (!node.isObject()) {
      throw new InvalidRequestException("%s must be a JSON object, was %s".formatted(what, node));
    }
    return MAPPER.convertValue(node, new TypeReference<Map<String, Object>>() {});
  }

  /** The jobs that something was done to: {@code {"count": …, "job_ids": […]}}. */
  public static Map<String, @Nullable Object> ofJobs(long count, List<JobId> jobs) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("count", count);
    fields.put("job_ids", jobs.stream().map(JobId::toString).toList());
    return fields;
  }

  /** Saved states by name. */
  public static Map<String, Object> ofCheckpoints(Map<String, String> states) {
    Map<String, Object> fields = new LinkedHashMap<>();
    states.forEach((name, state) -> fields.put(name, new RawValue(state)));
    return fields;
  }
}
