package dev.holdfast.cli;

import java.util.regex.Pattern;

/**
 * The last net under the rule that nothing secret is logged, as libraries below log what they like:
 * what looks like a token, a secret of a webhook or a password in an address is covered.
 */
final class Keyholes {
  private static final Pattern TOKEN =
      Pattern.compile("\\b(hf_|whsec_)[A-Za-z0-9_+/=-]{16,}|(?i:\\b(Bearer|Basic) )[^\\s\",]{8,}");
  private static final Pattern USER_INFO = Pattern.compile("(//[^/?#@\\s\"]*:)[^/?#@\\s\"]*@");
  private static final Pattern PARAMETER =
      Pattern.compile("(?i)\\b(password|passwd|pwd|secret|token)=[^&;,\\s\"')}\\]]+");

  private Keyholes() {}

  static String covered(String line) {
    String tokens = TOKEN.matcher(line).replaceAll("$1$2***");
    String users = USER_INFO.matcher(tokens).replaceAll("$1***@");
    return PARAMETER.matcher(users).replaceAll("$1=***");
  }
}
