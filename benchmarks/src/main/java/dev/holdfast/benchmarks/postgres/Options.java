package dev.holdfast.benchmarks.postgres;

import dev.holdfast.benchmarks.load.Arguments;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The options of the command line: {@code --name value} pairs. */
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

  private final Arguments arguments;

  private Options(Arguments arguments) {
    this.arguments = arguments;
  }

  /**
   * Parses the options.
   *
   * @throws IllegalArgumentException naming the unknown option and the valid ones
   */
  static Options of(String... arguments) {
    return new Options(Arguments.of(DEFAULTS, arguments));
  }

  List<String> scenarios() {
    return list("only");
  }

  /** Returns the contenders to omit. */
  List<String> without() {
    return list("without");
  }

  int rounds() {
    return number("rounds");
  }

  /** Returns the number of jobs of a drain, at least a thousand. */
  int jobs() {
    return number("jobs");
  }

  /** Returns the duration of a timed measurement, by default that of the scenario. */
  Duration time(Duration otherwise) {
    String seconds = arguments.text("seconds");
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

  /** Returns the folder of an installation of graphile-worker. */
  Optional<Path> graphile() {
    return list("graphile").stream().findFirst().map(Path::of);
  }

  /** Returns the seed of the order of turns. */
  int seed() {
    return number("seed");
  }

  @Override
  public String toString() {
    return arguments.toString();
  }

  private List<String> list(String name) {
    return arguments.list(name);
  }

  private int number(String name) {
    return arguments.number(name);
  }
}
