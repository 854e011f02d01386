package dev.holdfast.http.client;

import dev.holdfast.check.Durations;
import dev.holdfast.error.InvalidRequestException;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The configuration of a client. Immutable; each method below returns a changed copy. The JDK's
 * trust store decides about the server's certificate; {@code -Djavax.net.ssl.trustStore} replaces
 * it.
 *
 * @param server the server's address, such as {@code https://queue.example.org}; behind a proxy
 *     with a path, such as {@code https://example.org/holdfast}
 * @param token the API token; not shown by {@link #toString}. Empty if no tokens are in use, on the
 *     server's own machine
 * @param connectTimeout the timeout of a connection, 1 ms to 5 min; default 5 s
 * @param requestTimeout the timeout of a request, 1 ms to 1 h; default 30 s. Waiting for jobs, and
 *     operations on the whole queue, have more
 * @param patience how long repeatable requests are retried, with growing pauses, 0 to 1 day;
 *     default 30 s
 * @param answerBytesMax the maximum size of a response, 64 KiB to 512 MiB; default 256 MiB, which
 *     fits 100 jobs with the largest payloads and results. A larger one is not read, and the call
 *     fails with a {@link dev.holdfast.error.StorageException}: ask for smaller pages
 */
public record ClientConfig(
    URI server,
    Optional<String> token,
    Duration connectTimeout,
    Duration requestTimeout,
    Duration patience,
    int answerBytesMax) {
  private static final Pattern TOKEN = Pattern.compile("[!-~]{1,1000}");
  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}|\\[::1]");
  private static final Duration LEAST = Duration.ofMillis(1);
  private static final int LEAST_BYTES = 64 << 10;
  private static final int MOST_BYTES = 512 << 20;
  private static final int DEFAULT_BYTES = 256 << 20;

  /**
   * Validates all values.
   *
   * @throws InvalidRequestException naming the value and what was expected, but never showing a
   *     token; also if a token would be sent unencrypted to another machine
   */
  public ClientConfig {
    checkAddress(server);
    token.ifPresent(secret -> check(server, secret));
    check("connect time-out", connectTimeout, LEAST, Duration.ofMinutes(5));
    check("request time-out", requestTimeout, LEAST, Duration.ofHours(1));
    check("patience", patience, Duration.ZERO, Duration.ofDays(1));
    if (answerBytesMax < LEAST_BYTES || answerBytesMax > MOST_BYTES) {
      throw new InvalidRequestException(
          "the maximum response size must be %,d to %,d bytes, was %,d"
              .formatted(LEAST_BYTES, MOST_BYTES, answerBytesMax));
    }
  }

  /** Returns the configuration for this server, with the defaults for everything else. */
  public static ClientConfig of(URI server) {
    return new ClientConfig(
        server,
        Optional.empty(),
        Duration.ofSeconds(5),
        Duration.ofSeconds(30),
        Duration.ofSeconds(30),
        DEFAULT_BYTES);
  }

  /** Returns a copy with this token. */
  public ClientConfig token(String newToken) {
    return new ClientConfig(
        server, Optional.of(newToken), connectTimeout, requestTimeout, patience, answerBytesMax);
  }

  /** Returns a copy with this connect timeout. */
  public ClientConfig connectTimeout(Duration newConnectTimeout) {
    return new ClientConfig(
        server, token, newConnectTimeout, requestTimeout, patience, answerBytesMax);
  }

  /** Returns a copy with this request timeout. */
  public ClientConfig requestTimeout(Duration newRequestTimeout) {
    return new ClientConfig(
        server, token, connectTimeout, newRequestTimeout, patience, answerBytesMax);
  }

  /** Returns a copy with this time for retries. */
  public ClientConfig patience(Duration newPatience) {
    return new ClientConfig(
        server, token, connectTimeout, requestTimeout, newPatience, answerBytesMax);
  }

  /** Returns a copy with this maximum response size. */
  public ClientConfig answerBytesMax(int newAnswerBytesMax) {
    return new ClientConfig(
        server, token, connectTimeout, requestTimeout, patience, newAnswerBytesMax);
  }

  /** Returns the address that all paths begin with. */
  String base() {
    return server.toString().replaceFirst("/+$", "");
  }

  private static void checkAddress(URI server) {
    String scheme = Optional.ofNullable(server.getScheme()).orElse("").toLowerCase(Locale.ROOT);
    boolean isServer = scheme.equals("http") || scheme.equals("https");
    if (!isServer || server.getHost() == null) {
      throw new InvalidRequestException(
          "the address of a server must be such as https://queue.example.org or http://127.0.0.1:8484, was '%s'"
              .formatted(server.getUserInfo() == null ? server : "(not shown: it has a password)"));
    }
    if (server.getRawUserInfo() != null
        || server.getRawQuery() != null
        || server.getRawFragment() != null) {
      throw new InvalidRequestException(
          "the address of the server at %s has a name and password, a query or a fragment: remove them, and set a token separately"
              .formatted(server.getHost()));
    }
  }

  private static void check(URI server, String secret) {
    if (!TOKEN.matcher(secret).matches()) {
      throw new InvalidRequestException(
          "the token for %s is malformed: expected 1 to 1000 visible characters of ASCII"
              .formatted(server));
    }
    boolean isPlain = server.getScheme().equalsIgnoreCase("http");
    if (isPlain && !LOOPBACK.matcher(server.getHost().toLowerCase(Locale.ROOT)).matches()) {
      throw new InvalidRequestException(
          "the token would be sent unencrypted to %s: use an https address".formatted(server));
    }
  }

  private static void check(String what, Duration given, Duration least, Duration most) {
    if (given.compareTo(least) < 0 || given.compareTo(most) > 0) {
      throw new InvalidRequestException(
          "%s must be %s to %s, was %s"
              .formatted(
                  what,
                  Durations.describe(least),
                  Durations.describe(most),
                  Durations.describe(given)));
    }
  }

  /** Returns everything but the token. */
  @Override
  public String toString() {
    return "ClientConfig[server=%s, token=%s, connectTimeout=%s, requestTimeout=%s, patience=%s, answerBytesMax=%d]"
        .formatted(
            server,
            token.isPresent() ? "(not shown)" : "none",
            connectTimeout,
            requestTimeout,
            patience,
            answerBytesMax);
  }
}
