package dev.holdfast.search;

import dev.holdfast.check.Printable;
import dev.holdfast.error.InvalidRequestException;

/**
 * A condition of a filter: a field of a job has this value, or is an array that contains it.
 *
 * @param field the field
 * @param value the value
 */
public record FieldMatch(JobField field, JsonScalar value) {
  private static final String FORM =
      "a condition on a field has the form payload.customer.id=42, was %s";

  /**
   * Parses a condition such as {@code payload.customer.id=42}.
   *
   * @throws InvalidRequestException if {@code text} is malformed
   */
  public static FieldMatch parse(String text) {
    int sign = text.indexOf('=');
    if (sign < 0) {
      throw new InvalidRequestException(FORM.formatted(Printable.quoted(text)));
    }
    return new FieldMatch(
        JobField.parse(text.substring(0, sign)), JsonScalar.parse(text.substring(sign + 1)));
  }

  /** Returns a text for {@link #parse}. */
  @Override
  public String toString() {
    return field + "=" + value;
  }
}
