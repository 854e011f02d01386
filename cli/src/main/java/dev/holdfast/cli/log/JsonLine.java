package dev.holdfast.cli.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import dev.holdfast.http.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.event.KeyValuePair;

/**
 * Formats an event as one JSON object: first the fields that are always present, then its key-value
 * pairs.
 */
final class JsonLine {
  private JsonLine() {}

  static String of(ILoggingEvent event, boolean showsTraces) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("time", event.getInstant().toString());
    fields.put("level", event.getLevel().toString());
    fields.put("logger", event.getLoggerName());
    fields.put("thread", event.getThreadName());
    fields.put("message", event.getFormattedMessage());
    if (event.getKeyValuePairs() != null) {
      for (KeyValuePair fact : event.getKeyValuePairs()) {
        fields.putIfAbsent(fact.key, plain(fact.value));
      }
    }
    event.getMDCPropertyMap().forEach(fields::putIfAbsent);
    if (event.getThrowableProxy() != null) {
      fields.put("error", event.getThrowableProxy().getClassName());
      if (showsTraces) {
        fields.put("trace", ThrowableProxyUtil.asString(event.getThrowableProxy()));
      }
    }
    return Json.write(fields) + "\n";
  }

  private static Object plain(Object value) {
    return value instanceof Number || value instanceof Boolean ? value : String.valueOf(value);
  }
}
