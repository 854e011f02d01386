package dev.holdfast.cli.terminal;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.holdfast.spi.TimeSource;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;

/**
 * The environment of a command: data goes to {@code out}, messages go to {@code err}.
 *
 * @param env environment variables
 * @param in standard input
 * @param out standard output, unbuffered
 * @param err standard error, unbuffered
 * @param isTerminal whether standard error is a terminal
 * @param display standard output as its reader sees it
 * @param time the clocks
 */
public record Console(
    Map<String, String> env,
    InputStream in,
    OutputStream out,
    OutputStream err,
    boolean isTerminal,
    Display display,
    TimeSource time) {

  /** Returns a console with another standard error. */
  public Console err(OutputStream newErr) {
    return new Console(env, in, out, newErr, isTerminal, display, time);
  }

  /** Returns a console with another standard output, which looks the same to its reader. */
  public Console out(OutputStream newOut) {
    return new Console(env, in, newOut, err, isTerminal, display, time);
  }

  /** Returns the value of an environment variable, unless it is empty. */
  public Optional<String> variable(String name) {
    return Optional.ofNullable(env.get(name)).filter(value -> !value.isEmpty());
  }

  /**
   * Writes a line of data.
   *
   * @throws UncheckedIOException if the line cannot be written, for example to a closed pipe
   */
  public void line(String text) {
    write(text + "\n");
  }

  /** Writes a line of data, with colours if they are shown. */
  public void line(StyledLine line) {
    line(display.isColoured() ? line.painted() : line.text());
  }

  /** Writes data. */
  public void write(String text) {
    try {
      out.write(text.getBytes(UTF_8));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Flushes the output. */
  public void flush() {
    try {
      out.flush();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Writes a message for people: one line that starts with the program's name. */
  public void say(String message) {
    try {
      err.write(("holdfast: " + Text.safe(message) + "\n").getBytes(UTF_8));
      err.flush();
    } catch (IOException nobodyListens) {
      // there is nowhere else to report it
    }
  }
}
