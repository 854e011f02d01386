package dev.holdfast.http;

import dev.holdfast.JobId;
import dev.holdfast.check.Printable;
import dev.holdfast.error.InvalidRequestException;
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
  private static final long YEAR_1 = Instant.parse("0001-01-01T00:00:00Z").getEpochSecond();
  private static final long YEAR_10000 = Instant.parse("+10000-01-01T00:00:00Z").getEpochSecond();

  /** Returns whether there is such a field, null or not. */
  public boolean has(String name) {
    return node.has(name);
  }

  /** Returns whether the field is missing or null. */
  public boolean isNull(String name) {
    JsonNode field = node.get(name);
    return field == null || field.isNull();
  }

  /** Returns a required field of any type. */
  public JsonNode any(String name) {
    JsonNode field = node.get(name);
    if (field == null) {
      throw new InvalidRequestException("has no field '%s'".formatted(name));
    }
    return field;
  }

  /** Returns a required string. */
  public String text(String name) {
    JsonNode field = any(name);
    if (!field.isString()) {
      throw wrong(name, field, "a string");
    }
    return field.stringValue();
  }

  /** Returns an optional string. */
  public Optional<String> maybeText(String name) {
    return isNull(name) ? Optional.empty() : Optional.of(text(name));
  }

  /** Returns a required whole number. */
  public long number(String name) {
    JsonNode field = any(name);
    if (!field.isIntegralNumber() || !field.canConvertToLong()) {
      throw wrong(name, field, "a whole number");
    }
    return field.longValue();
  }

  /** Returns an optional whole number. */
  public Optional<Long> maybeNumber(String name) {
    return isNull(name) ? Optional.empty() : Optional.of(number(name));
  }

  /** Returns a required whole number of 32 bits. */
  public int count(String name) {
    long number = number(name);
    if (number < Integer.MIN_VALUE || number > Integer.MAX_VALUE) {
      throw wrong(name, any(name), "a smaller number");
    }
    return (int) number;
  }

  /** Returns an optional boolean; false if it is missing. */
  public boolean flag(String name) {
    if (isNull(name)) {
      return false;
    }
    if (!any(name).isBoolean()) {
      throw wrong(name, any(name), "true or false");
    }
    return any(name).booleanValue();
  }

  /** Returns a required instant. */
  public Instant instant(String name) {
    try {
      Instant instant = Instant.parse(text(name));
      if (instant.getEpochSecond() >= YEAR_1 && instant.getEpochSecond() < YEAR_10000) {
        return instant;
      }
    } catch (DateTimeException malformed) {
      // reported below
    }
    throw wrong(name, any(name), "a time such as 2026-01-31T10:00:00Z, of the years 1 to 9999");
  }

  /** Returns an optional instant. */
  public Optional<Instant> maybeInstant(String name) {
    return isNull(name) ? Optional.empty() : Optional.of(instant(name));
  }

  /** Returns a required duration in seconds, to the millisecond. */
  public Duration seconds(String name) {
    JsonNode field = any(name);
    if (!field.isNumber()) {
      throw wrong(name, field, "a number of seconds");
    }
    return Duration.ofMillis(Math.round(field.doubleValue() * 1_000));
  }

  /** Returns an optional duration in seconds. */
  public Optional<Duration> maybeSeconds(String name) {
    return isNull(name) ? Optional.empty() : Optional.of(seconds(name));
  }

  /** Returns an optional JSON text; empty if it is missing or null. */
  public Optional<String> maybeJson(String name) {
    return isNull(name) ? Optional.empty() : Optional.of(any(name).toString());
  }

  /** Returns a required job id. */
  public JobId jobId(String name) {
    return JobId.parse(text(name));
  }

  /** Returns a required array of job ids. */
  public List<JobId> jobIds(String name) {
    return texts(name).stream().map(JobId::parse).toList();
  }

  /** Returns the fields of a required object. */
  public Fields object(String name) {
    JsonNode field = any(name);
    if (!field.isObject()) {
      throw wrong(name, field, "an object");
    }
    return new Fields(field);
  }

  /** Returns a required object of whole numbers by name. */
  public Map<String, Long> numbers(String name) {
    Fields object = object(name);
    Map<String, Long> numbers = new LinkedHashMap<>();
    object.node().propertyNames().forEach(each -> numbers.put(each, object.number(each)));
    return numbers;
  }

  /** Returns a required constant of {@code type}. */
  public <E extends Enum<E>> E word(String name, Class<E> type) {
    try {
      return Enum.valueOf(type, text(name));
    } catch (IllegalArgumentException unknown) {
      String words = List.of(type.getEnumConstants()).toString();
      throw wrong(name, any(name), "one of " + words);
    }
  }

  /** Returns the fields of an optional object. */
  public Optional<Fields> maybeObject(String name) {
    return isNull(name) ? Optional.empty() : Optional.of(new Fields(any(name)));
  }

  /** Maps each object of a required array. */
  public <T> List<T> list(String name, Function<Fields, T> mapper) {
    return array(name).values().stream().map(Fields::new).map(mapper).toList();
  }

  /** Returns a required array of strings. */
  public List<String> texts(String name) {
    JsonNode array = any(name);
    if (!array.isArray() || !array.values().stream().allMatch(JsonNode::isString)) {
      throw wrong(name, array, "an array of strings");
    }
    return array.values().stream().map(JsonNode::stringValue).toList();
  }

  /** Returns a required array. */
  public JsonNode array(String name) {
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
