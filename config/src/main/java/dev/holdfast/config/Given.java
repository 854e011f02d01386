package dev.holdfast.config;

import dev.holdfast.check.Printable;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A value that a source has for a key, not yet parsed.
 *
 * @param texts one text, or the members of a list
 * @param isList whether it was written as a list
 * @param tree the whole value, for a key with structured values; empty for others
 * @param origin its origin
 */
record Given(List<String> texts, boolean isList, Optional<Object> tree, Origin origin) {

  static Given list(List<String> members, Origin origin) {
    return new Given(members, true, Optional.empty(), origin);
  }

  static Given tree(Object tree, Origin origin) {
    return new Given(List.of(Trees.write(tree)), false, Optional.of(tree), origin);
  }

  static Given text(String text, Origin origin) {
    return new Given(List.of(text), false, Optional.empty(), origin);
  }

  /** Returns the text, unless it is a list. */
  Optional<String> text() {
    return isList ? Optional.empty() : Optional.of(texts.get(0));
  }

  /** Returns the members of a list; a text is split at commas. */
  List<String> members() {
    return isList ? texts : Arrays.stream(texts.get(0).split(",", -1)).map(String::strip).toList();
  }

  String quoted() {
    return isList
        ? texts.stream().map(Printable::quoted).collect(Collectors.joining(", ", "[", "]"))
        : Printable.quoted(texts.get(0));
  }
}
