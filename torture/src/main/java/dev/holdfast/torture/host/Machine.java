package dev.holdfast.torture.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Simulates separate machines by separate temporary folders, through which processes of one machine
 * see each other.
 */
public final class Machine {
  private Machine() {}

  /** Returns the wrapper that runs a program on a machine whose folder is in {@code folder}. */
  public static List<String> wrapper(Path folder, String name) {
    try {
      Path own = Files.createDirectories(folder.resolve("machine-" + name));
      return List.of("env", "JDK_JAVA_OPTIONS=-Djava.io.tmpdir=" + own.toAbsolutePath());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
