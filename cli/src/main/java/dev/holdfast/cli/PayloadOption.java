package dev.holdfast.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.holdfast.InvalidRequestException;
import dev.holdfast.cli.terminal.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A JSON text that is given as such, or as the file that has it. */
final class PayloadOption {
  private PayloadOption() {}

  static String text(String given, Console console) {
    if (!given.startsWith("@")) {
      return given;
    }
    String file = given.substring(1);
    try {
      byte[] content =
          file.equals("-") ? console.in().readAllBytes() : Files.readAllBytes(Path.of(file));
      return new String(content, UTF_8);
    } catch (IOException | RuntimeException failure) {
      throw new InvalidRequestException(
          "the file '%s' cannot be read: %s".formatted(file, failure), failure);
    }
  }
}
