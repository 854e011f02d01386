package dev.holdfast.benchmarks.postgres;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the command line asks for: {@code --name value} pairs. */
final class Options {
  private static final Map<String, String> DEFAULTS = new LinkedHashMap<>();

  static {
    DEFAULTS.put("only", "drain,bulk,callers,idle");
    DEFAULTS.put("without", "");
    DEFAULTS.put("rounds", "3");
    DEFAULTS.put("jobs", "200000");
    DEFAULTS.put("seconds", "");
    DEFAULTS.put("samples", "200");
    DEFAULTS.put("slots", "8");
    DEFAULTS.put("finished", "10000000");
    DEFAULTS.put("pending", "1000000");
    DEFAULTS.put("graphile", "");
    DEFAULTS.put("seed", "1");
  }

  private final Map<String, String> values;

  private Options(Map<String, String> values) {
    this.values = values;
  }

  /**
   * Reads them.
   *
   * @throws IllegalArgumentException naming what is unknown and what there is
   */
  static Options of(String... arguments) {
    Map<String, String> values = new LinkedHashMap<>(DEFAULTS);
    for (int i = 0; i < arguments.length; i += 2) {
      String name = arguments[i].replaceFirst("^--", "");
      if (!values.containsKey(name) || i + 1 == arguments.length) {
        throw new IllegalArgumentException(
            "%s is no option with a value; there are %s"
                .formatted(arguments[i], "--" + String.join(", --", values.keySet())));
      }
      values.put(name, arguments[i + 1]);
    }
    return new Options(values);
  }

  List<String> scenarios() {
    return list("only");
  }

  /** Contenders that are left out. */
  List<String> without() {
    return list("without");
  }

  int rounds() {
    return number("rounds");
  }

  /** Jobs of a drain, a thousand at least. */
  int jobs() {
    return number("jobs");
  }

  /** How long one measurement by time takes, unless the scenario's own time is wanted. */
  Duration time(Duration otherwise) {
    String seconds = values.get("seconds");
    return seconds.isEmpty() ? otherwise : Duration.ofSeconds(number("seconds"));
  }

  int samples() {
    return number("samples");
  }

  int slots() {
    return number("slots");
  }

  int finished() {
    return number("finished");
  }

  int pending() {
    return number("pending");
  }

  /** The folder of an installation of graphile-worker. */
  Optional<Path> graphile() {
    return list("graphile").stream().findFirst().map(Path::of);
  }

  /** Where the order of the first round comes from. */
  int seed() {
    return number("seed");
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    values.forEach((name, value) -> text.append(" --").append(name).append(' ').append(value));
    return text.toString().strip();
  }

  private List<String> list(String name) {
    return List.of(values.get(name).split(",")).stream().filter(part -> !part.isEmpty()).toList();
  }

  private int number(String name) {
    try {
      int number = Integer.parseInt(values.get(name).replace("_", ""));
      if (number >= 0) {
        return number;
      }
    } catch (NumberFormatException said) {
      // said below
    }
    throw new IllegalArgumentException(
        "--%s must be a whole number, was \"%s\"".formatted(name, values.get(name)));
  }
}
