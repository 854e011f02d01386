package dev.holdfast.server.access;

import dev.holdfast.spi.TimeSource;
import dev.holdfast.spi.server.LeaseKey;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.IntSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The cookie by which a browser stays signed in. It holds a random id, the hash of a token and the
 * time when the session ends, signed by a key of the database; the token itself is not in it. A
 * request with it is admitted only while the token is valid, so the session ends with its token;
 * and until the session is ended by its id. Safe from any thread.
 */
public final class Sessions {
  /** The lifetime of a session. */
  public static final Duration LENGTH = Duration.ofHours(12);

  /** Keeps the signatures of sessions apart from others that are made with the same key. */
  private static final String PURPOSE = "session ";

  private static final Pattern VALUE =
      Pattern.compile(
          "([0-9a-f]{12})\\.([0-9a-f]{64})\\.([0-9a-f]{32})\\.(\\d{1,12})\\.([A-Za-z0-9_-]{43})");

  private static final int ID_BYTES = 16;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final SigningKeys keys;
  private final TimeSource time;
  private final boolean isPublic;
  private final IntSupplier port;
  private final String attributes;

  /**
   * Creates cookies for the URL at which browsers find this server.
   *
   * @param port the port on which the server listens; distinguishes the cookies of several servers
   *     on one host, as browsers do not
   * @param isSecure whether this server or the proxy in front of it speaks TLS
   * @param publicUrl the URL that browsers use, if it is another one than the server's own
   */
  public Sessions(
      SigningKeys keys,
      TimeSource time,
      IntSupplier port,
      boolean isSecure,
      Optional<URI> publicUrl) {
    this.keys = keys;
    this.time = time;
    this.isPublic = publicUrl.isPresent();
    this.port = port;
    boolean isHttps = publicUrl.map(url -> "https".equals(url.getScheme())).orElse(isSecure);
    this.attributes =
        "; Path=%s; HttpOnly; SameSite=Strict%s"
            .formatted(
                publicUrl.map(URI::getPath).filter(path -> !path.isEmpty()).orElse("/"),
                isHttps ? "; Secure" : "");
  }

  private String name() {
    return isPublic ? "holdfast-session" : "holdfast-session-" + port.getAsInt();
  }

  /** Returns the header Set-Cookie that begins a session with a token. */
  public String begin(String tokenHash) {
    LeaseKey key = keys.newest();
    byte[] id = new byte[ID_BYTES];
    RANDOM.nextBytes(id);
    Instant end = time.now().plus(LENGTH);
    String text =
        "%s.%s.%s.%d"
            .formatted(key.id(), tokenHash, HexFormat.of().formatHex(id), end.getEpochSecond());
    return "%s=%s.%s; Max-Age=%d%s"
        .formatted(
            name(), text, SigningKeys.sign(key, PURPOSE + text), LENGTH.toSeconds(), attributes);
  }

  /** Returns the header Set-Cookie by which a browser forgets its session. */
  public String end() {
    return "%s=; Max-Age=0%s".formatted(name(), attributes);
  }

  /**
   * Reads the sessions in a header Cookie. A browser can send several cookies of one name, and not
   * the newest first; those that are not of this queue or are over are left out.
   */
  public Credentials read(String cookies) {
    List<BrowserSession> sessions = new ArrayList<>();
    boolean hasCookie = false;
    for (String cookie : cookies.split(";", -1)) {
      String given = cookie.strip();
      if (given.startsWith(name() + "=")) {
        hasCookie = true;
        verified(given.substring(name().length() + 1)).ifPresent(sessions::add);
      }
    }
    return new Credentials(Optional.empty(), sessions, hasCookie);
  }

  private Optional<BrowserSession> verified(String value) {
    Matcher parts = VALUE.matcher(value);
    if (!parts.matches()) {
      return Optional.empty();
    }
    String signed = PURPOSE + value.substring(0, value.lastIndexOf('.'));
    Instant end = Instant.ofEpochSecond(Long.parseLong(parts.group(4)));
    return !time.now().isBefore(end) || !keys.isSigned(parts.group(1), signed, parts.group(5))
        ? Optional.empty()
        : Optional.of(new BrowserSession(parts.group(3), parts.group(2), end));
  }
}
