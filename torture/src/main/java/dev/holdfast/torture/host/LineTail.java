package dev.holdfast.torture.host;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads the lines of a file while another process appends to it. */
public final class LineTail {
  private static final int READ_BYTES = 1 << 16;

  private final Path path;
  private long position;
  private final ByteArrayOutputStream torn = new ByteArrayOutputStream();

  /** Creates a reader of {@code path}, which need not exist yet. */
  public LineTail(Path path) {
    this.path = path;
  }

  /** Returns the lines that were completed since the last call. */
  public List<String> read() {
    List<String> lines = new ArrayList<>();
    if (Files.notExists(path)) {
      return lines;
    }
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
      file.seek(position);
      byte[] bytes = new byte[READ_BYTES];
      for (int count; (count = file.read(bytes)) > 0; position += count) {
        take(bytes, count, lines);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    return lines;
  }

  private void take(byte[] bytes, int count, List<String> lines) {
    for (int i = 0; i < count; i++) {
      if (bytes[i] == '\n') {
        lines.add(torn.toString(StandardCharsets.UTF_8));
        torn.reset();
      } else {
        torn.write(bytes[i]);
      }
    }
  }
}
