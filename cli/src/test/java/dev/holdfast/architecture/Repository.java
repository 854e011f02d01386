package dev.holdfast.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The files of the repository. */
final class Repository {
  private static final Path ROOT = findRoot();
  private static final Set<String> NOT_OURS = Set.of(".git", "target", ".idea", "node_modules");

  private Repository() {}

  /**
   * Finds the root from the working folder, which is the module's in a build, and any in an editor.
   */
  private static Path findRoot() {
    @Nullable Path folder = Path.of(System.getProperty("user.dir")).toAbsolutePath();
    for (; folder != null; folder = folder.getParent()) {
      Path pom = folder.resolve("pom.xml");
      if (Files.exists(pom) && read(pom).contains("<artifactId>holdfast-parent</artifactId>")) {
        if (!read(pom).contains("<parent>")) {
          return folder;
        }
      }
    }
    throw new IllegalStateException("no repository above " + System.getProperty("user.dir"));
  }

  static Path file(String path) {
    return ROOT.resolve(path);
  }

  /** Returns the file's path relative to the root. */
  static String name(Path file) {
    return ROOT.relativize(file).toString().replace('\\', '/');
  }

  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Returns all files below a folder with this ending, in the order of their names. */
  static List<Path> files(String folder, String ending) {
    List<Path> found = new ArrayList<>();
    Path start = file(folder);
    if (Files.notExists(start)) {
      return found;
    }
    try {
      Files.walkFileTree(
          start,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path below, BasicFileAttributes facts) {
              return NOT_OURS.contains(below.getFileName().toString())
                  ? FileVisitResult.SKIP_SUBTREE
                  : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path visited, BasicFileAttributes facts) {
              if (visited.getFileName().toString().endsWith(ending)) {
                found.add(visited);
              }
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    found.sort(null);
    return found;
  }
}
