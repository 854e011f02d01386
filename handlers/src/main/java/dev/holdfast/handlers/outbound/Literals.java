package dev.holdfast.handlers.outbound;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

/** Parses addresses in the one spelling that all programs read the same. */
final class Literals {
  private static final String BYTE = "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
  private static final Pattern IPV4 = Pattern.compile(BYTE + "(\\." + BYTE + "){3}");

  /** Digits of IPv6 and colons only: neither a zone nor the dots of IPv4. */
  private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:]{2,39}");

  private Literals() {}

  /** Returns the address; empty if this is a name, or a spelling that programs read differently. */
  static Optional<InetAddress> parse(String text) {
    boolean isIpv6 = text.contains(":") && IPV6.matcher(text).matches();
    if (!isIpv6 && !IPV4.matcher(text).matches()) {
      return Optional.empty();
    }
    try {
      InetAddress address = InetAddress.getByName(text); // a literal: no lookup
      boolean isEmbedded = isIpv6 && address.getAddress().length == 4;
      return isEmbedded ? Optional.empty() : Optional.of(address);
    } catch (UnknownHostException malformed) {
      return Optional.empty();
    }
  }
}
