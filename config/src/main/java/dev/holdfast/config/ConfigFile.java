package dev.holdfast.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.holdfast.check.Printable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Values from a file: sections with keys, few of which have structured values. It is read token by
 * token, which gives line numbers and never expands an alias.
 */
final class ConfigFile implements Source {
  private static final int BYTES_MAX = 1 << 20;

  private final Path file;
  private final Mistakes mistakes;
  private final Map<List<String>, Given> given = new LinkedHashMap<>();

  private ConfigFile(Path file, Mistakes mistakes) {
    this.file = file;
    this.mistakes = mistakes;
  }

  /** Reads a file; what cannot be parsed becomes a mistake. */
  static ConfigFile read(Path file, Mistakes mistakes) {
    ConfigFile source = new ConfigFile(file, mistakes);
    source.text().ifPresent(source::parse);
    return source;
  }

  @Override
  public Optional<Given> given(Key<?> key) {
    return Optional.ofNullable(given.get(key.path()));
  }

  /** Returns the types or schedules that the file configures, in its order. */
  Set<String> namesIn(String section) {
    Set<String> names = new LinkedHashSet<>();
    given.keySet().stream()
        .filter(path -> path.get(0).equals(section))
        .forEach(path -> names.add(path.get(1)));
    return names;
  }

  Path path() {
    return file;
  }

  private Optional<String> text() {
    try (InputStream content = Files.newInputStream(file)) {
      byte[] bytes = content.readNBytes(BYTES_MAX + 1);
      if (bytes.length > BYTES_MAX) {
        mistakes.add(origin(0), "the file is larger than %d KiB".formatted(BYTES_MAX >> 10));
        return Optional.empty();
      }
      return Optional.of(UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException malformed) {
      mistakes.add(origin(0), "the file is not written in UTF-8");
    } catch (IOException failure) {
      mistakes.add(origin(0), "the file cannot be read: %s".formatted(failure));
    }
    return Optional.empty();
  }

  private void parse(String text) {
    FileSyntax syntax = FileSyntax.of(file).orElseThrow();
    try (JsonParser parser = syntax.parser(text)) {
      JsonToken first = parser.nextToken();
      if (first == null || first == JsonToken.VALUE_NULL) {
        return; // nothing but comments
      }
      if (first != JsonToken.START_OBJECT) {
        mistakes.add(origin(line(parser)), "expected keys with values");
        return;
      }
      section(parser, List.of());
      if (parser.nextToken() != null) {
        mistakes.add(origin(line(parser)), "a second document begins here: expected one");
      }
    } catch (JacksonException malformed) {
      int line = malformed.getLocation() == null ? 0 : malformed.getLocation().getLineNr();
      mistakes.add(origin(line), "this is not valid %s: %s".formatted(syntax, reason(malformed)));
    }
  }

  /**
   * Returns the reason of a YAML error. Its message has several lines: the context, the position,
   * and last the problem.
   */
  private static String reason(JacksonException malformed) {
    List<String> sentences =
        String.valueOf(malformed.getOriginalMessage())
            .lines()
            .filter(line -> !line.isBlank() && !line.startsWith(" "))
            .toList();
    return sentences.isEmpty()
        ? "it cannot be parsed"
        : Printable.of(sentences.get(sentences.size() - 1));
  }

  private void section(JsonParser parser, List<String> path) {
    Set<String> names = new HashSet<>();
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      List<String> here = new ArrayList<>(path);
      here.add(parser.currentName());
      Origin origin = origin(line(parser));
      parser.nextToken();
      if (!names.add(parser.currentName())) {
        mistakes.add(origin, "%s is given twice: keep one".formatted(name(here)));
        parser.skipChildren();
      } else {
        entry(parser, List.copyOf(here), origin);
      }
    }
  }

  private void entry(JsonParser parser, List<String> path, Origin origin) {
    Optional<Key<?>> key = Keys.find(path);
    if (Trees.isAlias(parser)) {
      mistakes.add(
          origin,
          "%s is an alias: write the value itself, in quotes if it begins with *"
              .formatted(name(path)));
    } else if (key.isPresent()) {
      value(parser, key.get(), origin);
    } else if (!Keys.isSection(path)) {
      mistakes.add(origin, "unknown key %s%s".formatted(name(path), hint(path)));
      parser.skipChildren();
    } else if (parser.currentToken() == JsonToken.START_OBJECT) {
      section(parser, path);
    } else if (parser.currentToken()
        != JsonToken.VALUE_NULL) { // everything below it is commented out
      mistakes.add(origin, "%s is a section: expected keys below it".formatted(name(path)));
      parser.skipChildren();
    }
  }

  private static String hint(List<String> path) {
    String last = path.get(path.size() - 1);
    List<String> split = new ArrayList<>(path.subList(0, path.size() - 1));
    split.addAll(List.of(last.split("\\.", -1)));
    return last.contains(".") && Keys.find(split).isPresent()
        ? ": expected its parts one below the other, as sections"
        : Keys.didYouMean(path);
  }

  private void value(JsonParser parser, Key<?> key, Origin origin) {
    JsonToken token = parser.currentToken();
    if (token == JsonToken.VALUE_NULL) {
      mistakes.add(origin, "%s has no value: expected %s".formatted(key.name(), key.allowed()));
    } else if (key.kind().isTree()) {
      tree(parser, key, origin);
    } else if (token.isScalarValue()) {
      given.put(key.path(), Given.text(parser.getString(), origin));
    } else if (token == JsonToken.START_ARRAY) {
      list(parser, key, origin);
    } else {
      mistakes.add(
          origin, "%s has keys below it: expected %s".formatted(key.name(), key.allowed()));
      parser.skipChildren();
    }
  }

  private void tree(JsonParser parser, Key<?> key, Origin origin) {
    Trees.Read read = Trees.read(parser);
    if (read.problem().isPresent()) {
      mistakes.add(origin, "%s %s".formatted(key.name(), read.problem().get()));
    } else {
      given.put(key.path(), Given.tree(requireNonNull(read.tree()), origin));
    }
  }

  private void list(JsonParser parser, Key<?> key, Origin origin) {
    List<String> members = new ArrayList<>();
    boolean isFlat = true;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (parser.currentToken().isScalarValue() && !Trees.isAlias(parser)) {
        members.add(parser.getString());
      } else {
        isFlat = false;
        parser.skipChildren();
      }
    }
    if (isFlat) {
      given.put(key.path(), Given.list(members, origin));
    } else {
      mistakes.add(
          origin,
          "%s has a list with more than texts: expected %s".formatted(key.name(), key.allowed()));
    }
  }

  private static String name(List<String> path) {
    return Printable.of(String.join(".", path));
  }

  private static int line(JsonParser parser) {
    return parser.currentTokenLocation().getLineNr();
  }

  /** Returns the origin of a line. The TOML parser provides no lines. */
  private Origin origin(int line) {
    return line > 0
        ? new Origin(Origin.Layer.FILE, file + ":" + line, line)
        : new Origin(Origin.Layer.FILE, file.toString());
  }
}
