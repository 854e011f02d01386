package dev.holdfast.benchmarks.load;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a command line asks for: {@code --name value} pairs, over defaults. */
public final class Arguments {
  private final Map<String, String> values;

  private Arguments(Map<String, String> values) {
    this.values = values;
  }

  /**
   * Reads them.
   *
   * @param defaults all names that there are, without dashes, in the order in which they are shown
   * @throws IllegalArgumentException naming what is unknown and what there is
   */
  public static Arguments of(Map<String, String> defaults, String... arguments) {
    Map<String, String> values = new LinkedHashMap<>(defaults);
    for (int i = 0; i < arguments.length; i += 2) {
      String name = arguments[i].replaceFirst("^--", "");
      if (!values.containsKey(name) || i + 1 == arguments.length) {
        throw new IllegalArgumentException(
            "%s is no option with a value; there are %s"
                .formatted(arguments[i], "--" + String.join(", --", values.keySet())));
      }
      values.put(name, arguments[i + 1]);
    }
    return new Arguments(values);
  }

  /** As {@link #of}, but what is wrong ends the program, with the message and 2. */
  public static Arguments ofMain(Map<String, String> defaults, String... arguments) {
    try {
      return of(defaults, arguments);
    } catch (IllegalArgumentException wrong) {
      System.err.println(wrong.getMessage());
      System.exit(2);
      throw wrong;
    }
  }

  /** What is given for this name. */
  public String text(String name) {
    String value = values.get(name);
    if (value == null) {
      throw new IllegalStateException("there is no option " + name + ": a bug");
    }
    return value;
  }

  /** The parts between commas; none of an empty text. */
  public List<String> list(String name) {
    return List.of(text(name).split(",")).stream().filter(part -> !part.isEmpty()).toList();
  }

  /** A whole number of 0 or more; {@code 1_000} is one. */
  public int number(String name) {
    try {
      int number = Integer.parseInt(text(name).replace("_", ""));
      if (number >= 0) {
        return number;
      }
    } catch (NumberFormatException said) {
      // said below
    }
    throw new IllegalArgumentException(
        "--%s must be a whole number, was \"%s\"".formatted(name, text(name)));
  }

  /** All of them, as they would be given. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    values.forEach((name, value) -> text.append(" --").append(name).append(' ').append(value));
    return text.toString().strip();
  }
}
