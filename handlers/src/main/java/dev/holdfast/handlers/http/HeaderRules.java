package dev.holdfast.handlers.http;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Rules for the header fields of a payload. A field that frames the request, belongs to the
 * connection, or directs the request to another host or path is rejected: with one of them a job
 * could smuggle a second request past the operator's restrictions.
 */
final class HeaderRules {
  /** A name by RFC 9110, 5.1. */
  private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

  /**
   * A value of visible ASCII, spaces and tabs; anything else would arrive altered, or end the line.
   */
  private static final Pattern VALUE = Pattern.compile("[\\x21-\\x7e \\t]*");

  /** The prefix of fields that identify the attempt to the server. */
  private static final String OURS = "holdfast-";

  /** Hop-by-hop fields, and those that define where the request ends. */
  private static final Set<String> CONNECTION =
      Set.of(
          "close",
          "connection",
          "content-length",
          "expect",
          "host",
          "http2-settings",
          "keep-alive",
          "te",
          "trailer",
          "trailers",
          "transfer-encoding",
          "upgrade");

  private static final String PROXY = "proxy-";

  /** Fields that make servers and gateways use another host or path than the URL's. */
  private static final Set<String> ROUTING =
      Set.of(
          "alt-used",
          "forwarded",
          "x-host",
          "x-http-host-override",
          "x-original-host",
          "x-original-url",
          "x-real-host",
          "x-rewrite-url");

  private static final String FORWARDED = "x-forwarded-";

  private HeaderRules() {}

  /** Returns why this field cannot be set; empty if it can. The value is not repeated. */
  static Optional<String> objection(String name, @Nullable String value) {
    // some gateways take _ for -
    String plain = name.toLowerCase(Locale.ROOT).replace('_', '-');
    if (!TOKEN.matcher(name).matches()) {
      return Optional.of("its name is not a token: expected letters, digits and hyphens");
    }
    if (plain.startsWith(OURS)) {
      return Optional.of("Holdfast sets it itself");
    }
    if (CONNECTION.contains(plain) || plain.startsWith(PROXY)) {
      return Optional.of("it belongs to the connection, not to the request");
    }
    if (ROUTING.contains(plain) || plain.startsWith(FORWARDED)) {
      return Optional.of("it can redirect the request: put the host and path into 'url'");
    }
    if (value == null) {
      return Optional.of("it has no value");
    }
    return VALUE.matcher(value).matches()
        ? Optional.empty()
        : Optional.of(
            "its value holds a character that is not allowed: expected visible ASCII, spaces and tabs");
  }
}
