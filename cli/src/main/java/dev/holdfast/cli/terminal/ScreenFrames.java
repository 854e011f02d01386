package dev.holdfast.cli.terminal;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.holdfast.check.Durations;
import dev.holdfast.error.HoldfastException;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.Consumer;

/**
 * Frames that replace each other on a terminal, below a line with the time. The last one stays when
 * the program has ended.
 */
final class ScreenFrames implements Watch.Frames {
  private static final String CLEAR = "\u001b[H\u001b[2J";
  private static final String HOME = "\u001b[H";
  private static final String CLEAR_LINE = "\u001b[K";
  private static final String CLEAR_BELOW = "\u001b[J";
  private static final String WRAP_OFF = "\u001b[?7l";
  private static final String WRAP_ON = "\u001b[?7h";

  /** The line with the time, and that of the cursor. */
  private static final int OWN_ROWS = 2;

  private final Console console;
  private final Duration interval;
  private List<String> last = List.of();
  private boolean isFirst = true;

  ScreenFrames(Console console, Duration interval) {
    this.console = console;
    this.interval = interval;
  }

  @Override
  public void show(Consumer<Console> frame) {
    console.display().measure();
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    frame.accept(console.out(text).err(text));
    last = text.toString(UTF_8).lines().toList();
    draw(title("every " + Durations.format(interval) + ", Ctrl-C ends", Tone.FAINT));
  }

  @Override
  public void report(HoldfastException outage) {
    console.display().measure();
    draw(title(outage.getMessage() + "; trying again", Tone.ALARM));
  }

  private StyledLine title(String text, Tone tone) {
    Instant now = console.time().now().truncatedTo(ChronoUnit.SECONDS);
    return StyledLine.of(now + ", " + text, tone).cut(console.display().size().columns());
  }

  private void draw(StyledLine title) {
    int rows = Math.max(1, console.display().size().rows() - OWN_ROWS);
    boolean isCut = last.size() > rows;
    StringBuilder screen = new StringBuilder(isFirst ? CLEAR : HOME).append(WRAP_OFF);
    add(screen, console.display().isColoured() ? title.painted() : title.text());
    last.stream().limit(isCut ? rows - 1 : rows).forEach(line -> add(screen, line));
    if (isCut) {
      add(screen, "… " + Text.count(last.size() - rows + 1, "more line"));
    }
    console.write(screen.append(CLEAR_BELOW).append(WRAP_ON).toString());
    console.flush();
    isFirst = false;
  }

  private static void add(StringBuilder screen, String line) {
    screen.append(line).append(CLEAR_LINE).append('\n');
  }
}
