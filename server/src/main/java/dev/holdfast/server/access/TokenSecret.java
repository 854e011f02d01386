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
 * The secret of a token: 256 random bits behind {@code hf_}, by which it is recognised in texts.
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

  /** A new one. */
  public static TokenSecret random() {
    byte[] bytes = new byte[BYTES];
    RANDOM.nextBytes(bytes);
    return new TokenSecret(PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
  }

  /** The one that was given; empty if {@code text} cannot be one. */
  public static Optional<TokenSecret> parse(String text) {
    return FORM.matcher(text).matches() ? Optional.of(new TokenSecret(text)) : Optional.empty();
  }

  /** The secret itself, for its holder. */
  public String reveal() {
    return text;
  }

  /**
   * What is stored of it: its SHA-256, 64 hexadecimal digits. Nobody finds 256 random bits from
   * that, so it needs no salt and no slow hash.
   */
  public String hash() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.US_ASCII)));
    } catch (NoSuchAlgorithmException everyPlatformHasIt) {
      throw new IllegalStateException("no SHA-256: a bug", everyPlatformHasIt);
    }
  }

  /** Without the secret. */
  @Override
  public String toString() {
    return PREFIX + "…";
  }
}
