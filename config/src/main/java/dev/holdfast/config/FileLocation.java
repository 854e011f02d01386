package dev.holdfast.config;

import dev.holdfast.check.Printable;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Finds the configuration file: {@code --config}, else HOLDFAST_CONFIG, else the one in the user's
 * configuration folder. It may be missing, unless one was named.
 */
record FileLocation(Environment environment, Optional<String> flag, Mistakes mistakes) {
  private static final String FLAG = "--config";

  Optional<Path> find() {
    if (flag.isPresent()) {
      return named(FLAG, flag.get());
    }
    Optional<String> variable = environment.get(Environment.FILE);
    return variable.isPresent() ? named(Environment.FILE, variable.get()) : inFolder();
  }

  private Optional<Path> named(String place, String name) {
    Origin origin = new Origin(Origin.Layer.FILE, place);
    Path file;
    try {
      file = Path.of(name);
    } catch (InvalidPathException malformed) {
      mistakes.add(origin, "%s is not a path".formatted(Printable.quoted(name)));
      return Optional.empty();
    }
    if (!Files.isRegularFile(file)) {
      mistakes.add(origin, "there is no file %s".formatted(Printable.quoted(name)));
      return Optional.empty();
    }
    if (FileSyntax.of(file).isEmpty()) {
      mistakes.add(
          origin,
          "the file %s must have one of the extensions %s, which determines its syntax"
              .formatted(Printable.quoted(name), String.join(", ", FileSyntax.allEndings())));
      return Optional.empty();
    }
    return Optional.of(file);
  }

  private Optional<Path> inFolder() {
    Path folder = folder().resolve("holdfast");
    List<Path> files =
        FileSyntax.allEndings().stream()
            .map(ending -> folder.resolve("holdfast" + ending))
            .filter(Files::isRegularFile)
            .toList();
    if (files.size() > 1) {
      mistakes.add(
          new Origin(Origin.Layer.FILE, folder.toString()),
          "there are %s and %s: keep one of them"
              .formatted(files.get(0).getFileName(), files.get(1).getFileName()));
    }
    return files.stream().findFirst();
  }

  private Path folder() {
    return environment
        .get("XDG_CONFIG_HOME")
        .map(Path::of)
        .orElseGet(
            () ->
                Path.of(
                    environment.get("HOME").orElseGet(() -> System.getProperty("user.home")),
                    ".config"));
  }
}
