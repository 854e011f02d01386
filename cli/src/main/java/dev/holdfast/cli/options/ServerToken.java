package dev.holdfast.cli.options;

import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.PrivateFiles;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.error.PermissionException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The API token of this user. It comes from the environment or from a file, never from the command
 * line, which every process of the machine could read.
 */
public final class ServerToken {
  public static final String VARIABLE = "HOLDFAST_API_TOKEN";
  static final String FILE_VARIABLE = "HOLDFAST_API_TOKEN_FILE";

  private ServerToken() {}

  /** Returns the token, if there is one. */
  static Optional<String> find(Console console) {
    Optional<String> token = console.variable(VARIABLE).map(String::strip);
    Optional<String> file = console.variable(FILE_VARIABLE);
    if (token.isPresent() && file.isPresent()) {
      throw new InvalidRequestException(
          "%s and %s are both set: unset one of them".formatted(VARIABLE, FILE_VARIABLE));
    }
    return token.or(() -> file.map(ServerToken::read));
  }

  private static String read(String file) {
    try {
      Path path = Path.of(file);
      if (!PrivateFiles.isPrivate(path)) {
        throw new PermissionException(
            "others can read the token in '%s': chmod 600 '%s'".formatted(file, file));
      }
      return Files.readString(path).lines().findFirst().orElse("").strip();
    } catch (IOException | InvalidPathException failure) {
      throw new PermissionException(
          "the token cannot be read from '%s' (%s)".formatted(file, FILE_VARIABLE), failure);
    }
  }
}
