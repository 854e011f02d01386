package dev.holdfast.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.dataformat.toml.TomlFactory;
import tools.jackson.dataformat.yaml.YAMLFactory;

/** The syntax of a file, determined by its extension. */
enum FileSyntax {
  YAML,
  TOML,
  JSON;

  static Optional<FileSyntax> of(Path file) {
    String name = file.toString().toLowerCase(Locale.ROOT);
    return Stream.of(values())
        .filter(syntax -> syntax.endings().stream().anyMatch(name::endsWith))
        .findFirst();
  }

  /** Returns all extensions. */
  static List<String> allEndings() {
    return Stream.of(values()).flatMap(syntax -> syntax.endings().stream()).toList();
  }

  private List<String> endings() {
    return switch (this) {
      case YAML -> List.of(".yaml", ".yml");
      case TOML -> List.of(".toml");
      case JSON -> List.of(".json");
    };
  }

  JsonParser parser(String text) {
    TokenStreamFactory factory =
        switch (this) {
          case YAML -> new YAMLFactory();
          case TOML -> new TomlFactory();
          case JSON -> new JsonFactory();
        };
    return factory.createParser(ObjectReadContext.empty(), text);
  }
}
