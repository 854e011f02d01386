package dev.holdfast.torture.host;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * A file that lines are appended to, by one write each time, so that a kill can tear only the last
 * one. Not a channel, because an interrupted thread would close it. Safe for use by several
 * threads.
 */
public final class LineFile implements AutoCloseable {

  /** What a line must survive. */
  public enum Durability {
    /** The end of the process: what was written is in the system's page cache. */
    KILL,
    /** The end of the power: each write is followed by a sync. */
    POWER_CUT
  }

  private final FileOutputStream file;
  private final Durability durability;

  /** Appends to {@code path}, which is created if need be. */
  public LineFile(Path path, Durability durability) {
    this.durability = durability;
    try {
      this.file = new FileOutputStream(path.toFile(), true);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Appends one or more whole lines; when it returns, they are as durable as was asked for. */
  public void append(String lines) {
    try {
      file.write((lines + "\n").getBytes(StandardCharsets.UTF_8));
      if (durability == Durability.POWER_CUT) {
        file.getFD().sync();
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** The whole lines of a file; what a kill left torn is left out. */
  public static List<String> read(Path path) {
    try {
      String text = Files.readString(path, StandardCharsets.UTF_8);
      int end = text.lastIndexOf('\n');
      return end < 0 ? List.of() : Arrays.asList(text.substring(0, end).split("\n", -1));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
