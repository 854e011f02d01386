package dev.holdfast.cli.each;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** Reads lines of UTF-8, one at a time, and says before it has to wait for more. */
final class Lines {
  /** What a system hands to a program as one argument: 128 KiB with its end. */
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
   * Reads from {@code in}.
   *
   * @param delimiter what ends a line
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
   * @param text its text; empty when there is a mistake
   * @param mistake what is wrong with it
   */
  record Line(long number, String text, Optional<String> mistake) {}

  /** The next line; empty at the end of the input. */
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

  /** Of a line that is too long only that is kept. */
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
