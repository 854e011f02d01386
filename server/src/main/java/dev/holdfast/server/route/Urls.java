package dev.holdfast.server.route;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.holdfast.check.Printable;
import dev.holdfast.error.InvalidRequestException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Splits and decodes raw paths and queries strictly, each part once. */
final class Urls {
  private static final int PARAMETERS_MAX = 100;

  private Urls() {}

  static List<String> segments(String rawPath) {
    if (!rawPath.startsWith("/")) {
      throw new InvalidRequestException(
          "the path %s does not begin with '/'".formatted(Printable.quoted(rawPath)));
    }
    List<String> segments = new ArrayList<>();
    for (String segment : rawPath.substring(1).split("/", -1)) {
      segments.add(decode("the path", segment, false));
    }
    return segments;
  }

  static Map<String, List<String>> parameters(String rawQuery) {
    Map<String, List<String>> parameters = new LinkedHashMap<>();
    if (rawQuery.isEmpty()) {
      return parameters;
    }
    String[] pairs = rawQuery.split("&", -1);
    if (pairs.length > PARAMETERS_MAX) {
      throw new InvalidRequestException(
          "the query has %d parameters, at most %d are allowed"
              .formatted(pairs.length, PARAMETERS_MAX));
    }
    for (String pair : pairs) {
      if (!pair.isEmpty()) {
        int equals = pair.indexOf('=');
        String name = equals < 0 ? pair : pair.substring(0, equals);
        String value = equals < 0 ? "" : pair.substring(equals + 1);
        parameters
            .computeIfAbsent(decode("the query", name, true), first -> new ArrayList<>())
            .add(decode("the query", value, true));
      }
    }
    return parameters;
  }

  private static String decode(String where, String raw, boolean isQuery) {
    boolean isPlain = raw.indexOf('%') < 0 && raw.chars().allMatch(c -> c > ' ' && c < 127);
    if (isPlain) {
      return isQuery ? raw.replace('+', ' ') : raw;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(raw.length());
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      if (c == '%') {
        bytes.write(octet(where, raw, i));
        i += 2;
      } else if (c == '+' && isQuery) {
        bytes.write(' ');
      } else if (c > ' ' && c < 127) {
        bytes.write(c);
      } else {
        throw malformed(where, raw);
      }
    }
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes.toByteArray())).toString();
    } catch (CharacterCodingException notUtf8) {
      throw malformed(where, raw);
    }
  }

  private static int octet(String where, String raw, int at) {
    int high = at + 2 < raw.length() ? Character.digit(raw.charAt(at + 1), 16) : -1;
    int low = at + 2 < raw.length() ? Character.digit(raw.charAt(at + 2), 16) : -1;
    if (high < 0 || low < 0) {
      throw malformed(where, raw);
    }
    return high * 16 + low;
  }

  private static InvalidRequestException malformed(String where, String raw) {
    return new InvalidRequestException(
        "%s has a part that is not percent-encoded UTF-8: %s"
            .formatted(where, Printable.quoted(raw)));
  }
}
