package dev.holdfast.benchmarks.load;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The options of a command line: {@code --name value} pairs, with defaults. */
public final class Arguments {
  private final Map<String, String> values;

  private Arguments(Map<String, String> values) {
    this.values = values;
  }

  /**
   * Parses the options.
   *
   * @param defaults all valid names, without dashes, in the order of the output
   * @throws IllegalArgumentException naming the unknown option and the valid ones
   */
  public static Arguments of(Map<String, String> defaults, String... arguments) {
    Map<String, String> values = new LinkedHashMap<>(defaults);
    for (int i = 0; i < arguments.length; i += 2) {
      String name = arguments[i].replaceFirst("^--", "");
      if (!values.containsKey(name) || i + 1 == arguments.length) {
        throw new IllegalArgumentException(
            "%s is not an option with a value; valid options are %s"
                .formatted(arguments[i], "--" + String.join(", --", values.keySet())));
      }
      values.put(name, arguments[i + 1]);
    }
    return new Arguments(values);
  }

  /** Parses as {@link #of}, but an error ends the program with a message and exit code 2. */
  public static Arguments ofMain(Map<String, String> defaults, String... arguments) {
    try {
      return of(defaults, arguments);
    } catch (IllegalArgumentException wrong) {
      System.err.println(wrong.getMessage());
      System.exit(2);
      throw wrong;
    }
  }

  /** Returns the value of this option. */
  public String text(String name) {
    String value = values.get(name);
    if (value == null) {
      throw new IllegalStateException("there is no option " + name + ": a bug");
    }
    return value;
  }

  /** Returns the parts between commas; none for an empty value. */
  public List<String> list(String name) {
    return List.of(text(name).split(",")).stream().filter(part -> !part.isEmpty()).toList();
  }

  /** Returns a whole number of at least 0; {@code 1_000} is valid. */
  public int number(String name) {
    try {
      int number = Integer.parseInt(text(name).replace("_", ""));
      if (number >= 0) {
        return number;
      }
    } catch (NumberFormatException said) {
      // reported below
    }
    throw new IllegalArgumentException(
        "--%s must be a whole number, was \"%s\"".formatted(name, text(name)));
  }

  /** Returns all options in the form of a command line. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    values.forEach((name, value) -> text.append(" --").append(name).append(' ').append(value));
    return text.toString().strip();
  }
}
