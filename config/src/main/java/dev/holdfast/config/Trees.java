package dev.holdfast.config;

import dev.holdfast.check.Printable;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.dataformat.yaml.YAMLParser;

/**
 * Structured values, as a file has them in any syntax: maps, lists, texts, numbers, true, false. A
 * value is always read to its end, even if it is invalid.
 */
final class Trees {
  private static final JsonFactory JSON = new JsonFactory();

  private final JsonParser parser;
  private Optional<String> problem = Optional.empty();

  private Trees(JsonParser parser) {
    this.parser = parser;
  }

  /**
   * The result of reading.
   *
   * @param tree the value
   * @param problem the first problem in it, in words that follow the key
   */
  record Read(@Nullable Object tree, Optional<String> problem) {}

  /** Returns whether the parser is at a YAML alias. */
  static boolean isAlias(JsonParser parser) {
    return parser instanceof YAMLParser yaml && yaml.isCurrentAlias();
  }

  /** Reads the value at the parser's position. */
  static Read read(JsonParser parser) {
    Trees reader = new Trees(parser);
    Object tree = reader.value();
    return new Read(tree, reader.problem);
  }

  private void refuse(String why) {
    problem = problem.or(() -> Optional.of(why));
  }

  private @Nullable Object value() {
    if (isAlias(parser)) {
      refuse("has an alias in it: write the value itself, in quotes if it begins with *");
    }
    return switch (parser.currentToken()) {
      case START_OBJECT -> members();
      case START_ARRAY -> list();
      case VALUE_NUMBER_INT -> parser.getBigIntegerValue();
      case VALUE_NUMBER_FLOAT -> number();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      default -> parser.getString();
    };
  }

  private Object number() {
    if (parser.isNaN()) {
      refuse("has a number in it that JSON cannot write");
      return parser.getString();
    }
    return parser.getDecimalValue();
  }

  private Object members() {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      if (members.containsKey(name)) {
        refuse("has %s twice: keep one".formatted(Printable.quoted(name)));
      }
      members.put(name, value());
    }
    return members;
  }

  private Object list() {
    List<@Nullable Object> members = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      members.add(value());
    }
    return members;
  }

  /** Writes JSON on one line. */
  static String write(@Nullable Object tree) {
    StringWriter text = new StringWriter();
    try (JsonGenerator generator = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
      write(generator, tree);
    }
    return text.toString();
  }

  private static void write(JsonGenerator generator, @Nullable Object tree) {
    if (tree instanceof Map<?, ?> members) {
      generator.writeStartObject();
      members.forEach(
          (name, member) -> {
            generator.writeName(String.valueOf(name));
            write(generator, member);
          });
      generator.writeEndObject();
    } else if (tree instanceof List<?> members) {
      generator.writeStartArray();
      members.forEach(member -> write(generator, member));
      generator.writeEndArray();
    } else if (tree instanceof Number number) {
      generator.writeNumber(number.toString());
    } else if (tree instanceof Boolean truth) {
      generator.writeBoolean(truth);
    } else if (tree == null) {
      generator.writeNull();
    } else {
      generator.writeString(tree.toString());
    }
  }
}
