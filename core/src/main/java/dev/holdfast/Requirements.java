package dev.holdfast;

import dev.holdfast.error.InvalidRequestException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * The requirements of a job on its worker: conditions on capabilities, all of which must hold. A
 * condition is a plain value that the capability must equal, or an object of operators:
 *
 * <pre>{@code
 * {"gpu": true, "memory": {">=": 16}, "region": {"in": ["eu", "us"]}, "formats": {"contains": "pdf"}}
 * }</pre>
 *
 * Numbers are compared as numbers. A capability that a worker does not have meets only {@code !=}.
 */
public final class Requirements {
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final TypeReference<TreeMap<String, Object>> OBJECT = new TypeReference<>() {};

  private static final String ALLOWED =
      "a text, a number, true or false, or an object of \">=\", \">\", \"<\" or \"<=\" with a"
          + " number, \"!=\" or \"contains\" with a value, \"in\" with a list of values";

  private final List<Condition> conditions;

  private Requirements(List<Condition> conditions) {
    this.conditions = List.copyOf(conditions);
  }

  /**
   * Parses the requirements of a job.
   *
   * @throws InvalidRequestException naming the capability and what is allowed
   */
  public static Requirements of(Map<String, Object> asked) {
    List<Condition> conditions = new ArrayList<>();
    new TreeMap<>(asked)
        .forEach((capability, value) -> conditions.addAll(conditions(capability, value)));
    return new Requirements(conditions);
  }

  /**
   * Parses stored requirements; empty if they are malformed, in which case no worker meets them.
   */
  public static Optional<Requirements> parse(String json) {
    try {
      return Optional.of(of(MAPPER.readValue(json, OBJECT)));
    } catch (JacksonException | InvalidRequestException | NullPointerException foreign) {
      return Optional.empty();
    }
  }

  /** Returns the same conditions in canonical form, independent of their order. */
  public static String canonical(String json) {
    return MAPPER.writeValueAsString(sorted(MAPPER.readValue(json, OBJECT)));
  }

  private static Object sorted(@Nullable Object value) {
    if (value instanceof Map<?, ?> object) {
      Map<String, Object> sorted = new TreeMap<>();
      object.forEach((name, member) -> sorted.put(String.valueOf(name), sorted(member)));
      return sorted;
    }
    return value == null ? "null" : value;
  }

  private static List<Condition> conditions(String capability, @Nullable Object asked) {
    if (!(asked instanceof Map<?, ?> operators)) {
      return List.of(condition(capability, Operator.EQUALS, asked));
    }
    if (operators.isEmpty()) {
      throw malformed(capability, asked);
    }
    return operators.entrySet().stream()
        .map(
            entry ->
                Operator.of(String.valueOf(entry.getKey()))
                    .map(operator -> condition(capability, operator, entry.getValue()))
                    .orElseThrow(() -> malformed(capability, asked)))
        .toList();
  }

  private static Condition condition(
      String capability, Operator operator, @Nullable Object wanted) {
    if (capability.isBlank() || wanted == null || !operator.takes(wanted)) {
      throw malformed(capability, wanted);
    }
    return new Condition(capability, operator, wanted);
  }

  private static InvalidRequestException malformed(String capability, @Nullable Object asked) {
    return new InvalidRequestException(
        "the required capability '%s' was %s: expected %s".formatted(capability, asked, ALLOWED));
  }

  /** Returns whether a worker with these capabilities meets the requirements. */
  public boolean areMetBy(Map<String, Object> capabilities) {
    return unmetBy(capabilities).isEmpty();
  }

  /** Returns the conditions that these capabilities do not meet. */
  public List<Condition> unmetBy(Map<String, Object> capabilities) {
    return conditions.stream().filter(condition -> !condition.isMetBy(capabilities)).toList();
  }

  /** Returns whether a value is a text, a number, or true or false. */
  static boolean isPlain(Object value) {
    return value instanceof String
        || value instanceof Boolean
        || (value instanceof Number number && Double.isFinite(number.doubleValue()));
  }

