package dev.holdfast.cli.options;

import dev.holdfast.cli.terminal.Console;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.http.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.JsonNode;

/** Reads a payload from an option: JSON, or a file that contains it. */
public final class PayloadText {
  private PayloadText() {}

  public static JsonNode read(String given, Console console) {
    return Json.read(
        "the payload", given.startsWith("@") ? content(given.substring(1), console) : given);
  }

  private static String content(String file, Console console) {
    try (InputStream content = open(file, console)) {
      return new String(content.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException failure) {
      throw unreadable(file, failure);
    }
  }

  /** Opens the file of this name; {@code -} is standard input. */
  public static InputStream open(String file, Console console) {
    try {
      return file.equals("-") ? console.in() : Files.newInputStream(Path.of(file));
    } catch (IOException | RuntimeException failure) {
      throw unreadable(file, failure);
    }
  }

  private static InvalidRequestException unreadable(String file, Exception failure) {
    String name = file.equals("-") ? "standard input" : "the file '" + file + "'";
    return new InvalidRequestException("%s cannot be read: %s".formatted(name, failure), failure);
  }
}
