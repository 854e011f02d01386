package dev.holdfast.cli.each;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** Reads lines of UTF-8, one at a time, with a callback before it may have to wait for input. */
final class Lines {
  /** The maximum length of a program's argument on Linux: 128 KiB with its terminator. */
  static final int LINE_BYTES_MAX = (128 << 10) - 1;

  private final InputStream in;
  private final byte delimiter;
  private final Runnable beforeWaiting;
  private final byte[] buffer = new byte[64 << 10];
  private int position;
  private int filled;
  private byte[] line = new byte[256];
  private int length;
  private long number;

  /**
   * Creates a reader of {@code in}.
   *
   * @param delimiter the character that ends a line
   * @param beforeWaiting called before a read that may have to wait
   */
  Lines(InputStream in, char delimiter, Runnable beforeWaiting) {
    this.in = in;
    this.delimiter = (byte) delimiter;
    this.beforeWaiting = beforeWaiting;
  }

  /**
   * A line of input.
   *
   * @param number its number, from 1
   * @param text its text; empty if there is an error
   * @param mistake the error, if any
   */
  record Line(long number, String text, Optional<String> mistake) {}

  /** Returns the next line; empty at the end of the input. */
  Optional<Line> next() throws IOException {
    length = 0;
    boolean isBegun = false;
    while (position < filled || fill()) {
      isBegun = true;
      int end = position;
      while (end < filled && buffer[end] != delimiter) {
        end++;
      }
      append(end);
      position = end + 1;
      if (end < filled) {
        return Optional.of(line());
      }
    }
    return isBegun ? Optional.of(line()) : Optional.empty();
  }

  private boolean fill() throws IOException {
    if (in.available() == 0) {
      beforeWaiting.run();
    }
    filled = Math.max(0, in.read(buffer));
    position = 0;
    return filled > 0;
  }

  /** Appends to the line; of one that is too long, only this fact is kept. */
  private void append(int end) {
    int needed = length + (end - position);
    if (needed <= LINE_BYTES_MAX) {
      if (needed > line.length) {
        line = Arrays.copyOf(line, Math.max(needed, 2 * line.length));
      }
      System.arraycopy(buffer, position, line, length, end - position);
    }
    length = Math.min(needed, LINE_BYTES_MAX + 1);
  }

  private Line line() {
    number++;
    if (length > LINE_BYTES_MAX) {
      return new Line(
          number, "", Optional.of("is longer than %,d bytes".formatted(LINE_BYTES_MAX)));
    }
    try {
      String text =
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(line, 0, length)).toString();
      return text.indexOf('\0') >= 0
          ? new Line(number, "", Optional.of("has a NUL character: use -0 for NUL-separated input"))
          : new Line(number, text, Optional.empty());
    } catch (CharacterCodingException malformed) {
      return new Line(number, "", Optional.of("is not valid UTF-8"));
    }
  }
}