  /**
   * Checks the capabilities of a worker: each is a plain value or a list of them.
   *
   * @return a copy
   * @throws InvalidRequestException naming the capability and what is allowed
   */
  static Map<String, Object> checkCapabilities(Map<String, Object> capabilities) {
    capabilities.forEach(
        (name, value) -> {
          boolean isRight =
              isPlain(value)
                  || (value instanceof List<?> list
                      && list.stream().allMatch(one -> one != null && isPlain(one)));
          if (name.isBlank() || !isRight) {
            throw new InvalidRequestException(
                "the capability '%s' was %s: expected a text, a number, true or false, or a list of them"
                    .formatted(name, value));
          }
        });
    return Map.copyOf(capabilities);
  }

  /**
   * A condition on one capability.
   *
   * @param capability its name
   * @param operator the comparison
   * @param wanted the operand
   */
  public record Condition(String capability, Operator operator, Object wanted) {
    boolean isMetBy(Map<String, Object> capabilities) {
      @Nullable Object offered = capabilities.get(capability);
      return offered == null ? operator == Operator.DIFFERS : operator.holds(offered, wanted);
    }

    @Override
    public String toString() {
      return "%s %s %s".formatted(capability, operator.sign, wanted);
    }
  }

  /** Comparison of a capability with the wanted value. */
  public enum Operator {
    /** Equal to the value. */
    EQUALS("="),
    /** Different from the value, or missing. */
    DIFFERS("!="),
    /** Greater than or equal to the number. */
    AT_LEAST(">="),
    /** Greater than the number. */
    MORE(">"),
    /** Less than or equal to the number. */
    AT_MOST("<="),
    /** Less than the number. */
    LESS("<"),
    /** One of these values. */
    IN("in"),
    /** A list that contains the value. */
    CONTAINS("contains");

    private final String sign;

    Operator(String sign) {
      this.sign = sign;
    }

    /**
     * Returns the operator with this sign. {@code EQUALS} has none: it is written as a plain value.
     */
    static Optional<Operator> of(String sign) {
      return Arrays.stream(values())
          .filter(operator -> operator != EQUALS && operator.sign.equals(sign))
          .findFirst();
    }

    boolean takes(Object wanted) {
      return switch (this) {
        case EQUALS, DIFFERS, CONTAINS -> isPlain(wanted);
        case AT_LEAST, MORE, AT_MOST, LESS -> isNumber(wanted);
        case IN -> isPlainList(wanted);
      };
    }

    boolean holds(Object offered, Object wanted) {
      return switch (this) {
        case EQUALS -> isSame(offered, wanted);
        case DIFFERS -> !isSame(offered, wanted);
        case AT_LEAST -> isNumber(offered) && compare(offered, wanted) >= 0;
        case MORE -> isNumber(offered) && compare(offered, wanted) > 0;
        case AT_MOST -> isNumber(offered) && compare(offered, wanted) <= 0;
        case LESS -> isNumber(offered) && compare(offered, wanted) < 0;
        case IN -> isAmong((List<?>) wanted, offered);
        case CONTAINS -> offered instanceof List<?> list && isAmong(list, wanted);
      };
    }
  }

  private static boolean isNumber(Object value) {
    return value instanceof Number && isPlain(value);
  }

  private static boolean isPlainList(Object value) {
    return value instanceof List<?> list
        && !list.isEmpty()
        && list.stream().allMatch(one -> one != null && isPlain(one));
  }

  private static boolean isAmong(List<?> values, Object value) {
    return values.stream().anyMatch(one -> isSame(one, value));
  }

  private static boolean isSame(Object one, Object other) {
    boolean areNumbers = isNumber(one) && isNumber(other);
    return areNumbers ? compare(one, other) == 0 : one.equals(other);
  }

  private static int compare(Object one, Object other) {
    return new BigDecimal(one.toString()).compareTo(new BigDecimal(other.toString()));
  }
}
