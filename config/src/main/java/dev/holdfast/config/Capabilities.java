package dev.holdfast.config;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The capabilities of a worker, written as {@code gpu=true}, {@code memory=16}, {@code
 * formats=pdf|png}.
 */
final class Capabilities {
  private Capabilities() {}

  /** Parses capabilities; empty if one of them is malformed or given twice. */
  static Optional<Map<String, Object>> read(List<String> written) {
    Map<String, Object> capabilities = new LinkedHashMap<>();
    for (String text : written) {
      int sign = text.indexOf('=');
      String value = text.substring(sign + 1).strip();
      if (sign < 1 || value.isEmpty() || text.substring(0, sign).isBlank()) {
        return Optional.empty();
      }
      if (capabilities.put(text.substring(0, sign).strip(), value(value)) != null) {
        return Optional.empty();
      }
    }
    return Optional.of(Map.copyOf(capabilities));
  }

  private static Object value(String text) {
    return text.contains("|")
        ? Arrays.stream(text.split("\\|")).map(String::strip).map(Capabilities::plain).toList()
        : plain(text);
  }

  private static Object plain(String text) {
    if (text.equals("true") || text.equals("false")) {
      return Boolean.valueOf(text);
    }
    return text.matches("-?\\d{1,18}(\\.\\d{1,18})?") ? new BigDecimal(text) : text;
  }

  static List<String> write(Map<String, Object> capabilities) {
    return new TreeMap<>(capabilities)
        .entrySet().stream().map(entry -> entry.getKey() + "=" + write(entry.getValue())).toList();
  }

  private static String write(Object value) {
    return value instanceof List<?> list
        ? list.stream().map(String::valueOf).collect(Collectors.joining("|"))
        : value.toString();
  }
}
