package dev.holdfast.handlers.outbound;

import dev.holdfast.error.InvalidRequestException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A URL to call, checked by its spelling only; its addresses are checked when it is called.
 *
 * @param isSecure whether to use TLS
 * @param host a name in lower case without a trailing dot, or an address without brackets
 * @param port 1 to 65535
 * @param path the path with the query
 */
public record Target(boolean isSecure, String host, int port, String path) {
  /** The maximum length of a URL. */
  public static final int URL_CHARS_MAX = 2_000;

  private static final int HOST_CHARS_MAX = 253;
  private static final int PORT_MAX = 65_535;
  private static final int HTTP = 80;
  private static final int HTTPS = 443;

  /**
   * Matches names whose last label has a letter: many programs read one that ends in a number as an
   * address.
   */
  private static final Pattern NAME =
      Pattern.compile("([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)*[a-z]([a-z0-9-]{0,61}[a-z0-9])?");

  /**
   * Parses a URL.
   *
   * @throws InvalidRequestException if it must not be called from here; the message does not repeat
   *     it, as it may hold a secret
   */
  public static Target of(String url) {
    URI uri = uri(url);
    boolean isSecure = "https".equalsIgnoreCase(uri.getScheme());
    if (!isSecure && !"http".equalsIgnoreCase(uri.getScheme())) {
      throw refused("its scheme is neither http nor https");
    }
    if (uri.getRawUserInfo() != null) {
      throw refused("it holds a user or a password");
    }
    if (uri.getHost() == null || uri.getRawFragment() != null) {
      throw refused("it has no host in ASCII (xn--… for others), or a fragment");
    }
    int port = uri.getPort() < 0 ? (isSecure ? HTTPS : HTTP) : uri.getPort();
    if (port < 1 || port > PORT_MAX) {
      throw refused("its port is not 1 to 65535");
    }
    String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    return new Target(isSecure, host(uri.getHost()), port, path + query);
  }

  private static URI uri(String url) {
    try {
      if (url.length() <= URL_CHARS_MAX && url.chars().allMatch(c -> c > ' ' && c < 127)) {
        return new URI(url);
      }
    } catch (URISyntaxException malformed) {
      // reported below
    }
    throw refused(
        "it is malformed, longer than %d characters, or not in ASCII".formatted(URL_CHARS_MAX));
  }

  private static String host(String text) {
    boolean isBracketed = text.startsWith("[");
    String host =
        isBracketed
            ? text.substring(1, text.length() - 1)
            : text.toLowerCase(Locale.ROOT).replaceFirst("\\.$", "");
    boolean isName =
        !isBracketed && host.length() <= HOST_CHARS_MAX && NAME.matcher(host).matches();
    if (!isName && Literals.parse(host).isEmpty()) {
      throw refused("its host is neither a name nor an address in its plain spelling");
    }
    return host;
  }

  private static InvalidRequestException refused(String why) {
    return new InvalidRequestException("the URL cannot be called: " + why);
  }

  /** Returns the address in the URL; empty if it has a name. */
  Optional<InetAddress> literal() {
    return Literals.parse(host);
  }

  /** Returns the authority for the request. */
  String authority() {
    String plain = host.contains(":") ? "[" + host + "]" : host;
    return port == (isSecure ? HTTPS : HTTP) ? plain : plain + ":" + port;
  }

  /** Omits path and query, which may hold a secret. */
  @Override
  public String toString() {
    return (isSecure ? "https://" : "http://") + authority();
  }
}
