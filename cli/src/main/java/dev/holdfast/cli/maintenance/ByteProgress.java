package dev.holdfast.cli.maintenance;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.holdfast.cli.terminal.Console;
import dev.holdfast.spi.Upkeep.BackupProgress;
import java.io.IOException;
import java.time.Duration;

/**
 * Shows how much of a file is written: on a terminal as a bar in the last line, which is gone at
 * the end, and elsewhere as a line every ten seconds.
 */
final class ByteProgress implements BackupProgress, AutoCloseable {
  private static final Duration LINE_INTERVAL = Duration.ofSeconds(10);
  private static final Duration BAR_INTERVAL = Duration.ofMillis(200);
  private static final String CLEAR_LINE = "\r\u001b[K";
  private static final int WIDTH = 24;
  private static final int MEGABYTE_BITS = 20;

  private final Console console;
  private long shownTicks;
  private boolean isShown;

  ByteProgress(Console console) {
    this.console = console;
    this.shownTicks = console.time().ticks();
  }

  @Override
  public void report(long copied, long expected) {
    long now = console.time().ticks();
    Duration interval = console.isTerminal() ? BAR_INTERVAL : LINE_INTERVAL;
    if (now - shownTicks < interval.toNanos()) {
      return;
    }
    shownTicks = now;
    String text =
        "%,d of about %,d MB".formatted(copied >> MEGABYTE_BITS, expected >> MEGABYTE_BITS);
    if (console.isTerminal()) {
      isShown = true;
      write(CLEAR_LINE + bar(copied, expected) + text);
    } else {
      console.say(text);
    }
  }

  private static String bar(long copied, long expected) {
    int done = expected == 0 ? WIDTH : (int) Math.min(WIDTH, WIDTH * copied / expected);
    return "[" + "#".repeat(done) + "-".repeat(WIDTH - done) + "] ";
  }

  /** Hides the bar. */
  @Override
  public void close() {
    if (isShown) {
      write(CLEAR_LINE);
    }
  }

  private void write(String text) {
    try {
      console.err().write(text.getBytes(UTF_8));
      console.err().flush();
    } catch (IOException nobodyWatches) {
      isShown = false;
    }
  }
}
