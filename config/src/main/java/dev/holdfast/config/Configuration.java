package dev.holdfast.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The configuration of a program.
 *
 * @param file the file that was read; empty if there is none
 * @param settings the effective settings
 * @param entries all keys with their effective values and origins, in the order of the reference
 */
public record Configuration(Optional<Path> file, Settings settings, List<Entry> entries) {

  /** Copies the entries. */
  public Configuration {
    entries = List.copyOf(entries);
  }

  /**
   * A key and its value.
   *
   * @param key its name
   * @param value the effective value as it would be written in a file, without passwords; empty if
   *     there is none
   * @param origin where it was set
   */
  public record Entry(String key, Optional<String> value, Origin origin) {}

  /**
   * Loads the configuration: defaults, overridden by the file, overridden by environment variables,
   * overridden by flags. The file is the named one, else the one that HOLDFAST_CONFIG names, else
   * {@code holdfast/holdfast.yaml} (or {@code .yml}, {@code .toml}, {@code .json}) in the folder
   * that XDG_CONFIG_HOME names, by default {@code ~/.config}; there may be none.
   *
   * @param variables environment variables
   * @param file the file that {@code --config} names
   * @param flags the options given to the command
   * @throws ConfigException with all mistakes
   */
  public static Configuration load(
      Map<String, String> variables, Optional<String> file, List<Flag> flags) {
    Mistakes mistakes = new Mistakes();
    Environment environment = new Environment(variables);
    Optional<ConfigFile> content =
        new FileLocation(environment, file, mistakes)
            .find()
            .map(found -> ConfigFile.read(found, mistakes));
    environment.checkNames(mistakes);

    List<Source> sources = new ArrayList<>();
    flags.forEach(flag -> sources.add(flag::given));
    sources.add(environment);
    content.ifPresent(sources::add);
    Set<String> types = namesIn(content, Key.TYPES);
    Set<String> schedules = namesIn(content, Key.SCHEDULES);
    List<Key<?>> keys = keys(Map.of(Key.TYPES, types, Key.SCHEDULES, schedules));
    Choices choices = new Choices(mistakes);
    keys.forEach(key -> choices.choose(key, sources));

    Settings settings = choices.settings(types, schedules);
    mistakes.throwIfAny();
    return new Configuration(content.map(ConfigFile::path), settings, choices.entries(keys));
  }

  /** Returns whether a file, a variable or a flag sets this key. */
  public boolean says(Key<?> key) {
    return entries.stream()
        .anyMatch(
            entry ->
                entry.key().equals(key.name()) && entry.origin().layer() != Origin.Layer.DEFAULT);
  }

  private static Set<String> namesIn(Optional<ConfigFile> content, String section) {
    return content.map(file -> file.namesIn(section)).orElse(Set.of());
  }

  /** Returns all keys, with those of types and schedules once for each of them. */
  private static List<Key<?>> keys(Map<String, Set<String>> named) {
    List<Key<?>> keys = new ArrayList<>();
    Keys.all().stream().filter(key -> !key.isOfEach()).forEach(keys::add);
    for (String section : List.of(Key.TYPES, Key.SCHEDULES)) {
      for (String name : named.getOrDefault(section, Set.of())) {
        Keys.all().stream()
            .filter(key -> key.isOfEach() && key.section().equals(section))
            .forEach(key -> keys.add(key.of(name)));
      }
    }
    return keys;
  }
}
