package dev.holdfast.server.access;

import dev.holdfast.Scope;
import dev.holdfast.spi.Role;
import dev.holdfast.spi.TokenRecord;

/**
 * Who asks.
 *
 * @param name the name of the token, for histories; {@value #LOCAL} for whoever needs none
 * @param role what it may do
 * @param scope with which jobs
 */
public record Identity(String name, Role role, Scope scope) {
  /** What no token is called. */
  public static final String LOCAL = "local";

  static final String NOBODY = "nobody";

  /** Somebody on this machine, where no tokens are in use. */
  public static Identity local() {
    return new Identity(LOCAL, Role.ADMIN, Scope.all());
  }

  /** Somebody of whom nothing is known, for routes that ask for nothing. */
  static Identity nobody() {
    return new Identity(NOBODY, Role.VIEWER, Scope.all());
  }

  static Identity of(TokenRecord token) {
    return new Identity(token.name(), token.role(), token.scope());
  }

  /** Whether it came without a token. */
  public boolean isLocal() {
    return name.equals(LOCAL);
  }
}
