package dev.holdfast.cli.log;

import java.util.regex.Pattern;

/**
 * Masks secrets in log lines as a last safeguard, as libraries may log them: everything that looks
 * like a token, a webhook secret or a password in an address.
 */
final class LogRedaction {
  private static final Pattern TOKEN =
      Pattern.compile("\\b(hf_|whsec_)[A-Za-z0-9_+/=-]{16,}|(?i:\\b(Bearer|Basic) )[^\\s\",]{8,}");
  private static final Pattern USER_INFO = Pattern.compile("(//[^/?#@\\s\"]*:)[^/?#@\\s\"]*@");
  private static final Pattern PARAMETER =
      Pattern.compile("(?i)\\b(password|passwd|pwd|secret|token)=[^&;,\\s\"')}\\]]+");

  private LogRedaction() {}

  static String covered(String line) {
    String tokens = TOKEN.matcher(line).replaceAll("$1$2***");
    String users = USER_INFO.matcher(tokens).replaceAll("$1***@");
    return PARAMETER.matcher(users).replaceAll("$1=***");
  }
}
