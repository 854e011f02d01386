package dev.holdfast.engine;

import dev.holdfast.NodeId;
import dev.holdfast.spi.NodeInfo;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;

/** What can be known of the process that a node runs in. */
public final class ThisProcess {
  private static final int STAT_START_TICKS = 22; // proc(5), /proc/pid/stat, counted from 1

  private ThisProcess() {}

  /** A new incarnation in this process. */
  public static NodeInfo newNode(String name) {
    return new NodeInfo(
        new NodeId(UUID.randomUUID()),
        name,
        host(),
        ProcessHandle.current().pid(),
        startTicks(),
        read(Path.of("/proc/sys/kernel/random/boot_id")).orElse(""),
        pidNamespace(),
        version());
  }

  /** The host's name for people. */
  public static String host() {
    return read(Path.of("/proc/sys/kernel/hostname")).orElseGet(ThisProcess::hostByName);
  }

  private static String hostByName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException nameless) {
      return "localhost";
    }
  }

  /** The process's start in clock ticks since boot; 0 where the system does not tell. */
  public static long startTicks() {
    return read(Path.of("/proc/self/stat")).map(ThisProcess::startTicksOf).orElse(0L);
  }

  /**
   * The second field, the program's name, may hold spaces and parentheses: count after the last.
   */
  private static long startTicksOf(String stat) {
    String[] afterName = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return Long.parseLong(afterName[STAT_START_TICKS - 3]);
  }

  private static String pidNamespace() {
    try {
      return Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString();
    } catch (IOException | UnsupportedOperationException none) {
      return "";
    }
  }

  /** The version of Holdfast, or {@code dev} when it does not run from a jar. */
  public static String version() {
    return Optional.ofNullable(ThisProcess.class.getPackage().getImplementationVersion())
        .orElse("dev");
  }

  private static Optional<String> read(Path file) {
    try {
      return Optional.of(Files.readString(file, StandardCharsets.UTF_8).strip());
    } catch (IOException none) {
      return Optional.empty();
    }
  }
}
