package dev.holdfast.benchmarks.postgres;

import dev.holdfast.benchmarks.load.Arguments;
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

  private final Arguments arguments;

  private Options(Arguments arguments) {
    this.arguments = arguments;
  }

  /**
   * Reads them.
   *
   * @throws IllegalArgumentException naming what is unknown and what there is
   */
  static Options of(String... arguments) {
    return new Options(Arguments.of(DEFAULTS, arguments));
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
    return arguments.toString();
  }

  private List<String> list(String name) {
    return arguments.list(name);
  }

  private int number(String name) {
    return arguments.number(name);
  }
}
