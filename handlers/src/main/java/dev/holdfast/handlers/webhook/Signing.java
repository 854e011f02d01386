package dev.holdfast.handlers.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.holdfast.error.InvalidRequestException;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signatures of the Standard Webhooks specification: HMAC-SHA256, version 1. */
public final class Signing {
  private static final String PREFIX = "whsec_";
  private static final String VERSION = "v1,";
  private static final String ALGORITHM = "HmacSHA256";
  private static final int KEY_BYTES_MIN = 24;
  private static final int KEY_BYTES_MAX = 64;
  private static final int KEY_BYTES = 32;
  private static final SecureRandom RANDOM = new SecureRandom();

  private Signing() {}

  /** Creates a new secret: 256 random bits. */
  public static String newSecret() {
    byte[] key = new byte[KEY_BYTES];
    RANDOM.nextBytes(key);
    return PREFIX + Base64.getEncoder().encodeToString(key);
  }

  /**
   * Rejects an invalid secret; the message does not repeat it.
   *
   * @throws InvalidRequestException if it is invalid
   */
  public static void check(String secret) {
    int length = key(secret).length;
    if (length < KEY_BYTES_MIN || length > KEY_BYTES_MAX) {
      throw new InvalidRequestException(
          "the secret has %d bytes, expected %d to %d: whsec_ and Base64"
              .formatted(length, KEY_BYTES_MIN, KEY_BYTES_MAX));
    }
  }

  private static byte[] key(String secret) {
    try {
      if (secret.startsWith(PREFIX)) {
        return Base64.getDecoder().decode(secret.substring(PREFIX.length()));
      }
    } catch (IllegalArgumentException notBase64) {
      // reported below
    }
    throw new InvalidRequestException(
        "the secret is invalid: expected whsec_ and Base64, or leave it out");
  }

  /**
   * Returns the value of the header {@code webhook-signature}: a signature with each of the
   * secrets.
   */
  static String sign(List<String> secrets, String id, long timestampSeconds, String body) {
    return secrets.stream()
        .map(secret -> sign(secret, id, timestampSeconds, body))
        .collect(Collectors.joining(" "));
  }

  /** Returns a signature. */
  static String sign(String secret, String id, long timestampSeconds, String body) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key(secret), ALGORITHM));
      byte[] signature = mac.doFinal((id + "." + timestampSeconds + "." + body).getBytes(UTF_8));
      return VERSION + Base64.getEncoder().encodeToString(signature);
    } catch (GeneralSecurityException everyPlatformHasIt) {
      throw new IllegalStateException("no HmacSHA256: a bug", everyPlatformHasIt);
    }
  }
}
