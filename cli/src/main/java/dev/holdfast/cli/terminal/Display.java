package dev.holdfast.cli.terminal;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Help.Ansi;

/**
 * Standard output as its reader sees it: a person at a terminal, or a program behind a pipe. Not
 * safe for use by several threads at once.
 */
public final class Display {
  private static final int OUT = 1;
  private static final int ERR = 2;
  private static final Pattern ROWS_AND_COLUMNS = Pattern.compile("([1-9]\\d*) ([1-9]\\d*)\\s*");

  private final boolean isTerminal;
  private final boolean isColoured;
  private final Supplier<Size> measure;
  private @Nullable Size size;

  private Display(boolean isTerminal, boolean isColoured, Supplier<Size> measure) {
    this.isTerminal = isTerminal;
    this.isColoured = isColoured;
    this.measure = measure;
  }

  /**
   * The size of a terminal in characters.
   *
   * @param columns its width
   * @param rows its height
   */
  public record Size(int columns, int rows) {
    /** The size of a terminal that does not know its own. */
    static final Size USUAL = new Size(80, 24);

    /** The size of what is no terminal. */
    static final Size UNLIMITED = new Size(Integer.MAX_VALUE, Integer.MAX_VALUE);
  }

  /** Returns the display of an output that is no terminal. */
  public static Display none() {
    return new Display(false, false, () -> Size.UNLIMITED);
  }

  /** Returns the display of a terminal with these variables, whose size is measured so. */
  public static Display terminal(Map<String, String> env, Supplier<Size> measure) {
    return new Display(true, env.getOrDefault("NO_COLOR", "").isEmpty(), measure);
  }

  /** Returns the display of this process's standard output. */
  public static Display ofOutput(Map<String, String> env) {
    return isTerminal(OUT, env) ? terminal(env, Display::measured) : none();
  }

  /** Returns whether standard error is a terminal. */
  public static boolean isErrTerminal(Map<String, String> env) {
    return isTerminal(ERR, env);
  }

  /** A dumb terminal counts as none. Systems without {@code /proc} leave the answer to picocli. */
  private static boolean isTerminal(int descriptor, Map<String, String> env) {
    if ("dumb".equals(env.get("TERM"))) {
      return false;
    }
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
      return target.startsWith("/dev/pts/")
          || target.startsWith("/dev/tty")
          || target.equals("/dev/console");
    } catch (IOException | RuntimeException unknown) {
      return Ansi.AUTO.enabled();
    }
  }

  private static Size measured() {
    try {
      Process stty =
          new ProcessBuilder("stty", "size")
              .redirectInput(new File("/dev/tty"))
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String answer = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      Matcher size = ROWS_AND_COLUMNS.matcher(answer);
      return size.matches()
          ? new Size(Integer.parseInt(size.group(2)), Integer.parseInt(size.group(1)))
          : Size.USUAL;
    } catch (IOException | NumberFormatException unknown) {
      return Size.USUAL;
    }
  }

  /** Returns whether a person reads the output at a terminal. */
  public boolean isTerminal() {
    return isTerminal;
  }

  /** Returns whether colours are shown. */
  public boolean isColoured() {
    return isColoured;
  }

  /** Returns the size when it was first asked for, or {@linkplain #measure measured} last. */
  public Size size() {
    Size known = size;
    return known == null ? measure() : known;
  }

  /** Measures the size again. */
  public Size measure() {
    Size now = measure.get();
    size = now;
    return now;
  }
}
