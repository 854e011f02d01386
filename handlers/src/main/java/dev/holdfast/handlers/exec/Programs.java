package dev.holdfast.handlers.exec;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/** Finds programs as the system does. */
final class Programs {
  private static final Pattern SEPARATOR = Pattern.compile(Pattern.quote(File.pathSeparator));

  private Programs() {}

  /**
   * Returns the program's file.
   *
   * @param name a name to look up on {@code path}, or a path
   * @param path the value of PATH
   * @param folder the base of relative paths
   */
  static Optional<Path> find(String name, String path, Path folder) {
    try {
      if (name.indexOf(File.separatorChar) >= 0) {
        return Optional.of(folder.resolve(name)).filter(Programs::isExecutable);
      }
      return SEPARATOR
          .splitAsStream(path)
          .map(part -> folder.resolve(part).resolve(name))
          .filter(Programs::isExecutable)
          .findFirst();
    } catch (InvalidPathException impossible) {
      return Optional.empty();
    }
  }

  private static boolean isExecutable(Path file) {
    return Files.isRegularFile(file) && Files.isExecutable(file);
  }
}
