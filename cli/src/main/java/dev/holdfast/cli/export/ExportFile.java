package dev.holdfast.cli.export;

import dev.holdfast.error.ConflictException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A private file that appears under its name only once it is complete. */
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
   * Creates the file under a temporary name.
   *
   * @param isForced whether to replace an existing file
   * @throws ConflictException if the file exists and must not be replaced
   */
  static ExportFile create(Path file, boolean isForced) throws IOException {
    if (Files.isDirectory(file)) {
      throw new ConflictException("'%s' is a directory: specify a file".formatted(file));
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
        "'%s' exists: specify another file, or replace it with --force".formatted(file));
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

  /** Removes an incomplete file, even if its end could not be written. */
  @Override
  public void close() throws IOException {
    try {
      out.close();
    } finally {
      Files.deleteIfExists(part);
    }
  }
}
