package dev.holdfast.benchmarks.spike;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/** A job as the spikes insert it: the columns that differ from row to row. */
record NewRow(UUID id, String payload, long createdAtMicros) {

  private static final AtomicLong LAST_TICK = new AtomicLong();

  /** Creates {@code count} rows with ascending UUIDv7 ids and payloads of {@code payloadBytes}. */
  static List<NewRow> make(int count, int payloadBytes) {
    String filler = "x".repeat(Math.max(0, payloadBytes - 60));
    List<NewRow> rows = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      long tick = nextTick();
      String payload = "{\"to\": \"user-%06d@example.org\", \"text\": \"%s\"}".formatted(i, filler);
      rows.add(new NewRow(uuidV7(tick), payload, tick * 1_000 / 4_096));
    }
    return rows;
  }

  byte[] idBytes() {
    return bytes(id);
  }

  static byte[] bytes(UUID id) {
    return ByteBuffer.allocate(16)
        .putLong(id.getMostSignificantBits())
        .putLong(id.getLeastSignificantBits())
        .array();
  }

  /** Returns milliseconds with 12 fractional bits, unique in this process. */
  private static long nextTick() {
    return LAST_TICK.updateAndGet(last -> Math.max(last + 1, System.currentTimeMillis() * 4_096));
  }

  private static UUID uuidV7(long tick) {
    long high = (tick >>> 12) << 16 | 0x7000 | (tick & 0xFFF);
    long low = 0x8000_0000_0000_0000L | ThreadLocalRandom.current().nextLong() >>> 2;
    return new UUID(high, low);
  }
}
