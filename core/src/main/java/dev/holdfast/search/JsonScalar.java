package dev.holdfast.search;

import dev.holdfast.check.Check;
import dev.holdfast.check.Limits;
import dev.holdfast.check.UnicodeText;
import dev.holdfast.error.InvalidRequestException;
import java.math.BigDecimal;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A text, number, truth value or null of JSON. Numbers are equal if they have the same value.
 *
 * @param kind its kind
 * @param text the text, or the value in its shortest form
 */
public record JsonScalar(Kind kind, String text) {
  private static final JsonMapper MAPPER = new JsonMapper();

  /** The kinds of values. */
  public enum Kind {
    /** A text. */
    TEXT,
    /** A number. */
    NUMBER,
    /** True or false. */
    BOOLEAN,
    /** Null. */
    NULL
  }

  /**
   * Parses a value as people write it: a number, {@code true}, {@code false} or {@code null} as in
   * JSON; anything else is a text, and so is everything in quotation marks.
   *
   * @throws InvalidRequestException if {@code text} is longer than {@link Limits#FILTER_CHARS_MAX}
   */
  public static JsonScalar parse(String text) {
    Check.that(
        text.length() <= Limits.FILTER_CHARS_MAX,
        "the value of a field must have at most %d characters, had %d",
        Limits.FILTER_CHARS_MAX,
        text.length());
    UnicodeText.check("the value of a field", text);
    try {
      return of(MAPPER.readTree(text)).orElseGet(() -> text(text));
    } catch (JacksonException plain) {
      return text(text);
    }
  }

  /** Creates a text. */
  public static JsonScalar text(String text) {
    return new JsonScalar(Kind.TEXT, text);
  }

  /** Returns the value of a node; empty if it is an object, an array, or missing. */
  static Optional<JsonScalar> of(JsonNode node) {
    if (node.isString()) {
      return Optional.of(text(node.stringValue()));
    }
    if (node.isNumber()) {
      return Optional.of(new JsonScalar(Kind.NUMBER, shortest(node.decimalValue())));
    }
    if (node.isBoolean()) {
      return Optional.of(new JsonScalar(Kind.BOOLEAN, Boolean.toString(node.booleanValue())));
    }
    return node.isNull() ? Optional.of(new JsonScalar(Kind.NULL, "null")) : Optional.empty();
  }

  private static String shortest(BigDecimal number) {
    return number.stripTrailingZeros().toString();
  }

  /** Returns a text for {@link #parse}. */
  @Override
  public String toString() {
    boolean needsQuotes = kind == Kind.TEXT && !text(text).equals(parse(text));
    return needsQuotes ? MAPPER.writeValueAsString(text) : text;
  }
}
