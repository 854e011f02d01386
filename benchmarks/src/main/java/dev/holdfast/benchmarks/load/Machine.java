package dev.holdfast.benchmarks.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Describes the machine, so that figures of two machines are not confused. */
public final class Machine {
  private Machine() {}

  /** Returns processors, memory, system and load, in one line. */
  public static String describe() throws IOException {
    return String.format(
        Locale.ROOT,
        "%d × %s, %.0f GiB, %s %s, load %s",
        Runtime.getRuntime().availableProcessors(),
        value("/proc/cpuinfo", "model name"),
        Long.parseLong(value("/proc/meminfo", "MemTotal").replaceAll("\\D", "")) / 1048576.0,
        System.getProperty("os.name"),
        System.getProperty("os.version"),
        Files.readString(Path.of("/proc/loadavg")).replaceFirst(" .*\\s*", ""));
  }

  private static String value(String file, String key) throws IOException {
    return Files.readAllLines(Path.of(file)).stream()
        .filter(line -> line.startsWith(key))
        .map(line -> line.replaceFirst("^[^:]*:\\s*", ""))
        .findFirst()
        .orElse("0 (unknown " + key + ")");
  }
}
