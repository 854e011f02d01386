package dev.holdfast.sqlite;

import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Lists of numbers as JSON, the form in which SQLite accepts a list as one parameter. */
final class JsonNumbers {
  private JsonNumbers() {}

  static String array(Stream<Long> numbers) {
    return numbers.map(String::valueOf).collect(Collectors.joining(",", "[", "]"));
  }
}
