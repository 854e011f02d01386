package dev.holdfast.config;

import java.util.regex.Pattern;

/** Addresses without their passwords, for display. */
final class Redacted {
  private static final Pattern USER_INFO = Pattern.compile("(//[^/?#@]*:)[^?#]*@");
  private static final Pattern PARAMETER =
      Pattern.compile("(?i)([?&;][^=&;]*(?:password|passwd|pwd|secret|token)[^=&;]*=)[^&;]*");

  private Redacted() {}

  static String address(String address) {
    return PARAMETER.matcher(USER_INFO.matcher(address).replaceAll("$1***@")).replaceAll("$1***");
  }
}
