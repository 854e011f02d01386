package dev.holdfast.engine;

import dev.holdfast.spi.TimeSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/** The clocks of the system; the only reader of them. */
public final class SystemTime implements TimeSource {
  private static final int NANOS_DIGITS = 9;

  /** Seconds since boot, suspended ones included (proc(5)); Linux has it. */
  private static final Path UPTIME = Path.of("/proc/uptime");

  private final boolean hasUptime = Files.isReadable(UPTIME);

  @Override
  public Instant now() {
    return Instant.now();
  }

  @Override
  public long ticks() {
    return System.nanoTime();
  }

  @Override
  public long sinceBoot() {
    if (!hasUptime) {
      return ticks();
    }
    try {
      String text = Files.readString(UPTIME, StandardCharsets.US_ASCII);
      String seconds = text.substring(0, text.indexOf(' '));
      return new BigDecimal(seconds).scaleByPowerOfTen(NANOS_DIGITS).longValue();
    } catch (IOException unreadable) {
      throw new UncheckedIOException("/proc/uptime cannot be read any more", unreadable);
    }
  }
}
