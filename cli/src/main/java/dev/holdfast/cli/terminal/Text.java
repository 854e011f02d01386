package dev.holdfast.cli.terminal;

import dev.holdfast.check.Printable;
import java.util.ArrayList;
import java.util.List;

/** Text for a terminal. */
public final class Text {
  private Text() {}

  /** Returns the text on one line, without control characters. */
  public static String safe(String text) {
    return Printable.of(text);
  }

  /** Returns the text on one line, of at most {@code chars} characters. */
  public static String brief(String text, int chars) {
    return Printable.brief(text, chars);
  }

  /** Returns how many columns of a terminal the text takes: two for wide characters. */
  public static int width(String text) {
    return text.codePoints().map(Text::width).sum();
  }

  /** Returns the beginning of the text that takes at most so many columns. */
  public static String start(String text, int columns) {
    StringBuilder start = new StringBuilder();
    int left = columns;
    for (int character : text.codePoints().toArray()) {
      left -= width(character);
      if (left < 0) {
        break;
      }
      start.appendCodePoint(character);
    }
    return start.toString();
  }

  /** Returns the text in lines of at most so many columns, broken between words where possible. */
  public static List<String> wrap(String text, int columns) {
    List<String> lines = new ArrayList<>();
    String rest = text;
    while (width(rest) > columns) {
      String start = start(rest, Math.max(2, columns));
      int space = rest.charAt(start.length()) == ' ' ? start.length() : start.lastIndexOf(' ');
      String line = space > 0 ? rest.substring(0, space) : start;
      lines.add(line);
      rest = rest.substring(line.length()).stripLeading();
    }
    lines.add(rest);
    return lines;
  }

  private static int width(int character) {
    int type = Character.getType(character);
    if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK) {
      return 0;
    }
    return isWide(character) ? 2 : 1;
  }

  /** The ranges of East Asian wide characters and pictures, by Unicode Standard Annex 11. */
  private static boolean isWide(int c) {
    return (c >= 0x1100 && c <= 0x115F)
        || (c >= 0x2E80 && c <= 0xA4CF && c != 0x303F)
        || (c >= 0xAC00 && c <= 0xD7A3)
        || (c >= 0xF900 && c <= 0xFAFF)
        || (c >= 0xFE30 && c <= 0xFE6F)
        || (c >= 0xFF00 && c <= 0xFF60)
        || (c >= 0xFFE0 && c <= 0xFFE6)
        || (c >= 0x1F300 && c <= 0x1F64F)
        || (c >= 0x1F900 && c <= 0x1F9FF)
        || (c >= 0x20000 && c <= 0x3FFFD);
  }

  /** Returns a count such as {@code 1 job} or {@code 2 jobs}. */
  public static String count(long number, String what) {
    return number + " " + what + (number == 1 ? "" : "s");
  }
}
