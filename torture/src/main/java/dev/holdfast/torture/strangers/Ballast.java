package dev.holdfast.torture.strangers;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/** A file that fills a disk to its last byte. */
public final class Ballast implements Hold {
  private final Path file;

  private Ballast(Path file) {
    this.file = file;
  }

  /** Fills the disk under {@code folder}. */
  public static Ballast on(Path folder) {
    Path file = folder.resolve("ballast");
    for (int bytes = 1 << 20; bytes > 0; bytes >>= 4) {
      append(file, new byte[bytes]);
    }
    return new Ballast(file);
  }

  /** Appends bytes until the disk is full. */
  private static void append(Path file, byte[] bytes) {
    try (FileOutputStream out = new FileOutputStream(file.toFile(), true)) {
      while (true) {
        out.write(bytes);
      }
    } catch (IOException full) {
      // this is the purpose
    }
  }

  @Override
  public String what() {
    return "ballast";
  }

  @Override
  public Set<String> rows() {
    return Set.of();
  }

  @Override
  public void end() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
