package dev.holdfast.config;

import dev.holdfast.check.DidYouMean;
import dev.holdfast.check.Printable;
import dev.holdfast.config.Key.Variable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Values from environment variables. An empty variable counts as not set. */
record Environment(Map<String, String> variables) implements Source {
  /** The variable that names the configuration file. */
  static final String FILE = "HOLDFAST_CONFIG";

  private static final String PREFIX = "HOLDFAST_";

  /**
   * Our variables that are not settings: those of the launcher, the command line, and the commands
   * of jobs.
   */
  private static final List<String> OTHERS =
      List.of(
          FILE,
          "HOLDFAST_API_TOKEN",
          "HOLDFAST_API_TOKEN_FILE",
          "HOLDFAST_DEBUG",
          "HOLDFAST_JAVA_OPTS",
          "HOLDFAST_JOB",
          "HOLDFAST_TOKEN",
          "HOLDFAST_TEST_PG_URL");

  /** Matches the variables that Kubernetes sets in every container for a service named holdfast. */
  private static final Predicate<String> OF_KUBERNETES =
      Pattern.compile("HOLDFAST_(SERVICE_(HOST|PORT(_\\w+)?)|PORT(_\\d+_\\w+)?)")
          .asMatchPredicate();

  Optional<String> get(String name) {
    return Optional.ofNullable(variables.get(name)).filter(text -> !text.isEmpty());
  }

  @Override
  public Optional<Given> given(Key<?> key) {
    for (Variable variable : key.variables()) {
      Optional<String> text = get(variable.name()).map(variable::withUnit);
      if (text.isPresent()) {
        return text.map(found -> Given.text(found, origin(variable.name())));
      }
    }
    return Optional.empty();
  }

  static Origin origin(String variable) {
    return new Origin(Origin.Layer.ENVIRONMENT, Printable.of(variable));
  }

  /**
   * Reports unknown {@code HOLDFAST_} variables: a misspelt one would have no effect, unnoticed.
   */
  void checkNames(Mistakes mistakes) {
    List<String> known =
        Stream.concat(
                Keys.all().stream().flatMap(key -> key.variables().stream()).map(Variable::name),
                OTHERS.stream())
            .toList();
    for (String name : new TreeSet<>(variables.keySet())) {
      if (name.startsWith(PREFIX)
          && get(name).isPresent()
          && !known.contains(name)
          && !OF_KUBERNETES.test(name)) {
        mistakes.add(origin(name), "unknown variable%s".formatted(DidYouMean.oneOf(known, name)));
      }
    }
  }
}
