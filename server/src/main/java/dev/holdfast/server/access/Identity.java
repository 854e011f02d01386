package dev.holdfast.server.access;

import dev.holdfast.search.Scope;
import dev.holdfast.spi.server.Role;
import dev.holdfast.spi.server.TokenRecord;
import java.util.Optional;

/**
 * An authenticated caller.
 *
 * @param name the name of the token, for the history; {@value #LOCAL} for callers without one
 * @param role the role of the token
 * @param scope the jobs that the token covers
 * @param tokenHash the SHA-256 of the token's secret; empty for callers without one
 * @param session the session of a browser; empty for callers who sent the token itself, or none
 */
public record Identity(
    String name,
    Role role,
    Scope scope,
    Optional<String> tokenHash,
    Optional<BrowserSession> session) {
  /** The name of local callers, which no token can have. */
  public static final String LOCAL = "local";

  /** The name of anonymous callers, which no token can have. */
  public static final String NOBODY = "nobody";

  /** Returns a caller on this machine, if no tokens are in use. */
  public static Identity local() {
    return new Identity(LOCAL, Role.ADMIN, Scope.all(), Optional.empty(), Optional.empty());
  }

  /** Returns an anonymous caller, for routes that require no permission. */
  static Identity nobody() {
    return new Identity(NOBODY, Role.VIEWER, Scope.all(), Optional.empty(), Optional.empty());
  }

  static Identity of(TokenRecord token, Optional<BrowserSession> session) {
    return new Identity(
        token.name(), token.role(), token.scope(), Optional.of(token.hash()), session);
  }

  /** Returns whether nothing is known of the caller. */
  public boolean isAnonymous() {
    return name.equals(NOBODY);
  }

  /** Returns whether the caller has no token. */
  public boolean isLocal() {
    return name.equals(LOCAL);
  }
}
