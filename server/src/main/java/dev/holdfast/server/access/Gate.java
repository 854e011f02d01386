package dev.holdfast.server.access;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.holdfast.HoldfastException;
import dev.holdfast.http.ProblemException;
import dev.holdfast.http.ProblemType;
import dev.holdfast.spi.TimeSource;
import dev.holdfast.spi.TokenRecord;
import dev.holdfast.spi.TokenStore;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows callers by their tokens. What the store says of a token is believed for a second, so that a
 * token that is revoked ends within one. Safe from any thread.
 */
public final class Gate {
  private static final Logger log = LoggerFactory.getLogger(Gate.class);
  private static final Pattern BEARER = Pattern.compile("(?i:bearer) +([^ ]+) *");
  private static final Duration BELIEVED = Duration.ofSeconds(1);
  private static final Duration USE_NOTED = Duration.ofMinutes(1);
  private static final int KNOWN_MAX = 10_000;

  private final TokenStore tokens;
  private final TimeSource time;
  private final Map<String, Seen> known = new ConcurrentHashMap<>();
  private volatile boolean mayBeOpen;
  private volatile long openUntilTicks;

  /**
   * Asks these tokens.
   *
   * @param isOpenWithoutTokens whether everybody may do everything until there is a token. Once
   *     there was one, never again: not when it is revoked either
   */
  public Gate(TokenStore tokens, boolean isOpenWithoutTokens, TimeSource time) {
    this.tokens = tokens;
    this.time = time;
    this.mayBeOpen = isOpenWithoutTokens;
    this.openUntilTicks = time.ticks();
  }

  private record Seen(TokenRecord token, long atTicks) {}

  /**
   * Who it is that shows this.
   *
   * @param authorization the header of this name
   * @param permission what is asked for
   * @throws ProblemException if it is nobody, or nobody who may
   */
  public Identity admit(Optional<String> authorization, Permission permission) {
    if (permission == Permission.NONE) {
      return Identity.nobody();
    }
    Identity identity = authorization.isEmpty() ? withoutToken() : of(authorization.get());
    if (!permission.isGivenTo(identity.role())) {
      throw new ProblemException(
          ProblemType.FORBIDDEN,
          "the token '%s' has the role %s, which does not include to %s"
              .formatted(identity.name(), lower(identity.role()), lower(permission)));
    }
    return identity;
  }

  private static String lower(Enum<?> word) {
    return word.name().toLowerCase(Locale.ROOT);
  }

  private Identity withoutToken() {
    if (isOpen()) {
      return Identity.local();
    }
    throw refused("this request has no token: send the header 'Authorization: Bearer hf_…'");
  }

  private boolean isOpen() {
    if (mayBeOpen && openUntilTicks - time.ticks() <= 0) {
      openUntilTicks = time.ticks() + BELIEVED.toNanos();
      mayBeOpen = tokens.list().isEmpty();
    }
    return mayBeOpen;
  }

  private Identity of(String authorization) {
    Matcher bearer = BEARER.matcher(authorization);
    return (bearer.matches() ? TokenSecret.parse(bearer.group(1)) : Optional.<TokenSecret>empty())
        .flatMap(this::find)
        .filter(TokenRecord::valid)
        .map(Identity::of)
        .orElseThrow(
            () -> refused("the token is not valid: it is unknown, has expired or was revoked"));
  }

  private Optional<TokenRecord> find(TokenSecret secret) {
    String hash = secret.hash();
    Seen seen = known.get(hash);
    if (seen != null && time.ticks() - seen.atTicks() < BELIEVED.toNanos()) {
      return Optional.of(seen.token());
    }
    Optional<TokenRecord> found =
        tokens.find(hash).filter(token -> MessageDigest.isEqual(bytes(token.hash()), bytes(hash)));
    found.ifPresent(token -> remember(hash, token));
    return found;
  }

  private static byte[] bytes(String hash) {
    return hash.getBytes(US_ASCII);
  }

  private void remember(String hash, TokenRecord token) {
    if (known.size() >= KNOWN_MAX) {
      known.clear();
    }
    known.put(hash, new Seen(token, time.ticks()));
    boolean isNoted =
        token.lastUsedAt().map(at -> at.plus(USE_NOTED).isAfter(time.now())).orElse(false);
    if (token.valid() && !isNoted) {
      try {
        tokens.used(token.name());
      } catch (HoldfastException failure) {
        log.atWarn().addKeyValue("token", token.name()).log("The use of a token was not noted.");
      }
    }
  }

  private static ProblemException refused(String detail) {
    return new ProblemException(
        ProblemType.UNAUTHENTICATED,
        detail,
        Map.of("WWW-Authenticate", "Bearer realm=\"holdfast\""));
  }
}
