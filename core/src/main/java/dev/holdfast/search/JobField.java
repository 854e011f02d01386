package dev.holdfast.search;

import dev.holdfast.check.Check;
import dev.holdfast.check.Limits;
import dev.holdfast.check.Printable;
import dev.holdfast.error.InvalidRequestException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A field of the JSON that belongs to a job, such as {@code payload.customer.id}: the names of
 * members on the way to it. A name that has a dot cannot be addressed.
 *
 * @param root the JSON that contains it
 * @param path the names, at least one
 */
public record JobField(Root root, List<String> path) {
  private static final JsonMapper MAPPER = new JsonMapper();

  /** The JSON texts of a job. */
  public enum Root {
    /** Its payload. */
    PAYLOAD,
    /** Its metadata. */
    METADATA,
    /** The capabilities that it requires. */
    REQUIRES
  }

  /**
   * Checks the path.
   *
   * @throws InvalidRequestException if it is empty, too long, or has an empty name
   */
  public JobField {
    path = List.copyOf(path);
    Check.that(
        !path.isEmpty() && path.stream().noneMatch(String::isEmpty),
        "a field has the form payload.customer.id, was '%s'",
        Printable.brief(text(root, path), Limits.NAME_CHARS_MAX));
    Check.that(
        text(root, path).length() <= Limits.NAME_CHARS_MAX,
        "a field must have at most %d characters, had %d",
        Limits.NAME_CHARS_MAX,
        text(root, path).length());
  }

  /**
   * Parses a field such as {@code metadata.region}.
   *
   * @throws InvalidRequestException if {@code text} does not start with {@code payload.}, {@code
   *     metadata.} or {@code requires.}
   */
  public static JobField parse(String text) {
    for (Root root : Root.values()) {
      String prefix = name(root) + ".";
      if (text.startsWith(prefix)) {
        return new JobField(root, List.of(text.substring(prefix.length()).split("\\.", -1)));
      }
    }
    throw new InvalidRequestException(
        "a field starts with payload., metadata. or requires., was %s"
            .formatted(Printable.quoted(text)));
  }

  /**
   * Returns the values of this field in {@code json}: one, the elements of an array, or none. A
   * value that is an object or an array itself is left out.
   */
  public List<JsonScalar> read(String json) {
    JsonNode node;
    try {
      node = MAPPER.readTree(json);
    } catch (JacksonException foreign) {
      return List.of();
    }
    for (String name : path) {
      node = node.path(name);
    }
    List<JsonScalar> values = new ArrayList<>();
    if (node.isArray()) {
      node.values().forEach(element -> JsonScalar.of(element).ifPresent(values::add));
    } else {
      JsonScalar.of(node).ifPresent(values::add);
    }
    return values;
  }

  /** Returns the values of this field in the JSON texts of a job. */
  public List<JsonScalar> read(
      Optional<String> payload, Optional<String> metadata, Optional<String> requires) {
    Optional<String> json =
        switch (root) {
          case PAYLOAD -> payload;
          case METADATA -> metadata;
          case REQUIRES -> requires;
        };
    return json.map(this::read).orElse(List.of());
  }

  /** Returns a text for {@link #parse}. */
  @Override
  public String toString() {
    return text(root, path);
  }

  private static String text(Root root, List<String> path) {
    return name(root) + "." + String.join(".", path);
  }

  private static String name(Root root) {
    return root.name().toLowerCase(Locale.ROOT);
  }
}
