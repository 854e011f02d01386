package dev.holdfast.server.access;

import dev.holdfast.check.Durations;
import dev.holdfast.check.Limits;
import dev.holdfast.check.Printable;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.search.Scope;
import dev.holdfast.spi.server.NewToken;
import dev.holdfast.spi.server.Role;
import dev.holdfast.spi.server.TokenStore;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Creates tokens. */
public final class Tokens {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@-]{0,99}");
  private static final Set<String> TAKEN = Set.of(Identity.LOCAL, Identity.NOBODY);
  private static final Duration VALID_MAX = Duration.ofDays(Limits.DELAY_DAYS_MAX);

  private Tokens() {}

  /**
   * Creates a token. Its secret is returned and stored nowhere.
   *
   * @param name the name, which cannot be changed or reused
   * @param validFor the validity; empty for unlimited
   * @param by the person who creates it
   * @throws InvalidRequestException if the name is invalid, or a worker's token has groups
   * @throws dev.holdfast.error.ConflictException if there has ever been a token of this name
   */
  public static TokenSecret create(
      TokenStore tokens,
      String name,
      Role role,
      Scope scope,
      Optional<Duration> validFor,
      String by) {
    if (!NAME.matcher(name).matches() || TAKEN.contains(name)) {
      throw new InvalidRequestException(
          "invalid token name %s: expected 1 to 100 letters, digits and any of . _ @ -, but not %s"
              .formatted(Printable.quoted(name), TAKEN.stream().sorted().toList()));
    }
    validFor
        .filter(valid -> valid.isNegative() || valid.isZero() || valid.compareTo(VALID_MAX) > 0)
        .ifPresent(
            valid -> {
              throw new InvalidRequestException(
                  "the validity of a token must be more than 0 and at most %d days, was %s"
                      .formatted(Limits.DELAY_DAYS_MAX, Durations.describe(valid)));
            });
    if (role == Role.WORKER && !scope.isAll()) {
      throw new InvalidRequestException(
          "a token of the role worker cannot have groups, as a worker claims jobs of all groups:"
              + " omit the groups, or let the worker serve queues of its own");
    }
    TokenSecret secret = TokenSecret.random();
    tokens.create(new NewToken(name, secret.hash(), role, scope, validFor, by));
    return secret;
  }
}
