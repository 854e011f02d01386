package dev.holdfast.cli.terminal;

/**
 * A piece of text with one tone.
 *
 * @param text the text, on one line; control characters in it are replaced
 * @param tone its tone
 */
public record Cell(String text, Tone tone) {
  /** Replaces control characters, so that no text from outside contains an escape sequence. */
  public Cell {
    text = Text.safe(text);
  }

  /** Returns ordinary text. */
  public static Cell of(String text) {
    return new Cell(text, Tone.PLAIN);
  }

  /** Returns the number of columns that it takes on a terminal. */
  public int width() {
    return Text.width(text);
  }
}
