package dev.holdfast.handlers.exec;

import dev.holdfast.check.Limits;
import java.io.IOException;

/**
 * The end of a command's output.
 *
 * @param out the end of its standard output
 * @param err the end of its standard error
 */
record Printed(Spool.Tail out, Spool.Tail err) {
  private static final int LAST_LINE_CHARS_MAX = 500;

  /** The size of both in a failure; the rest of its limit is for the headings. */
  private static final int TRACE_CHARS_MAX = Limits.FAILURE_TRACE_CHARS_MAX - 100;

  static Printed read(Spool spool) throws IOException {
    return new Printed(Spool.tail(spool.out()), Spool.tail(spool.err()));
  }

  /** Returns the last line of standard error, or of standard output if that is empty. */
  String lastLine() {
    String whole = (err.text().isBlank() ? out : err).text().stripTrailing();
    String last = whole.substring(whole.lastIndexOf('\n') + 1).strip();
    return last.length() <= LAST_LINE_CHARS_MAX
        ? last
        : last.substring(0, LAST_LINE_CHARS_MAX) + "…";
  }

  /**
   * Returns both for the trace of a failure: standard error alone as it is, else each under its
   * heading.
   */
  String trace() {
    if (out.text().isEmpty()) {
      return end(err.text(), TRACE_CHARS_MAX);
    }
    int half = TRACE_CHARS_MAX / 2;
    int errChars = Math.max(half, TRACE_CHARS_MAX - out.text().length());
    String shownErr = end(err.text(), errChars);
    String shownOut = end(out.text(), TRACE_CHARS_MAX - shownErr.length());
    String messages = shownErr.isEmpty() ? "" : "stderr:\n" + onItsOwn(shownErr);
    return messages + "stdout:\n" + shownOut;
  }

  private static String onItsOwn(String text) {
    return text.endsWith("\n") ? text : text + "\n";
  }

  private static String end(String text, int charsMax) {
    return text.length() <= charsMax ? text : "…" + text.substring(text.length() - charsMax + 1);
  }
}
