package dev.holdfast.cli.each;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.holdfast.check.Durations;
import dev.holdfast.cli.each.Tally.Counts;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.Text;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Shows the progress of a run: on a terminal as a bar in the last line, which gives way to other
 * output to this stream, and elsewhere as a line every ten seconds.
 */
final class ProgressBar extends OutputStream {
  private static final Duration LINE_INTERVAL = Duration.ofSeconds(10);
  private static final Duration BAR_INTERVAL = Duration.ofMillis(200);
  private static final String CLEAR_LINE = "\r\u001b[K";
  private static final int WIDTH = 24;

  private final Console console;
  private final OutputStream err;
  private final Tally tally;
  private final long startedTicks;
  private final ReentrantLock lock = new ReentrantLock();
  private boolean isShown; // guarded by lock, like all below
  private long shownTicks;

  /** Creates a bar on the console's standard error. */
  ProgressBar(Console console, Tally tally) {
    this.console = console;
    this.err = console.err();
    this.tally = tally;
    this.startedTicks = console.time().ticks();
    this.shownTicks = startedTicks;
  }

  /** Shows the progress if an update is due. */
  void tick() throws IOException {
    lock.lock();
    try {
      long now = console.time().ticks();
      Duration interval = console.isTerminal() ? BAR_INTERVAL : LINE_INTERVAL;
      if (now - shownTicks < interval.toNanos()) {
        return;
      }
      shownTicks = now;
      String text = text(Duration.ofNanos(now - startedTicks));
      if (console.isTerminal()) {
        err.write((CLEAR_LINE + bar() + text).getBytes(UTF_8));
        isShown = true;
      } else {
        err.write(("holdfast: " + text + "\n").getBytes(UTF_8));
      }
      err.flush();
    } finally {
      lock.unlock();
    }
  }

  private String bar() {
    Counts counts = tally.counts();
    int done = counts.expected() == 0 ? 0 : (int) (WIDTH * counts.ended() / counts.expected());
    return "[" + "#".repeat(done) + "-".repeat(WIDTH - done) + "] ";
  }

  private String text(Duration since) {
    Counts counts = tally.counts();
    return "%d of %s, %d failed, %s"
        .formatted(
            counts.ended(),
            Text.count(counts.expected(), "item") + (counts.isInputRead() ? "" : " so far"),
            counts.failures(),
            Durations.format(since));
  }

  /** Hides the bar before other output to the terminal. */
  void hide() throws IOException {
    lock.lock();
    try {
      if (isShown) {
        err.write(CLEAR_LINE.getBytes(UTF_8));
        err.flush();
        isShown = false;
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void write(int oneByte) throws IOException {
    write(new byte[] {(byte) oneByte}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    lock.lock();
    try {
      hide();
      err.write(bytes, offset, length);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void flush() throws IOException {
    err.flush();
  }
}
