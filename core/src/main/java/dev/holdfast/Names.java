package dev.holdfast;

/** What queues, types, groups and keys may be called. */
final class Names {
  private Names() {}

  static void check(String what, String name) {
    Check.that(
        !name.isBlank() && name.length() <= Limits.NAME_CHARS_MAX,
        "%s must have 1 to %d characters, had %d",
        what,
        Limits.NAME_CHARS_MAX,
        name.length());
    Check.that(
        name.chars().noneMatch(Character::isISOControl),
        "%s '%s' has a control character: use printable ones",
        what,
        name.replaceAll("\\p{Cntrl}", "?"));
  }
}
