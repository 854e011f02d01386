package dev.holdfast.server.access;

import dev.holdfast.InvalidRequestException;
import dev.holdfast.Limits;
import dev.holdfast.Printable;
import dev.holdfast.Scope;
import dev.holdfast.spi.NewToken;
import dev.holdfast.spi.Role;
import dev.holdfast.spi.TokenStore;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Making tokens. */
public final class Tokens {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@-]{0,99}");
  private static final Set<String> TAKEN = Set.of(Identity.LOCAL, Identity.NOBODY);
  private static final Duration VALID_MAX = Duration.ofDays(Limits.DELAY_DAYS_MAX);

  private Tokens() {}

  /**
   * Makes a token. Its secret is in the answer and nowhere else.
   *
   * @param name what it is called, for ever
   * @param validFor for how long; empty for no end
   * @param by who asks for it
   * @throws InvalidRequestException if it cannot be called that
   * @throws dev.holdfast.ConflictException if there was ever one of this name
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
          "no token can be called %s: expected 1 to 100 letters, digits and any of . _ @ -, but not %s"
              .formatted(Printable.quoted(name), TAKEN.stream().sorted().toList()));
    }
    validFor
        .filter(valid -> valid.isNegative() || valid.isZero() || valid.compareTo(VALID_MAX) > 0)
        .ifPresent(
            valid -> {
              throw new InvalidRequestException(
                  "a token is valid for more than 0 and at most %d days, was %s"
                      .formatted(Limits.DELAY_DAYS_MAX, valid));
            });
    TokenSecret secret = TokenSecret.random();
    tokens.create(new NewToken(name, secret.hash(), role, scope, validFor, by));
    return secret;
  }
}
