package dev.holdfast.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The program, as its build has made it.
 *
 * @param launcher the shell script that starts it
 * @param folder {@code holdfast-cli.jar} and {@code lib}
 */
record Program(Path launcher, Path folder, String version) {
  /** Its folder in the image. */
  static final String HOME = "/opt/holdfast";

  /** Checks that it is there. */
  Program {
    if (!Files.isRegularFile(folder.resolve("holdfast-cli.jar"))) {
      throw new IllegalArgumentException(
          "no holdfast-cli.jar in %s: build the program first, with mvn -Pdist package"
              .formatted(folder));
    }
  }

  /**
   * Adds it to a layer, with {@code holdfast} in the path.
   *
   * @param work a folder for what the build does not have
   */
  void addTo(Layer layer, Path work) throws IOException {
    layer
        .file(launcher, HOME + "/bin/holdfast")
        .file(folder.resolve("holdfast-cli.jar"), HOME + "/holdfast-cli.jar")
        .folder(folder.resolve("lib"), HOME + "/lib");
    Path start =
        Files.writeString(
            work.resolve("start"), "#!/bin/sh\nexec %s/bin/holdfast \"$@\"\n".formatted(HOME));
    if (!start.toFile().setExecutable(true)) {
      throw new IOException("%s cannot be made executable".formatted(start));
    }
    layer.file(start, "/usr/local/bin/holdfast");
  }
}
