package dev.holdfast.config;

import dev.holdfast.Printable;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a source says for a key, not yet understood.
 *
 * @param texts one text, or the members of a list
 * @param isList whether it was written as a list
 * @param origin where it stands
 */
record Given(List<String> texts, boolean isList, Origin origin) {

  static Given text(String text, Origin origin) {
    return new Given(List.of(text), false, origin);
  }

  /** The text, unless it is a list. */
  Optional<String> text() {
    return isList ? Optional.empty() : Optional.of(texts.get(0));
  }

  /** The members of a list; a text is one whose members are separated by commas. */
  List<String> members() {
    return isList ? texts : Arrays.stream(texts.get(0).split(",", -1)).map(String::strip).toList();
  }

  String quoted() {
    return isList
        ? texts.stream().map(Printable::quoted).collect(Collectors.joining(", ", "[", "]"))
        : Printable.quoted(texts.get(0));
  }
}
