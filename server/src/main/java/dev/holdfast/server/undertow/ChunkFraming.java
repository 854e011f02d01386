package dev.holdfast.server.undertow;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Checks the framing of one chunked body (RFC 9112, section 7.1), and lets only whole lines of it
 * pass. In the place of what is malformed it puts the end of the body. Used by one thread at a
 * time.
 */
final class ChunkFraming {
  /** The size of a chunk, below 2<sup>60</sup>, and extensions, which are ignored. */
  private static final Pattern SIZE = Pattern.compile("([0-9A-Fa-f]{1,15})[ \t]*(;[^\r\n]*)?\r\n");

  private static final int LINE_BYTES_MAX = 1 << 10;
  private static final int TRAILER_BYTES_MAX = 16 << 10;
  private static final int HEX = 16;
  private static final String NEW_LINE = "\r\n";
  private static final String LAST_CHUNK = "0\r\n\r\n";

  private enum Part {
    SIZE,
    DATA,
    END_OF_DATA,
    TRAILER,
    REST
  }

  private final ByteArrayOutputStream line = new ByteArrayOutputStream(); // not whole yet
  private Part part = Part.SIZE;
  private long dataLeft;
  private int trailerBytes;
  private boolean isMalformed;

  /** Returns whether the body was malformed; nothing more may be read from its connection then. */
  boolean isMalformed() {
    return isMalformed;
  }

  /** Returns whether the body is over; what follows belongs to the next request. */
  boolean isOver() {
    return part == Part.REST;
  }

  /** Returns the number of bytes that wait for the rest of their line. */
  int held() {
    return line.size();
  }

  /** Returns what may pass of these bytes and of those held before, with what follows the body. */
  ByteBuffer check(ByteBuffer bytes) {
    ByteArrayOutputStream passed = new ByteArrayOutputStream(held() + bytes.remaining());
    while (bytes.hasRemaining() && !isMalformed) {
      if (part == Part.REST) {
        pass(bytes, bytes.remaining(), passed);
      } else if (part == Part.DATA) {
        int count = (int) Math.min(dataLeft, bytes.remaining());
        pass(bytes, count, passed);
        dataLeft -= count;
        part = dataLeft == 0 ? Part.END_OF_DATA : Part.DATA;
      } else {
        add(bytes.get(), passed);
      }
    }
    return ByteBuffer.wrap(passed.toByteArray());
  }

  private static void pass(ByteBuffer bytes, int count, ByteArrayOutputStream passed) {
    byte[] some = new byte[count];
    bytes.get(some);
    passed.writeBytes(some);
  }

  private void add(byte next, ByteArrayOutputStream passed) {
    line.write(next);
    if (next == '\n') {
      String whole = line.toString(ISO_8859_1);
      line.reset();
      end(whole, passed);
    } else if (line.size() >= LINE_BYTES_MAX) {
      refuse(passed);
    }
  }

  private void end(String whole, ByteArrayOutputStream passed) {
    Matcher size = SIZE.matcher(whole);
    if (part == Part.SIZE && size.matches()) {
      dataLeft = Long.parseLong(size.group(1), HEX);
      part = dataLeft == 0 ? Part.TRAILER : Part.DATA;
    } else if (part == Part.END_OF_DATA && whole.equals(NEW_LINE)) {
      part = Part.SIZE;
    } else if (part == Part.TRAILER && trailerBytes + whole.length() <= TRAILER_BYTES_MAX) {
      trailerBytes += whole.length();
      part = whole.equals(NEW_LINE) ? Part.REST : Part.TRAILER;
    } else {
      refuse(passed);
      return;
    }
    passed.writeBytes(whole.getBytes(ISO_8859_1));
  }

  private void refuse(ByteArrayOutputStream passed) {
    isMalformed = true;
    String end =
        switch (part) {
          case END_OF_DATA -> NEW_LINE + LAST_CHUNK;
          case TRAILER -> NEW_LINE;
          default -> LAST_CHUNK;
        };
    passed.writeBytes(end.getBytes(US_ASCII));
  }
}
