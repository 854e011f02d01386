package dev.holdfast.server.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The secret of a token: 256 random bits after the prefix {@code hf_}, which makes it recognizable
 * in texts.
 */
public final class TokenSecret {
  private static final String PREFIX = "hf_";
  private static final int BYTES = 32;
  private static final Pattern FORM = Pattern.compile("hf_[A-Za-z0-9_-]{43}");
  private static final SecureRandom RANDOM = new SecureRandom();

  private final String text;

  private TokenSecret(String text) {
    this.text = text;
  }

  /** Generates a new secret. */
  public static TokenSecret random() {
    byte[] bytes = new byte[BYTES];
    RANDOM.nextBytes(bytes);
    return new TokenSecret(PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
  }

  /** Parses a secret; empty if {@code text} is malformed. */
  public static Optional<TokenSecret> parse(String text) {
    return FORM.matcher(text).matches() ? Optional.of(new TokenSecret(text)) : Optional.empty();
  }

  /** Returns the secret itself, for its holder. */
  public String reveal() {
    return text;
  }

  /**
   * Returns the stored form: the SHA-256 in 64 hexadecimal digits. 256 random bits cannot be
   * guessed, so no salt and no slow hash are needed.
   */
  public String hash() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.US_ASCII)));
    } catch (NoSuchAlgorithmException everyPlatformHasIt) {
      throw new IllegalStateException("no SHA-256: a bug", everyPlatformHasIt);
    }
  }

  /** Returns a text without the secret. */
  @Override
  public String toString() {
    return PREFIX + "…";
  }
}
