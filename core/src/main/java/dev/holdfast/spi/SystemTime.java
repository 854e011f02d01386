package dev.holdfast.spi;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.slf4j.LoggerFactory;

/** The clocks of the system; only this class reads them. */
public final class SystemTime implements TimeSource {
  private static final int NANOS_DIGITS = 9;

  /** The seconds since boot, including suspended ones (proc(5)); exists on Linux. */
  private static final Path UPTIME = Path.of("/proc/uptime");

  private final Path uptime;
  private final boolean hasUptime;
  private volatile long behindTicks; // of the time since boot, when it could be read last

  /** Creates the clocks of this machine. */
  public SystemTime() {
    this(UPTIME);
  }

  SystemTime(Path uptime) {
    this.uptime = uptime;
    this.hasUptime = Files.isReadable(uptime);
  }

  @Override
  public Instant now() {
    return Instant.now();
  }

  @Override
  public long ticks() {
    return System.nanoTime();
  }

  /** Falls back to the monotonic clock while the process has no free file descriptors. */
  @Override
  public long sinceBoot() {
    long ticks = ticks();
    if (hasUptime) {
      try {
        behindTicks = read() - ticks;
      } catch (IOException unreadable) {
        LoggerFactory.getLogger(SystemTime.class) // not before a program has set up its log
            .debug("The time since boot cannot be read from {} now.", uptime, unreadable);
      }
    }
    return ticks + behindTicks;
  }

  private long read() throws IOException {
    String text = Files.readString(uptime, StandardCharsets.US_ASCII);
    String seconds = text.substring(0, text.indexOf(' '));
    return new BigDecimal(seconds).scaleByPowerOfTen(NANOS_DIGITS).longValue();
  }
}
