package dev.holdfast.torture.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What stands for a machine of its own: what processes of one machine see of each other is in its
 * temporary folder.
 */
public final class Machine {
  private Machine() {}

  /** The command that puts the program behind it on a machine; its folder is in {@code folder}. */
  public static List<String> wrapper(Path folder, String name) {
    try {
      Path own = Files.createDirectories(folder.resolve("machine-" + name));
      return List.of("env", "JDK_JAVA_OPTIONS=-Djava.io.tmpdir=" + own.toAbsolutePath());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
