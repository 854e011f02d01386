package dev.holdfast.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.holdfast.jdbc.sql.Texts;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import org.postgresql.copy.CopyIn;

/**
 * Rows in the binary form of COPY (PostgreSQL documentation, COPY, Binary Format), sent in parts so
 * that large payloads don't accumulate in memory.
 */
final class CopyStream {
  private static final byte[] SIGNATURE = {
    'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0
  };

  private static final int PART_BYTES = 64 << 10;
  private static final int NULL = -1;
  private static final short END = -1;

  private final CopyIn to;
  private ByteBuffer part = ByteBuffer.allocate(PART_BYTES);

  CopyStream(CopyIn to) {
    this.to = to;
    part.put(SIGNATURE).putInt(0).putInt(0); // no flags, no extension
  }

  /** Begins a row with this number of fields. */
  void row(int fields) throws SQLException {
    if (part.position() >= PART_BYTES / 2) {
      send();
    }
    reserve(Short.BYTES).putShort((short) fields);
  }

  void id(UUID id) {
    reserve(Integer.BYTES + 2 * Long.BYTES)
        .putInt(2 * Long.BYTES)
        .putLong(id.getMostSignificantBits())
        .putLong(id.getLeastSignificantBits());
  }

  void text(String text) {
    byte[] bytes = Texts.storable(text).getBytes(UTF_8);
    reserve(Integer.BYTES + bytes.length).putInt(bytes.length).put(bytes);
  }

  void text(Optional<String> text) {
    if (text.isPresent()) {
      text(text.get());
    } else {
      nothing();
    }
  }

  /** Writes a field of type integer. */
  void integer(int number) {
    reserve(2 * Integer.BYTES).putInt(Integer.BYTES).putInt(number);
  }

  /** Writes a field of type bigint. */
  void number(long number) {
    reserve(Integer.BYTES + Long.BYTES).putInt(Long.BYTES).putLong(number);
  }

  void number(Optional<Long> number) {
    if (number.isPresent()) {
      number(number.get());
    } else {
      nothing();
    }
  }

  private void nothing() {
    reserve(Integer.BYTES).putInt(NULL);
  }

  /** Ends the stream. */
  void end() throws SQLException {
    reserve(Short.BYTES).putShort(END);
    send();
  }

  private void send() throws SQLException {
    to.writeToCopy(part.array(), 0, part.position());
    if (part.capacity() > PART_BYTES) {
      part = ByteBuffer.allocate(PART_BYTES);
    }
    part.clear();
  }

  private ByteBuffer reserve(int bytes) {
    if (part.remaining() < bytes) {
      int capacity = Math.max(2 * part.capacity(), part.position() + bytes);
      part = ByteBuffer.wrap(Arrays.copyOf(part.array(), capacity)).position(part.position());
    }
    return part;
  }
}
