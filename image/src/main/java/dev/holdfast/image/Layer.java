package dev.holdfast.image;

import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.FilePermissions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/** A layer whose bytes depend on names and contents alone: all times are one, modes are fixed. */
final class Layer {
  private static final String ROOT = "0:0";

  private final FileEntriesLayer.Builder files = FileEntriesLayer.builder();
  private final Instant time;

  Layer(String name, Instant time) {
    this.time = time;
    files.setName(name);
  }

  /** Adds a file, executable if it is so here. */
  Layer file(Path source, String target) {
    return add(source, target, Files.isExecutable(source) ? "755" : "644", ROOT);
  }

  /** Adds a folder itself, without its content, with an owner. */
  Layer folder(Path source, String target, String mode, String owner) {
    return add(source, target, mode, owner);
  }

  /** Adds a folder with all below it; links become what they lead to. */
  Layer folder(Path source, String target) throws IOException {
    for (Path path : below(source)) {
      String place = target + "/" + source.relativize(path);
      if (Files.isDirectory(path)) {
        folder(path, place, "755", ROOT);
      } else {
        file(path, place);
      }
    }
    return this;
  }

  private static List<Path> below(Path folder) throws IOException {
    try (Stream<Path> paths = Files.walk(folder)) {
      return paths.filter(path -> !path.equals(folder)).sorted().toList();
    }
  }

  private Layer add(Path source, String target, String mode, String owner) {
    files.addEntry(
        source, AbsoluteUnixPath.get(target), FilePermissions.fromOctalString(mode), time, owner);
    return this;
  }

  FileEntriesLayer build() {
    return files.build();
  }
}
