package dev.holdfast.server.access;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.holdfast.error.HoldfastException;
import dev.holdfast.http.ProblemException;
import dev.holdfast.http.ProblemType;
import dev.holdfast.spi.TimeSource;
import dev.holdfast.spi.server.TokenRecord;
import dev.holdfast.spi.server.TokenStore;
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
 * Authenticates callers by their tokens. Tokens and sessions are cached for a second, so a revoked
 * token or an ended session ends within one, and an invalid one costs at most one query a second.
 * Thread-safe.
 */
@SuppressWarnings("exports") // the wire forms are exported to this module alone
public final class Gate {
  private static final Logger log = LoggerFactory.getLogger(Gate.class);
  private static final Pattern BEARER = Pattern.compile("(?i:bearer) +([^ ]+) *");
  private static final Duration BELIEVED = Duration.ofSeconds(1);
  private static final Duration USE_NOTED = Duration.ofMinutes(1);
  private static final int KNOWN_MAX = 10_000;

  /** Allows for clocks of servers that differ. */
  private static final Duration KEPT_LONGER = Duration.ofHours(1);

  private final TokenStore tokens;
  private final TimeSource time;
  private final Map<String, Seen> known = new ConcurrentHashMap<>();
  private final Map<String, Long> unknown = new ConcurrentHashMap<>();
  private final Map<String, Long> ended = new ConcurrentHashMap<>(); // sessions; for good
  private final Map<String, Long> current = new ConcurrentHashMap<>(); // sessions
  private volatile boolean mayBeOpen;
  private volatile long openUntilTicks;

  /**
   * Creates a gate for these tokens.
   *
   * @param isOpenWithoutTokens whether everybody may do everything until the first token is
   *     created, even if that is revoked later
   */
  public Gate(TokenStore tokens, boolean isOpenWithoutTokens, TimeSource time) {
    this.tokens = tokens;
    this.time = time;
    this.mayBeOpen = isOpenWithoutTokens;
    this.openUntilTicks = time.ticks();
  }

  private record Seen(TokenRecord token, long atTicks) {}

  /**
   * Authenticates and authorizes a caller.
   *
   * @param permission the permission that the route requires
   * @throws ProblemException if the caller is unknown or lacks the permission
   */
  public Identity admit(Credentials credentials, Permission permission) {
    if (permission == Permission.NONE) {
      return Identity.nobody();
    }
    Identity identity =
        credentials
            .authorization()
            .map(this::of)
            .or(() -> bySession(credentials))
            .orElseGet(() -> withoutToken(credentials));
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

  /** Finds the caller of the first session that has not ended; its token is valid, too. */
  public Optional<Identity> bySession(Credentials credentials) {
    return credentials.sessions().stream().flatMap(one -> find(one).stream()).findFirst();
  }

  private Optional<Identity> find(BrowserSession session) {
    return isEnded(session.id())
        ? Optional.empty()
        : find(session.tokenHash()).map(token -> Identity.of(token, Optional.of(session)));
  }

  private boolean isEnded(String session) {
    if (ended.containsKey(session)) {
      return true;
    }
    Long seenAt = current.get(session);
    return (seenAt == null || !isFresh(seenAt)) && lookWhetherEnded(session);
  }

  private boolean lookWhetherEnded(String session) {
    boolean isEnded = tokens.isSessionEnded(session);
    put(isEnded ? ended : current, session, time.ticks());
    return isEnded;
  }

  /** Ends a session, here at once and on other servers of the queue within a second. */
  public void end(BrowserSession session) {
    tokens.endSession(session.id(), Duration.between(time.now(), session.end()).plus(KEPT_LONGER));
    put(ended, session.id(), time.ticks());
  }

  private Identity withoutToken(Credentials credentials) {
    if (isOpen()) {
      return Identity.local();
    }
    if (credentials.hasCookie()) {
      throw refused("the session has ended: sign in again");
    }
    throw refused("this request has no token: send the header 'Authorization: Bearer hf_…'");
  }

  private boolean isOpen() {
    return mayBeOpen && (openUntilTicks - time.ticks() > 0 || lookWhetherOpen());
  }

  private boolean lookWhetherOpen() {
    openUntilTicks = time.ticks() + BELIEVED.toNanos();
    mayBeOpen = mayBeOpen && tokens.list().isEmpty();
    return mayBeOpen;
  }

  /**
   * Returns whether an admitted caller is still valid, according to the store; true if the store
   * does not respond.
   */
  boolean isStillValid(Identity identity) {
    try {
      return identity.isLocal()
          ? lookWhetherOpen()
          : identity.tokenHash().map(hash -> look(hash).isPresent()).orElse(true)
              && identity.session().map(this::isGoingOn).orElse(true);
    } catch (HoldfastException cannotTell) {
      return true; // the caller cannot read anything then, either
    }
  }

  private boolean isGoingOn(BrowserSession session) {
    return time.now().isBefore(session.end()) && !lookWhetherEnded(session.id());
  }

  private Identity of(String authorization) {
    Matcher bearer = BEARER.matcher(authorization);
    return (bearer.matches() ? TokenSecret.parse(bearer.group(1)) : Optional.<TokenSecret>empty())
        .flatMap(secret -> find(secret.hash()))
        .map(token -> Identity.of(token, Optional.empty()))
        .orElseThrow(
            () -> refused("the token is not valid: it is unknown, has expired or was revoked"));
  }

  private Optional<TokenRecord> find(String hash) {
    Seen seen = known.get(hash);
    if (seen != null && isFresh(seen.atTicks())) {
      return Optional.of(seen.token()).filter(TokenRecord::valid);
    }
    Long refusedAt = unknown.get(hash);
    return refusedAt != null && isFresh(refusedAt) ? Optional.empty() : look(hash);
  }

  private boolean isFresh(long atTicks) {
    return time.ticks() - atTicks < BELIEVED.toNanos();
  }

  /** Looks the token up in the store. @return the token, if it is valid */
  private Optional<TokenRecord> look(String hash) {
    Optional<TokenRecord> found =
        tokens.find(hash).filter(token -> MessageDigest.isEqual(bytes(token.hash()), bytes(hash)));
    if (found.isEmpty()) {
      put(unknown, hash, time.ticks());
    }
    found.ifPresent(token -> remember(hash, token));
    return found.filter(TokenRecord::valid);
  }

  private static <V> void put(Map<String, V> cache, String hash, V value) {
    if (cache.size() >= KNOWN_MAX) {
      cache.clear();
    }
    cache.put(hash, value);
  }

  private static byte[] bytes(String hash) {
    return hash.getBytes(US_ASCII);
  }

  private void remember(String hash, TokenRecord token) {
    put(known, hash, new Seen(token, time.ticks()));
    boolean isNoted =
        token.lastUsedAt().map(at -> at.plus(USE_NOTED).isAfter(time.now())).orElse(false);
    if (token.valid() && !isNoted) {
      try {
        tokens.used(token.name());
      } catch (HoldfastException failure) {
        log.atWarn()
            .addKeyValue("token", token.name())
            .log("The last use of a token could not be recorded.");
      }
    }
  }

  /** Returns the problem for a waiting caller whose token or session has ended meanwhile. */
  public static ProblemException ended(Identity identity) {
    return refused(
        identity.session().isPresent()
            ? "the session has ended meanwhile: sign in again"
            : "the token is no longer valid: it has expired or was revoked meanwhile");
  }

  private static ProblemException refused(String detail) {
    return new ProblemException(
        ProblemType.UNAUTHENTICATED,
        detail,
        Map.of("WWW-Authenticate", "Bearer realm=\"holdfast\""));
  }
}
