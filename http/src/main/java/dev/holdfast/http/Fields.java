package dev.holdfast.http;

import dev.holdfast.InvalidRequestException;
import dev.holdfast.JobId;
import dev.holdfast.Printable;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/**
 * The fields of a JSON object, each checked when it is read.
 *
 * @param node the object
 */
public record Fields(JsonNode node) {

  /** Whether there is such a field, null or not. */
  public boolean has(String name) {
    return node.has(name);
  }

  /** Whether there is no such field, or it is null. */
  public boolean isNull(String name) {
    JsonNode field = node.get(name);
    return field == null || field.isNull();
  }

  /** A field of whatever kind, which must be there. */
  public JsonNode any(String name) {
    JsonNode field = node.get(name);
    if (field == null) {
      throw new InvalidRequestException("has no field '%s'".formatted(name));
    }
    return field;
  }

  /** A string, which must be there. */
  public String text(String name) {
    JsonNode field = any(name);
    if (!field.isString()) {
      throw wrong(name, field, "a string");
    }
    return field.stringValue();
  }

  /** A string, if there is one. */
  public Optional<String> maybeText(String name) {
    return isNull(name) ? Optional.empty() : Optional.of(text(name));
  }

  /** A whole number, which must be there. */
  public long number(String name) {
    JsonNode field = any(name);
    if (!field.isIntegralNumber() || !field.canConvertToLong()) {
      throw wrong(name, field, "a whole number");
    }
    return field.longValue();
  }

  /** A whole number, if there is one. */
  public Optional<Long> maybeNumber(String name) {
    return isNull(name) ? Optional.empty() : Optional.of(number(name));
  }

  /** A whole number of 32 bits, which must be there. */
  public int count(String name) {
    long number = number(name);
    if (number < Integer.MIN_VALUE || number > Integer.MAX_VALUE) {
      throw wrong(name, any(name), "a smaller number");
    }
    return (int) number;
  }

  /** True or false; false if there is no such field. */
  public boolean flag(String name) {
    if (isNull(name)) {
      return false;
    }
    if (!any(name).isBoolean()) {
      throw wrong(name, any(name), "true or false");
    }
    return any(name).booleanValue();
  }

  /** An instant, which must be there. */
  public Instant instant(String name) {
    try {
      return Instant.parse(text(name));
    } catch (DateTimeException malformed) {
      throw wrong(name, any(name), "a time such as 2026-01-31T10:00:00Z");
    }
  }

  /** An instant, if there is one. */
  public Optional<Instant> maybeInstant(String name) {
    return isNull(name) ? Optional.empty() : Optional.of(instant(name));
  }

  /** A duration in seconds, to the millisecond, which must be there. */
  public Duration seconds(String name) {
    JsonNode field = any(name);
    if (!field.isNumber()) {
      throw wrong(name, field, "a number of seconds");
    }
    return Duration.ofMillis(Math.round(field.doubleValue() * 1_000));
  }

  /** A duration in seconds, if there is one. */
  public Optional<Duration> maybeSeconds(String name) {
    return isNull(name) ? Optional.empty() : Optional.of(seconds(name));
  }

  /** A JSON text, unless there is none, or null. */
  public Optional<String> maybeJson(String name) {
    return isNull(name) ? Optional.empty() : Optional.of(any(name).toString());
  }

  /** The id of a job, which must be there. */
  public JobId jobId(String name) {
    return JobId.parse(text(name));
  }

  /** The ids of jobs in an array, which must be there. */
  public List<JobId> jobIds(String name) {
    return texts(name).stream().map(JobId::parse).toList();
  }

  /** The fields of an object, which must be there. */
  public Fields object(String name) {
    JsonNode field = any(name);
    if (!field.isObject()) {
      throw wrong(name, field, "an object");
    }
    return new Fields(field);
  }

  /** The whole numbers of an object by their names, which must be there. */
  public Map<String, Long> numbers(String name) {
    Fields object = object(name);
    Map<String, Long> numbers = new LinkedHashMap<>();
    object.node().propertyNames().forEach(each -> numbers.put(each, object.number(each)));
    return numbers;
  }

  /** One of the constants of {@code type}, which must be there. */
  public <E extends Enum<E>> E word(String name, Class<E> type) {
    try {
      return Enum.valueOf(type, text(name));
    } catch (IllegalArgumentException unknown) {
      String words = List.of(type.getEnumConstants()).toString();
      throw wrong(name, any(name), "one of " + words);
    }
  }

  /** The fields of an object, if there is one. */
  public Optional<Fields> maybeObject(String name) {
    return isNull(name) ? Optional.empty() : Optional.of(new Fields(any(name)));
  }

  /** What {@code mapper} makes of each object of an array, which must be there. */
  public <T> List<T> list(String name, Function<Fields, T> mapper) {
    return array(name).values().stream().map(Fields::new).map(mapper).toList();
  }

  /** The strings of an array, which must be there. */
  public List<String> texts(String name) {
    JsonNode array = any(name);
    if (!array.isArray() || !array.values().stream().allMatch(JsonNode::isString)) {
      throw wrong(name, array, "an array of strings");
    }
    return array.values().stream().map(JsonNode::stringValue).toList();
  }

  private JsonNode array(String name) {
    JsonNode field = any(name);
    if (!field.isArray()) {
      throw wrong(name, field, "an array");
    }
    return field;
  }

  private static InvalidRequestException wrong(String name, JsonNode value, String expected) {
    return new InvalidRequestException(
        "field '%s' is %s, expected %s"
            .formatted(name, Printable.brief(value.toString(), 60), expected));
  }
}
