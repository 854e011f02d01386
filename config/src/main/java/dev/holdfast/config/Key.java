package dev.holdfast.config;

import dev.holdfast.check.Durations;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A configuration key. {@link Keys} has them all.
 *
 * @param <T> the type of its values
 */
public final class Key<T> {
  /** The section of job types. */
  static final String TYPES = "types";

  /** The section of schedules. */
  static final String SCHEDULES = "schedules";

  /** Sections whose parts have names of their own, with the placeholder for the name. */
  private static final Map<String, String> NAMED = Map.of(TYPES, "TYPE", SCHEDULES, "NAME");

  private final List<String> path;
  private final Kind<T> kind;
  private final @Nullable T fallback;
  private final @Nullable Key<T> general;
  private final String description;
  private final List<Variable> variables;

  private Key(
      List<String> path,
      Kind<T> kind,
      @Nullable T fallback,
      @Nullable Key<T> general,
      String description,
      List<Variable> variables) {
    this.path = path;
    this.kind = kind;
    this.fallback = fallback;
    this.general = general;
    this.description = description;
    this.variables = variables;
  }

  /**
   * An environment variable of a key.
   *
   * @param name its name
   * @param unit the unit of a plain number in it, as in {@link Durations}; empty if plain numbers
   *     are not allowed
   */
  public record Variable(String name, Optional<String> unit) {
    String withUnit(String text) {
      return unit.filter(any -> text.strip().matches("\\d+"))
          .map(suffix -> text.strip() + suffix)
          .orElse(text);
    }
  }

  /** Creates a key without a default. */
  static <T> Key<T> of(String name, Kind<T> kind, String description) {
    return of(name, kind, null, description);
  }

  static <T> Key<T> of(String name, Kind<T> kind, @Nullable T fallback, String description) {
    String variable = "HOLDFAST_" + name.toUpperCase(Locale.ROOT).replace('.', '_');
    return new Key<>(
        List.of(name.split("\\.")),
        kind,
        fallback,
        null,
        description,
        List.of(new Variable(variable, Optional.empty())));
  }

  /** Creates a key that each type has for itself; only a file can set it. */
  static <T> Key<T> ofTypes(String name, Kind<T> kind, T fallback, String description) {
    return new Key<>(path(TYPES, name), kind, fallback, null, description, List.of());
  }

  /** Creates a key that each schedule has for itself; only a file can set it. */
  static <T> Key<T> ofSchedules(
      String name, Kind<T> kind, @Nullable T fallback, String description) {
    return new Key<>(path(SCHEDULES, name), kind, fallback, null, description, List.of());
  }

  /** Creates a key of schedules without a default. */
  static <T> Key<T> ofSchedules(String name, Kind<T> kind, String description) {
    return ofSchedules(name, kind, null, description);
  }

  /** Creates a key that each type has for itself, and that defaults to the general one. */
  static <T> Key<T> ofTypes(Key<T> general) {
    String name = general.name().equals("retry.max_attempts") ? "max_attempts" : general.name();
    return new Key<>(
        path(TYPES, name), general.kind, null, general, general.description, List.of());
  }

  private static List<String> path(String section, String name) {
    List<String> path = new ArrayList<>(List.of(section, String.valueOf(NAMED.get(section))));
    path.addAll(List.of(name.split("\\.")));
    return List.copyOf(path);
  }

  /** Sets the unit of a plain number in its variable. */
  Key<T> plainNumberIn(String unit) {
    return withVariables(List.of(new Variable(variables.get(0).name(), Optional.of(unit))));
  }

  /** Adds another variable, used if those before it are not set. */
  Key<T> alias(Variable other) {
    List<Variable> all = new ArrayList<>(variables);
    all.add(other);
    return withVariables(List.copyOf(all));
  }

  private Key<T> withVariables(List<Variable> newVariables) {
    return new Key<>(path, kind, fallback, general, description, newVariables);
  }

  /** Returns the key of this type or schedule. */
  Key<T> of(String owner) {
    List<String> own = new ArrayList<>(path);
    own.set(1, owner);
    return new Key<>(List.copyOf(own), kind, fallback, general, description, variables);
  }

  /** Returns whether this is the general form of {@code given}, a key of one type or schedule. */
  boolean matches(List<String> given) {
    return isOfEach()
        ? given.size() == path.size()
            && given.get(0).equals(section())
            && path.subList(2, path.size()).equals(given.subList(2, given.size()))
        : path.equals(given);
  }

  /** Returns whether keys of this kind are inside {@code section}. */
  boolean isBelow(List<String> section) {
    return section.size() < path.size()
        && matches(join(section, path.subList(section.size(), path.size())));
  }

  private static List<String> join(List<String> start, List<String> end) {
    List<String> whole = new ArrayList<>(start);
    whole.addAll(end);
    return whole;
  }

  /** Returns whether each type, or each schedule, has it for itself. */
  boolean isOfEach() {
    return NAMED.containsKey(section());
  }

  /** Returns the outermost section, or its own name if it is in none. */
  String section() {
    return path.get(0);
  }

  List<String> path() {
    return path;
  }

  Kind<T> kind() {
    return kind;
  }

  Optional<T> fallback() {
    return Optional.ofNullable(fallback);
  }

  Optional<Key<T>> general() {
    return Optional.ofNullable(general);
  }

  /** Returns the name with its sections, such as {@code worker.lease}. */
  public String name() {
    return String.join(".", path);
  }

  /** Returns the names of its sections, the outermost first. */
  List<String> sections() {
    return IntStream.range(1, path.size())
        .mapToObj(depth -> String.join(".", path.subList(0, depth)))
        .toList();
  }

  /** Returns the default, written as in a file; empty if there is none. */
  public Optional<String> defaultText() {
    return general().map(Key::defaultText).orElseGet(() -> fallback().map(kind.writer()));
  }

  /** Returns the key whose value is used if this one is not set. */
  public Optional<String> generalName() {
    return general().map(Key::name);
  }

  /** Returns the allowed values, in words. */
  public String allowed() {
    return kind.allowed();
  }

  /** Returns the description, a sentence. */
  public String description() {
    return description;
  }

  /** Returns its environment variables; the first one that is set is used. */
  public List<Variable> variables() {
    return variables;
  }

  @Override
  public String toString() {
    return name();
  }
}
