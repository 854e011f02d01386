package dev.holdfast;

import dev.holdfast.check.Limits;
import dev.holdfast.check.Printable;
import dev.holdfast.error.InvalidRequestException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The identity of a kind of failure: the same for all jobs of a type that fail for the same reason.
 * It is made of the type, the {@link Failure.Kind}, and the message without what differs from job
 * to job: numbers, ids, quoted parts, hexadecimal numbers, paths and URLs.
 *
 * @param value 64 bits of a hash
 */
public record Fingerprint(long value) {
  private static final int LOOKED_AT_CHARS = 1_000;
  private static final int CHARS_MAX = 300;
  private static final Pattern FORM = Pattern.compile("[0-9a-f]{16}");

  /** A part of a message that differs from job to job, and its placeholder. */
  private record Part(Pattern pattern, String placeholder) {
    private static Part of(String regex, String placeholder) {
      return new Part(Pattern.compile(regex), placeholder);
    }
  }

  /** In this order: a later part may be contained in an earlier one. No pattern backtracks far. */
  private static final List<Part> PARTS =
      List.of(
          Part.of("\"[^\"]*\"|`[^`]*`|“[^”]*”|«[^»]*»|(?<!\\w)'[^']*'(?!\\w)", "<quoted>"),
          Part.of("\\b[a-zA-Z][a-zA-Z0-9+.-]{1,9}://[^\\s<>)\\]]+", "<url>"),
          Part.of("\\b[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}\\b", "<id>"),
          Part.of("\\b[A-Za-z]:\\\\[^\\s:;,]+", "<path>"),
          Part.of("(?<![\\w/<])~?(?:/[\\w.@%+-]+){2,}/?", "<path>"),
          Part.of("\\b0[xX][0-9a-fA-F]+\\b|@[0-9a-f]{5,16}\\b", "<hex>"),
          Part.of("\\b(?=[0-9a-fA-F]*[0-9])(?=[0-9a-fA-F]*[a-fA-F])[0-9a-fA-F]{8,}\\b", "<hex>"),
          Part.of("[0-9]+(?:[.,:][0-9]+)*", "<n>"),
          Part.of("\\s+", " "));

  /** Returns the fingerprint of a job's failure. */
  public static Fingerprint of(String type, Failure failure) {
    String text = String.join("\n", type, failure.kind().name(), withoutDetails(failure.message()));
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return new Fingerprint(ByteBuffer.wrap(hash).getLong());
    } catch (NoSuchAlgorithmException never) {
      throw new IllegalStateException("every Java runtime has SHA-256", never);
    }
  }

  /** Returns a message with placeholders in place of what differs from job to job. */
  public static String withoutDetails(String message) {
    String text =
        message.length() <= LOOKED_AT_CHARS ? message : message.substring(0, LOOKED_AT_CHARS);
    for (Part part : PARTS) {
      text = part.pattern.matcher(text).replaceAll(part.placeholder);
    }
    return Limits.cut(text.strip(), CHARS_MAX);
  }

  /**
   * Reads the form of {@link #toString}.
   *
   * @throws InvalidRequestException if it is not one
   */
  public static Fingerprint parse(String text) {
    if (!FORM.matcher(text).matches()) {
      throw new InvalidRequestException(
          "a fingerprint has 16 hexadecimal digits, was %s".formatted(Printable.quoted(text)));
    }
    return new Fingerprint(Long.parseUnsignedLong(text, 16));
  }

  /** Returns 16 hexadecimal digits. */
  @Override
  public String toString() {
    String digits = Long.toHexString(value);
    return "0".repeat(16 - digits.length()) + digits;
  }
}
