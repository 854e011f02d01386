package dev.holdfast.handlers.http;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/** Redacts URLs for output: user, password, query and fragment are removed. */
final class RedactedUrl {
  private RedactedUrl() {}

  static String url(URI url) {
    String port = url.getPort() < 0 ? "" : ":" + url.getPort();
    return url.getScheme() + "://" + url.getHost() + port + url.getRawPath();
  }

  /**
   * Resolves {@code reference} from a response of {@code base}, and redacts it; empty if it is not
   * a URL.
   */
  static Optional<String> url(URI base, String reference) {
    try {
      return Optional.of(base.resolve(new URI(reference)))
          .filter(url -> url.getHost() != null)
          .map(RedactedUrl::url);
    } catch (URISyntaxException malformed) {
      return Optional.empty();
    }
  }
}
