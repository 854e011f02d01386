package dev.holdfast.sqlite;

import java.util.Collection;
import java.util.stream.Collectors;

/** Lists of names as JSON, the form in which SQLite takes a list as one parameter. */
final class JsonTexts {
  private JsonTexts() {}

  /** Names have no control characters; quotes and backslashes are all there is to escape. */
  static String array(Collection<String> names) {
    return names.stream()
        .map(name -> '"' + name.replace("\\", "\\\\").replace("\"", "\\\"") + '"')
        .collect(Collectors.joining(",", "[", "]"));
  }
}
