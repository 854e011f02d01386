package dev.holdfast.server.route;

import dev.holdfast.http.ProblemException;
import dev.holdfast.http.ProblemType;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The names that this server is known by. A page of a stranger can let a name of its own point to
 * this machine and so reach a server that listens for this machine alone; its requests carry that
 * name. An address in place of a name cannot be bent that way.
 */
public final class Hosts {
  private static final Pattern ADDRESS =
      Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}|\\[[0-9a-f:.]+]");
  private static final Pattern HOST = Pattern.compile("(\\[[^\\]]*]|[^:\\[\\]]+)(:\\d{1,5})?");

  private final Set<String> names;

  /**
   * Known by these names.
   *
   * @param names besides {@code localhost}, without ports
   */
  public Hosts(Set<String> names) {
    this.names =
        names.stream().map(name -> name.toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
  }

  /** Refuses what names another host. */
  void check(Optional<String> host) {
    String given =
        host.orElseThrow(
            () -> new ProblemException(ProblemType.BAD_REQUEST, "the request has no Host header"));
    if (!isKnown(given)) {
      throw new ProblemException(
          ProblemType.WRONG_HOST,
          "this server is not known by the name in the Host header: add it to server.allowed_hosts if it is one of yours");
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
   * Refuses what a page of another origin asks for in its visitor's name. Programs send no such
   * header.
   */
  static void checkOrigin(Optional<String> origin, Optional<String> site, Optional<String> host) {
    boolean isOwn =
        origin
            .map(given -> given.replaceFirst("^https?://", ""))
            .map(given -> host.filter(given::equalsIgnoreCase).isPresent())
            .orElse(true);
    boolean isFromElsewhere =
        site.filter(word -> !Set.of("same-origin", "none").contains(word)).isPresent();
    if (!isOwn || isFromElsewhere) {
      throw new ProblemException(
          ProblemType.FORBIDDEN,
          "a page of another origin asked for this: only pages of this server may");
    }
  }
}
