package dev.holdfast.server.route;

import dev.holdfast.http.ProblemException;
import dev.holdfast.http.ProblemType;
import java.net.URI;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The host names of this server, as a defence against DNS rebinding: a foreign page can let its own
 * name resolve to this machine and so reach a server on loopback, but its requests carry that name.
 * Addresses cannot be rebound.
 */
public final class Hosts {
  private static final Pattern ADDRESS =
      Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}|\\[[0-9a-f:.]+]");
  private static final Pattern HOST = Pattern.compile("(\\[[^\\]]*]|[^:\\[\\]]+)(:\\d{1,5})?");

  private final Set<String> names;
  private final String scheme;
  private final Optional<String> publicOrigin;

  /**
   * Creates the set of valid hosts.
   *
   * @param names names in addition to {@code localhost}, without ports
   * @param publicUrl the URL that browsers use, if it differs from the server's own
   * @param isHttps whether this server or the proxy in front of it speaks TLS
   */
  public Hosts(Set<String> names, Optional<URI> publicUrl, boolean isHttps) {
    this.names = new HashSet<>();
    names.forEach(name -> this.names.add(name.toLowerCase(Locale.ROOT)));
    publicUrl.ifPresent(url -> this.names.add(url.getHost().toLowerCase(Locale.ROOT)));
    this.scheme = isHttps ? "https" : "http";
    this.publicOrigin = publicUrl.map(Hosts::origin);
  }

  /** Returns the origin of the pages of a URL, as browsers write it: without the default port. */
  private static String origin(URI url) {
    boolean isDefault = url.getPort() == ("https".equals(url.getScheme()) ? 443 : 80);
    String port = url.getPort() < 0 || isDefault ? "" : ":" + url.getPort();
    return url.getScheme() + "://" + url.getHost() + port;
  }

  /** Refuses requests for another host. */
  void check(Optional<String> host) {
    String given =
        host.orElseThrow(
            () -> new ProblemException(ProblemType.BAD_REQUEST, "the request has no Host header"));
    if (!isKnown(given)) {
      throw new ProblemException(
          ProblemType.WRONG_HOST,
          "the name in the Host header is unknown: add it to server.allowed_hosts if it is one of"
              + " this server's names");
    }
  }

  private boolean isKnown(String host) {
    var parts = HOST.matcher(host.toLowerCase(Locale.ROOT));
    if (!parts.matches()) {
      return false;
    }
    String name = parts.group(1);
    return name.equals("localhost") || names.contains(name) || ADDRESS.matcher(name).matches();
  }

  /**
   * Refuses cross-site requests of pages. Programs do not send these headers.
   *
   * @param isBySession whether the caller was authenticated by a cookie; then one of the headers is
   *     required
   */
  void checkOrigin(
      Optional<String> origin, Optional<String> site, Optional<String> host, boolean isBySession) {
    Optional<String> ownOrigin = host.map(given -> scheme + "://" + given);
    boolean isOwn =
        origin
            .map(
                given ->
                    ownOrigin.filter(given::equalsIgnoreCase).isPresent()
                        || publicOrigin.filter(given::equalsIgnoreCase).isPresent())
            .orElse(true);
    boolean isFromElsewhere =
        site.filter(word -> !Set.of("same-origin", "none").contains(word)).isPresent();
    boolean isUntold = origin.isEmpty() && site.filter("same-origin"::equals).isEmpty();
    if (!isOwn || isFromElsewhere || (isBySession && isUntold)) {
      throw new ProblemException(
          ProblemType.FORBIDDEN, "cross-origin request: only pages of this server are permitted");
    }
  }
}
