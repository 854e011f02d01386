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
 * A file to which lines are appended, by one write each, so that a kill can only truncate the last
 * one. It is not a channel, because an interrupted thread would close that. Thread-safe.
 */
public final class LineFile implements AutoCloseable {

  /** The durability of a line. */
  public enum Durability {
    /** Survives the end of the process, as lines are in the system's page cache. */
    KILL,
    /** Survives a power cut, as each write is followed by a sync. */
    POWER_CUT
  }

  private final FileOutputStream file;
  private final Durability durability;

  /** Opens {@code path} for appending, creating it if necessary. */
  public LineFile(Path path, Durability durability) {
    this.durability = durability;
    try {
      this.file = new FileOutputStream(path.toFile(), true);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Appends one or more whole lines, which are durable as requested when it returns. */
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

  /** Returns the complete lines of a file; a truncated last one is omitted. */
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
