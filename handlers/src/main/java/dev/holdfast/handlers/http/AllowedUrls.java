package dev.holdfast.handlers.http;

import dev.holdfast.error.InvalidRequestException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The URLs that jobs may call from here. Everybody who can write to the database decides what a
 * worker calls, also in networks that only the worker can reach: with a file of the same user that
 * is nobody else, with a shared database it can be anybody.
 */
public final class AllowedUrls {
  private static final String ALL = "*";

  /** Matches spellings that some servers read as a parent folder or as a slash. */
  private static final Pattern DISGUISED =
      Pattern.compile("/(\\.|%2e){1,2}(?=[/;]|$)|%2f|%5c|\\\\", Pattern.CASE_INSENSITIVE);

  private final boolean areAll;
  private final List<Prefix> prefixes;

  private AllowedUrls(boolean areAll, List<Prefix> prefixes) {
    this.areAll = areAll;
    this.prefixes = prefixes;
  }

  /** Allows any URL. */
  public static AllowedUrls all() {
    return new AllowedUrls(true, List.of());
  }

  /**
   * Allows URLs with one of these prefixes: scheme and host, a port unless it is the scheme's
   * default, and optionally whole segments of a path, such as {@code
   * https://api.example.com/hooks}; {@code *} allows any URL.
   *
   * @throws InvalidRequestException if one of them is not a valid prefix
   */
  public static AllowedUrls of(Collection<String> prefixes) {
    return new AllowedUrls(
        prefixes.contains(ALL),
        prefixes.stream().filter(prefix -> !prefix.equals(ALL)).map(Prefix::parse).toList());
  }

  /** Returns why this must not be called, if so. */
  Optional<String> objection(URI url) {
    return areAll || prefixes.stream().anyMatch(prefix -> prefix.covers(url))
        ? Optional.empty()
        : Optional.of(
            "%s may not be called from this node: its operator can allow it with --allow-http"
                .formatted(RedactedUrl.url(url)));
  }

  /**
   * A prefix of URLs, in parts: comparing texts would accept {@code
   * https://api.example.com.elsewhere} for {@code https://api.example.com}.
   *
   * @param path the path without a trailing slash
   */
  private record Prefix(String scheme, String host, int port, String path) {

    static Prefix parse(String text) {
      try {
        URI url = new URI(text);
        String path = String.valueOf(url.getRawPath());
        boolean isPlain =
            url.getRawUserInfo() == null
                && url.getRawQuery() == null
                && url.getRawFragment() == null
                && !DISGUISED.matcher(path).find();
        if (isPlain && isHttp(url) && url.getHost() != null) {
          return new Prefix(schemeOf(url), hostOf(url), portOf(url), path.replaceFirst("/+$", ""));
        }
      } catch (URISyntaxException malformed) {
        // reported below
      }
      throw new InvalidRequestException(
          "'%s' names no URLs that may be called: expected scheme and host, such as https://api.example.com or http://10.0.0.7:8080/hooks (names beyond ASCII as xn--…), or * for all"
              .formatted(text.replaceFirst("//[^/]*@", "//…@")));
    }

    boolean covers(URI url) {
      return scheme.equals(schemeOf(url))
          && host.equals(hostOf(url))
          && port == portOf(url)
          && (path.isEmpty() || coversPath(url.getRawPath()));
    }

    private boolean coversPath(String of) {
      return (of.equals(path) || of.startsWith(path + "/")) && !DISGUISED.matcher(of).find();
    }
  }

  static boolean isHttp(URI url) {
    return "http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme());
  }

  private static String schemeOf(URI url) {
    return url.getScheme().toLowerCase(Locale.ROOT);
  }

  /** Returns the host without a trailing dot, which names the same host. */
  private static String hostOf(URI url) {
    return url.getHost().toLowerCase(Locale.ROOT).replaceFirst("\\.$", "");
  }

  private static int portOf(URI url) {
    if (url.getPort() >= 0) {
      return url.getPort();
    }
    return schemeOf(url).equals("https") ? 443 : 80;
  }
}
