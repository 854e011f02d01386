package dev.holdfast.server;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Leases that no server issued for a job, made from one that was: {@code
 * 1.KEY.NODE.TOKEN.ATTEMPT.CLAIMED_AT.SIGNATURE}.
 */
final class ForgedLeases {
  private static final String BASE64 =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  private static final int SIGNATURE_BYTES = 32;
  private static final int SIGNATURE = 6;

  private final String job;
  private final String genuine;
  private final List<String> others;
  private final Random random = new Random(1);

  /**
   * @param job the job of the lease
   * @param genuine its lease
   * @param others leases of other jobs
   */
  ForgedLeases(String job, String genuine, List<String> others) {
    this.job = job;
    this.genuine = genuine;
    this.others = others;
  }

  /** Returns the next one; it differs from the genuine lease. */
  String next() {
    String forged = forged();
    while (forged.equals(genuine)) {
      forged = forged();
    }
    return forged;
  }

  private String forged() {
    return switch (random.nextInt(9)) {
      case 0 -> withAnotherPart();
      case 1 -> withFlippedBit();
      case 2 -> withPartsOfAnother();
      case 3 -> withTwoPartsSwapped();
      case 4 -> inAnotherSpelling();
      case 5 -> cutOrExtended();
      case 6 -> signedWithAnotherKey();
      case 7 -> others.get(random.nextInt(others.size()));
      default -> noise();
    };
  }

  private String[] parts() {
    return genuine.split("\\.", -1);
  }

  private String withAnotherPart() {
    String[] parts = parts();
    switch (random.nextInt(7)) {
      case 0 -> parts[0] = Integer.toString(random.nextInt(4));
      case 1 -> parts[1] = "%012x".formatted(random.nextLong() >>> 16);
      case 2 -> parts[2] = new UUID(random.nextLong(), random.nextLong()).toString();
      case 3 -> parts[3] = Long.toString(random.nextLong() >>> random.nextInt(63) >>> 1);
      case 4 -> parts[4] = Integer.toString(random.nextInt(1_000));
      case 5 -> parts[5] = Long.toString(random.nextLong() >>> 16);
      default -> parts[SIGNATURE] = signature();
    }
    return String.join(".", parts);
  }

  private String signature() {
    byte[] bytes = new byte[SIGNATURE_BYTES];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private String withFlippedBit() {
    char[] chars = genuine.toCharArray();
    chars[random.nextInt(chars.length)] ^= (char) (1 << random.nextInt(8));
    return new String(chars);
  }

  private String withPartsOfAnother() {
    String[] parts = parts();
    String[] foreign = others.get(random.nextInt(others.size())).split("\\.", -1);
    for (int i = 0; i < parts.length; i++) {
      parts[i] = random.nextBoolean() ? parts[i] : foreign[i];
    }
    return String.join(".", parts);
  }

  private String withTwoPartsSwapped() {
    String[] parts = parts();
    int one = random.nextInt(parts.length);
    int other = random.nextInt(parts.length);
    String kept = parts[one];
    parts[one] = parts[other];
    parts[other] = kept;
    return String.join(".", parts);
  }

  /** The same numbers and bytes, written otherwise. */
  private String inAnotherSpelling() {
    String[] parts = parts();
    int part = 1 + random.nextInt(SIGNATURE);
    if (part == SIGNATURE) { // its last character has two bits that count for nothing
      int last = BASE64.indexOf(parts[part].charAt(parts[part].length() - 1));
      parts[part] = parts[part].substring(0, 42) + BASE64.charAt(last ^ (1 + random.nextInt(3)));
    } else if (part >= 3) {
      parts[part] = "0".repeat(1 + random.nextInt(3)) + parts[part];
    } else if (random.nextBoolean()) {
      parts[part] = parts[part].toUpperCase(Locale.ROOT);
    } else {
      parts[2] = parts[2].replaceFirst("-", "-0").substring(0, 36);
    }
    return String.join(".", parts);
  }

  private String cutOrExtended() {
    int length = random.nextInt(genuine.length());
    return random.nextBoolean()
        ? genuine.substring(0, length)
        : genuine + genuine.substring(genuine.length() - length);
  }

  private String signedWithAnotherKey() {
    String unsigned = genuine.substring(0, genuine.lastIndexOf('.'));
    byte[] secret = new byte[SIGNATURE_BYTES];
    random.nextBytes(secret);
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret, "HmacSHA256"));
      byte[] signed = mac.doFinal((unsigned + "." + job).getBytes(US_ASCII));
      return unsigned + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(signed);
    } catch (GeneralSecurityException missing) {
      throw new IllegalStateException(missing);
    }
  }

  private String noise() {
    StringBuilder text = new StringBuilder();
    for (int length = random.nextInt(200); length > 0; length--) {
      char next = (char) random.nextInt(random.nextBoolean() ? 0x80 : 0x1_0000);
      text.append(Character.isSurrogate(next) ? '.' : next);
    }
    return text.toString();
  }
}
