package dev.holdfast.handlers.http;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/** How URLs are spoken of where others read: user, password, query and fragment are left out. */
final class Told {
  private Told() {}

  static String url(URI url) {
    String port = url.getPort() < 0 ? "" : ":" + url.getPort();
    return url.getScheme() + "://" + url.getHost() + port + url.getRawPath();
  }

  /** The URL that {@code reference} stands for in an answer of {@code base}; empty for none. */
  static Optional<String> url(URI base, String reference) {
    try {
      return Optional.of(base.resolve(new URI(reference)))
          .filter(url -> url.getHost() != null)
          .map(Told::url);
    } catch (URISyntaxException malformed) {
      return Optional.empty();
    }
  }
}
