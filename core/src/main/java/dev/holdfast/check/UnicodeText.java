package dev.holdfast.check;

import dev.holdfast.error.InvalidRequestException;

/**
 * Texts that can be stored unchanged. Half a surrogate pair is not a character: no encoding can
 * represent it, and two texts that differ only in it would become equal.
 */
public final class UnicodeText {
  private UnicodeText() {}

  /** Returns whether the text contains half of a surrogate pair. */
  public static boolean isBroken(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        boolean isPair =
            Character.isHighSurrogate(c)
                && i + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(i + 1));
        if (!isPair) {
          return true;
        }
        i++;
      }
    }
    return false;
  }

  /**
   * Rejects a broken text.
   *
   * @throws InvalidRequestException if it is broken; the message names it as {@code what}
   */
  public static void check(String what, String text) {
    if (isBroken(text)) {
      throw new InvalidRequestException(
          "%s has half of a surrogate pair, which is not a character: send whole ones"
              .formatted(what));
    }
  }
}
