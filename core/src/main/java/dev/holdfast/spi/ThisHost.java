package dev.holdfast.spi;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Facts about this host and its processes, as {@code /proc} has them. */
public final class ThisHost {
  private static final Path PROC = Path.of("/proc");
  private static final int STATE = 3; // proc(5), /proc/pid/stat, counted from 1
  private static final int START_TICKS = 22;
  private static final String ENDED_STATES = "ZX"; // its parent has not asked yet how it ended

  private ThisHost() {}

  /** Returns the host's name, for display. */
  public static String name() {
    return read(PROC.resolve("sys/kernel/hostname")).orElseGet(ThisHost::nameByAddress);
  }

  private static String nameByAddress() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException nameless) {
      return "localhost";
    }
  }

  /** Returns the id of the boot, or an empty text. */
  public static String bootId() {
    return read(PROC.resolve("sys/kernel/random/boot_id")).orElse("");
  }

  /** Returns the namespace of the process ids that this process sees, or an empty text. */
  public static String pidNamespace() {
    try {
      return Files.readSymbolicLink(PROC.resolve("self/ns/pid")).toString();
    } catch (IOException | UnsupportedOperationException none) {
      return "";
    }
  }

  /**
   * Returns the start of a process in clock ticks since boot, which tells it from a later one with
   * the same id; 0 if there is no such process, or the system does not say.
   */
  public static long startTicks(long processId) {
    return read(PROC.resolve(Long.toString(processId)).resolve("stat"))
        .map(ThisHost::startTicksOf)
        .orElse(0L);
  }

  /**
   * Parses the stat line. The second field, the program's name, may hold spaces and parentheses:
   * count after the last one.
   */
  private static long startTicksOf(String stat) {
    String[] afterName = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return ENDED_STATES.contains(afterName[0]) ? 0 : Long.parseLong(afterName[START_TICKS - STATE]);
  }

  private static Optional<String> read(Path file) {
    try {
      return Optional.of(Files.readString(file, StandardCharsets.ISO_8859_1).strip());
    } catch (IOException none) {
      return Optional.empty();
    }
  }
}
