package dev.holdfast.cli;

import dev.holdfast.InvalidRequestException;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.http.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.JsonNode;

/** A payload as an option gives it: JSON, or the file that has it. */
final class PayloadText {
  private PayloadText() {}

  static JsonNode read(String given, Console console) throws IOException {
    if (!given.startsWith("@")) {
      return Json.read("the payload", given);
    }
    try (InputStream content = open(given.substring(1), console)) {
      return Json.read("the payload", new String(content.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  /** The file of this name; {@code -} is standard input. */
  static InputStream open(String file, Console console) {
    try {
      return file.equals("-") ? console.in() : Files.newInputStream(Path.of(file));
    } catch (IOException | RuntimeException failure) {
      throw new InvalidRequestException(
          "the file '%s' cannot be read: %s".formatted(file, failure), failure);
    }
  }
}
