package dev.holdfast.cli;

import dev.holdfast.ConflictException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A private file that appears under its name when it is complete, and else not at all. */
final class ExportFile implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 16;

  private final Path file;
  private final Path part;
  private final boolean isForced;
  private final OutputStream out;

  private ExportFile(Path file, Path part, boolean isForced) throws IOException {
    this.file = file;
    this.part = part;
    this.isForced = isForced;
    this.out = new BufferedOutputStream(Files.newOutputStream(part), BUFFER_BYTES);
  }

  /**
   * Begins one.
   *
   * @param isForced whether to replace one that is there
   * @throws ConflictException if it is there, and is not to be replaced
   */
  static ExportFile create(Path file, boolean isForced) throws IOException {
    if (Files.isDirectory(file)) {
      throw new ConflictException("'%s' is a folder: name a file in it".formatted(file));
    }
    if (!isForced && Files.exists(file)) {
      throw exists(file);
    }
    Path folder = file.toAbsolutePath().resolveSibling("");
    Path part = Files.createTempFile(folder, file.getFileName() + ".", ".part"); // mode 0600
    return new ExportFile(file, part, isForced);
  }

  private static ConflictException exists(Path file) {
    return new ConflictException(
        "'%s' exists: name another file, or replace it with --force".formatted(file));
  }

  OutputStream out() {
    return out;
  }

  /** Gives the file its name. */
  void complete() throws IOException {
    out.close();
    if (isForced) {
      Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
      return;
    }
    try {
      Files.move(part, file);
    } catch (FileAlreadyExistsException meanwhile) {
      throw exists(file);
    }
  }

  /** Removes what is not complete. */
  @Override
  public void close() throws IOException {
    out.close();
    Files.deleteIfExists(part);
  }
}
