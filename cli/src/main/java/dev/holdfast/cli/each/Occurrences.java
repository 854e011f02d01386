package dev.holdfast.cli.each;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Counts the occurrences of very many hashes. The table is a file, so it takes no memory: open
 * addressing with linear probing, at most half full, doubled by rewriting it. A slot is a hash and
 * its count; hash 0 marks a free one.
 */
final class Occurrences implements AutoCloseable {
  private static final int SLOT_BYTES = 16;
  private static final long SLOTS_MIN = 1 << 12;
  private static final int PROBED_SLOTS = 16;

  private final Path folder;
  private final ByteBuffer probe = ByteBuffer.allocateDirect(PROBED_SLOTS * SLOT_BYTES);
  private final ByteBuffer slot = ByteBuffer.allocateDirect(SLOT_BYTES);
  private FileChannel table;
  private long slots;
  private long used;

  /** Creates an empty table in {@code folder}, deleted when it is closed. */
  Occurrences(Path folder) throws IOException {
    this.folder = folder;
    this.slots = SLOTS_MIN;
    this.table = newTable();
  }

  /** Creates a file that is unlinked as soon as it is open. */
  private FileChannel newTable() throws IOException {
    Path file = Files.createTempFile(folder, "occurrences", null);
    FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE);
    channel.write(ByteBuffer.allocate(1), slots * SLOT_BYTES - 1); // all free, and no space taken
    return channel;
  }

  /** Counts {@code hash}. @return the number of its occurrences, including this one */
  long count(long hash) throws IOException {
    if (2 * used >= slots) {
      grow();
    }
    return add(hash == 0 ? 1 : hash, 1);
  }

  private long add(long hash, long times) throws IOException {
    long at = Long.remainderUnsigned(mixed(hash), slots);
    while (true) {
      int read = readFrom(at);
      for (int i = 0; i < read; i++, at++) {
        long there = probe.getLong(i * SLOT_BYTES);
        if (there == hash || there == 0) {
          long count = there == 0 ? times : probe.getLong(i * SLOT_BYTES + 8) + times;
          used += there == 0 ? 1 : 0;
          write(at, hash, count);
          return count;
        }
      }
      at %= slots;
    }
  }

  /** Reads some slots. @return their number */
  private int readFrom(long at) throws IOException {
    probe.clear().limit((int) Math.min(PROBED_SLOTS, slots - at) * SLOT_BYTES);
    while (probe.hasRemaining()) {
      if (table.read(probe, at * SLOT_BYTES + probe.position()) < 0) {
        throw new IllegalStateException("the table of occurrences ended early: a bug");
      }
    }
    return probe.limit() / SLOT_BYTES;
  }

  private void write(long at, long hash, long count) throws IOException {
    slot.clear().putLong(hash).putLong(count).flip();
    while (slot.hasRemaining()) {
      table.write(slot, at * SLOT_BYTES + slot.position());
    }
  }

  private void grow() throws IOException {
    try (FileChannel old = table) {
      slots *= 2;
      used = 0;
      table = newTable();
      ByteBuffer part = ByteBuffer.allocate(1 << 16);
      for (long position = 0; old.read(part.clear(), position) > 0; ) {
        part.flip();
        position += part.limit();
        while (part.hasRemaining()) {
          long hash = part.getLong();
          long count = part.getLong();
          if (hash != 0) {
            add(hash, count);
          }
        }
      }
    }
  }

  /** Spreads hashes that are close to each other. */
  private static long mixed(long hash) {
    long mixed = hash * 0x9E37_79B9_7F4A_7C15L;
    return mixed ^ mixed >>> 32;
  }

  @Override
  public void close() throws IOException {
    table.close();
  }
}
