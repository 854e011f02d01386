package dev.holdfast.jdbc.host;

import dev.holdfast.JobId;
import dev.holdfast.check.Limits;
import dev.holdfast.spi.Presence;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file of a living node: locked as long as its process lives, and mapped into memory with 16
 * bytes for each slot, which hold the id of the job that runs there. The operating system keeps
 * these writes after the process dies.
 */
final class NodeFile implements Presence {
  private static final Logger log = LoggerFactory.getLogger(NodeFile.class);
  private static final int ID_BYTES = 16;
  private static final int MAP_BYTES = Limits.CONCURRENCY_MAX * ID_BYTES;

  /**
   * The position of the lock, after the mapped part, as some systems refuse to map a locked region.
   */
  static final long LOCK_POSITION = 1L << 30;

  private final Path file;
  private final FileChannel channel;
  private final MappedByteBuffer slots;

  private NodeFile(Path file, FileChannel channel, MappedByteBuffer slots) {
    this.file = file;
    this.channel = channel;
    this.slots = slots;
  }

  /**
   * Creates the file. It gets its name once it is locked: an unlocked file of that name belongs to
   * a dead node.
   */
  static NodeFile create(Path folder, String name) throws IOException {
    Path unnamed = Files.createTempFile(folder, "new", ".tmp", PrivateFiles.fileMode());
    FileChannel channel =
        FileChannel.open(unnamed, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      if (channel.tryLock(LOCK_POSITION, 1, false) == null) {
        throw new IOException("the new file " + unnamed + " is locked by another process");
      }
      reserve(channel);
      MappedByteBuffer slots = channel.map(MapMode.READ_WRITE, 0, MAP_BYTES);
      Path file = folder.resolve(name);
      Files.move(unnamed, file, StandardCopyOption.ATOMIC_MOVE);
      return new NodeFile(file, channel, slots);
    } catch (IOException failure) {
      channel.close();
      Files.deleteIfExists(unnamed);
      throw failure;
    }
  }

  /** Reserves disk space now, as a write to mapped memory cannot fail cleanly. */
  private static void reserve(FileChannel channel) throws IOException {
    for (ByteBuffer zeros = ByteBuffer.allocate(MAP_BYTES); zeros.hasRemaining(); ) {
      channel.write(zeros);
    }
  }

  @Override
  public void begins(int slot, JobId job) {
    write(slot, job.value().getMostSignificantBits(), job.value().getLeastSignificantBits());
  }

  @Override
  public void ends(int slot) {
    write(slot, 0, 0);
  }

  private void write(int slot, long high, long low) {
    slots.putLong(slot * ID_BYTES, high);
    slots.putLong(slot * ID_BYTES + Long.BYTES, low);
  }

  /** Reads the jobs in the slots of a dead node's file. */
  static Optional<Set<JobId>> read(Path file) {
    try {
      ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
      Set<JobId> begun = new HashSet<>();
      while (bytes.remaining() >= ID_BYTES) {
        UUID id = new UUID(bytes.getLong(), bytes.getLong());
        if (id.getMostSignificantBits() != 0) {
          begun.add(new JobId(id));
        }
      }
      return Optional.of(begun);
    } catch (IOException unreadable) {
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    try {
      Files.deleteIfExists(file);
      channel.close();
    } catch (IOException failure) {
      log.warn("The node's file {} cannot be removed; other nodes will do it.", file, failure);
    }
  }
}
