package dev.holdfast.check;

import dev.holdfast.error.InvalidRequestException;

/** The rules for names of queues, types, groups and keys. */
public final class Names {
  private Names() {}

  /**
   * Checks a name.
   *
   * @param what the kind of name, for the message
   * @throws InvalidRequestException if it is blank, too long or not printable
   */
  public static void check(String what, String name) {
    Check.that(
        !name.isBlank() && name.length() <= Limits.NAME_CHARS_MAX,
        "%s must have 1 to %d characters, had %d",
        what,
        Limits.NAME_CHARS_MAX,
        name.length());
    if (hasControlCharacter(name)) {
      throw new InvalidRequestException(
          "%s '%s' has a control character: use printable ones"
              .formatted(what, name.replaceAll("\\p{Cntrl}", "?")));
    }
    UnicodeText.check(what, name);
  }

  private static boolean hasControlCharacter(String name) {
    for (int i = 0; i < name.length(); i++) {
      if (Character.isISOControl(name.charAt(i))) {
        return true;
      }
    }
    return false;
  }
}
