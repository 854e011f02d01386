package dev.holdfast.server.api;

import dev.holdfast.server.route.Answer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;

/**
 * A file of the class path as browsers get it. Browsers keep it and ask each time whether it has
 * changed, so that after an upgrade nobody sees a mixture of two versions.
 */
final class WebFile {
  private static final Map<String, String> MEDIA_TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "svg", "image/svg+xml",
          "png", "image/png",
          "txt", "text/plain; charset=utf-8");
  private static final int TAG_BYTES = 12;

  /** A tag in If-None-Match; tags may contain commas. */
  private static final Pattern TAG = Pattern.compile("(?:W/)?\"([^\"]*)\"");

  private final String mediaType;
  private final byte[] plain;
  private final byte[] zipped;
  private final String tag;

  private WebFile(String mediaType, byte[] plain) {
    this.mediaType = mediaType;
    this.plain = plain;
    this.zipped = zip(plain);
    this.tag = tag(plain);
  }

  /** The file of this name, whose ending is a known one; empty if there is none. */
  static Optional<WebFile> find(String resource) {
    String ending = resource.substring(resource.lastIndexOf('.') + 1);
    try (InputStream in = WebFile.class.getClassLoader().getResourceAsStream(resource)) {
      return in == null
          ? Optional.empty()
          : Optional.of(
              new WebFile(
                  Optional.ofNullable(MEDIA_TYPES.get(ending)).orElseThrow(), in.readAllBytes()));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static byte[] zip(byte[] bytes) {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
      out.write(bytes);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    return zipped.toByteArray();
  }

  private static String tag(byte[] bytes) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      return HexFormat.of().formatHex(Arrays.copyOf(digest, TAG_BYTES));
    } catch (NoSuchAlgorithmException everyPlatformHasIt) {
      throw new IllegalStateException("no SHA-256: a bug", everyPlatformHasIt);
    }
  }

  /**
   * The file, or that it has not changed.
   *
   * @param known the header If-None-Match
   * @param encodings the header Accept-Encoding
   */
  Answer.Now answer(Optional<String> known, Optional<String> encodings) {
    Map<String, String> headers = new HashMap<>();
    // weak, as the packed bytes are others than the plain ones
    headers.put("ETag", "W/\"" + tag + "\"");
    headers.put("Cache-Control", "no-cache");
    headers.put("Vary", "Accept-Encoding");
    if (known.filter(this::isKnown).isPresent()) {
      return new Answer.Now(304, "", ByteBuffer.allocate(0), headers);
    }
    boolean isZipped = encodings.filter(WebFile::takesGzip).isPresent();
    if (isZipped) {
      headers.put("Content-Encoding", "gzip");
    }
    return new Answer.Now(200, mediaType, ByteBuffer.wrap(isZipped ? zipped : plain), headers);
  }

  private boolean isKnown(String tags) {
    return tags.strip().equals("*")
        || TAG.matcher(tags).results().anyMatch(one -> one.group(1).equals(tag));
  }

  private static boolean takesGzip(String encodings) {
    return Arrays.stream(encodings.split(",", -1))
        .map(String::strip)
        .anyMatch(
            one -> one.startsWith("gzip") && !one.replace(" ", "").matches("gzip;q=0(\\.0*)?"));
  }
}
